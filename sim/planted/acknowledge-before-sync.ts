import type { Clock, Disk, DiskFile } from '../../src/host/host.ts';
import type { PlantedBug } from './planted-bug.ts';

const LATE_MS = 30;

/** The journal is told that it is synced at once; it is so a little later. */
export const acknowledgeBeforeSync: PlantedBug = {
  name: 'acknowledge-before-sync',
  wrapDisk: (disk: Disk, clock: Clock): Disk => ({
    ...disk,
    async open(path, mode) {
      const file = await disk.open(path, mode);
      return path.includes('/journal-') ? lateSync(file, clock) : file;
    },
  }),
};

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
