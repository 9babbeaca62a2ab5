import type { Disk, DiskFile } from '../../src/host/host.ts';
import type { PlantedBug } from './planted-bug.ts';

/** A start shows what it finds in the journal without a sync: after a kill it may be in the page cache alone. */
export const startWithoutSync: PlantedBug = {
  name: 'start-without-sync',
  wrapDisk: (disk: Disk): Disk => ({
    ...disk,
    async open(path, mode) {
      const file = await disk.open(path, mode);
      // Journals of earlier lives are opened to be written on; new ones are made.
      return mode === 'write' && path.includes('/journal-') ? withoutFirstSync(file) : file;
    },
  }),
};

function withoutFirstSync(file: DiskFile): DiskFile {
  let skipped = false;
  return {
    ...file,
    async sync() {
      if (skipped) return file.sync();
      skipped = true;
    },
  };
}
