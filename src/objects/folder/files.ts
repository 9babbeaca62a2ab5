/** Files written aside and moved to their place, with every directory on the way made durable first. */
import path from 'node:path';
import type { Disk } from '../../host/host.ts';

/** Directories that are remembered as made; deliveries go to a few at a time. */
const REMEMBERED_MAX = 10_000;
/** Written and synced at a time: the device does not take turns, and a commit of the log waits until it is done with what was handed to it before. */
const PIECE_BYTES = 2 * 1024 * 1024;

/** New files, whole and synced, side by side; their names are not yet durable. When one fails none is still being written, and the caller clears up. */
export async function writeAside(
  disk: Disk,
  files: readonly (readonly [file: string, chunks: readonly Uint8Array[]])[],
): Promise<void> {
  const written = await Promise.allSettled(files.map(([file, chunks]) => writeNew(disk, file, chunks)));
  for (const each of written) if (each.status === 'rejected') throw each.reason;
}

async function writeNew(disk: Disk, file: string, chunks: readonly Uint8Array[]): Promise<void> {
  const opened = await disk.open(file, 'exclusive');
  try {
    let position = 0;
    let unsynced = 0;
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const length = Math.min(chunk.length - at, PIECE_BYTES);
        if (unsynced + length > PIECE_BYTES) {
          await opened.sync();
          unsynced = 0;
        }
        await opened.write(chunk, at, length, position);
        position += length;
        unsynced += length;
      }
    }
    await opened.sync();
  } finally {
    await opened.close();
  }
}

export type DurableDirectories = {
  /** With its parents, below the root. */
  make(directory: string): Promise<void>;
  /** Renames a file to where it belongs and makes that durable. */
  moveInto(from: string, to: string): Promise<void>;
};

export function createDurableDirectories(disk: Disk, root: string): DurableDirectories {
  const made = new Set<string>();

  async function make(directory: string): Promise<void> {
    if (directory === root || made.has(directory)) return;
    await make(path.dirname(directory));
    await disk.makeDirectory(directory);
    await disk.syncDirectory(path.dirname(directory));
    if (made.size >= REMEMBERED_MAX) made.clear();
    made.add(directory);
  }

  return {
    make,
    async moveInto(from, to) {
      const directory = path.dirname(to);
      await make(directory);
      try {
        await disk.rename(from, to);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        // Somebody tidied up; once more from the root.
        made.clear();
        await make(directory);
        await disk.rename(from, to);
      }
      await disk.syncDirectory(directory);
    },
  };
}
