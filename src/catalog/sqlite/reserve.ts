/**
 * Room set aside on the catalog's disk. On a full disk it is given up, so that the change which makes room (a stream is deleted, a
 * retention shortened) can still be committed; it is taken again as soon as there is room.
 */
import type { Disk } from '../../host/host.ts';

const RESERVE_BYTES = 1024 * 1024;

export interface Reserve {
  /** Grows each time that the reserve is given up. */
  readonly spent: number;
  /** Frees the room; false when there was none left. */
  spend(): Promise<boolean>;
  /** Takes the room again when it was given up and can be had. Never throws. */
  restore(): Promise<void>;
}

export async function openReserve(disk: Disk, path: string): Promise<Reserve> {
  let held = false;
  let spent = 0;

  async function restore(): Promise<void> {
    if (held) return;
    try {
      const file = await disk.open(path, 'create');
      try {
        if ((await file.size()) < RESERVE_BYTES) {
          await file.write(new Uint8Array(RESERVE_BYTES), 0, RESERVE_BYTES, 0);
          await file.sync();
        }
      } finally {
        await file.close();
      }
      held = true;
    } catch {
      // No room: what was written of it must not take the last of it.
      await disk.remove(path).catch(() => undefined);
    }
  }

  await restore();
  return {
    get spent() {
      return spent;
    },
    async spend() {
      if (!held) return false;
      held = false;
      spent++;
      await disk.remove(path).catch(() => undefined);
      return true;
    },
    restore,
  };
}
