import type { Clock, Disk, DiskFile } from '../../src/host/host.ts';
import type { PlantedBug } from './planted-bug.ts';

const LATE_MS = 30;

/** The journal is told that it is synced at once; it is so a little later. */
export const acknowledgeBeforeSync: PlantedBug = {
  name: 'acknowledge-before-sync',
  wrapDisk: (disk: Disk, clock: Clock): Disk => ({
    ...disk,
    async open(path, mode) {
      if (!path.includes('/journal-')) return disk.open(path, mode);
      const file = await disk.open(path, mode === 'through' ? 'write' : mode);
      return mode === 'through' ? lateWrite(file, clock) : lateSync(file, clock);
    },
  }),
};

function lateWrite(file: DiskFile, clock: Clock): DiskFile {
  const late = lateSync(file, clock);
  return {
    ...late,
    async write(...range) {
      await file.write(...range);
      await late.sync();
    },
  };
}

function lateSync(file: DiskFile, clock: Clock): DiskFile {
  return {
    ...file,
    async sync() {
      clock.timer(LATE_MS, () => {
        file.sync().catch(() => {});
      });
    },
  };
}
