import type { SimulatedDisk } from '../../src/host/simulated/disk.ts';
import { scanJournal, type ScannedJournal } from '../../src/log/segments/journal-scan.ts';
import { LOG_DIRECTORY } from '../server.ts';
import { stoppedCleanly } from './manifest-of.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Recovery takes the last whole batch of the journal for a torn one. */
export const dropLastBatch: PlantedBug = {
  name: 'drop-last-batch',
  async beforeStart(disk: SimulatedDisk) {
    if (stoppedCleanly(disk)) return;
    let newest: ScannedJournal | undefined;
    for (const name of await disk.list(LOG_DIRECTORY)) {
      if (!name.startsWith('journal-')) continue;
      const journal = await scanJournal(await disk.open(`${LOG_DIRECTORY}/${name}`, 'read'));
      if (journal.frames.length > 0 && (journal.header?.ordinal ?? -1) > (newest?.header?.ordinal ?? -1))
        newest = journal;
    }
    const last = newest?.frames.at(-1);
    if (newest === undefined || last === undefined) return;
    const file = await disk.open(newest.path, 'write');
    await file.write(new Uint8Array(last.length), 0, last.length, last.at);
    await file.sync();
  },
};
