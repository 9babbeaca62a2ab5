import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk } from '../../host/simulated/disk.ts';
import { describeRecordLog } from '../contract.ts';
import { openSegmentLog } from './open-segment-log.ts';
import type { SegmentLogSizes } from './sizes.ts';
import { testSealers } from './test-sealers.ts';

const TINY: Partial<SegmentLogSizes> = {
  journalFileBytesMin: 1024,
  journalFileBytesMax: 4096,
  journalBacklogBytesMax: 8192,
  segmentBytesMax: 4096,
  runBytes: 256,
  tailBytesMax: 0,
  reserveBytes: 1024,
};

for (const [title, durability, sizes] of [
  ['The segments engine', 'fsync', {}],
  ['The segments engine without syncs', 'os', {}],
  ['The segments engine with tiny files and no tail', 'fsync', TINY],
] as const) {
  describeRecordLog(title, async () => {
    const dice = createSimulatedDice(1);
    const host = { clock: createSimulatedClock(), disk: createSimulatedDisk(), dice };
    const open = () =>
      openSegmentLog({ host, directory: '/log', sealers: testSealers(dice), durability, sizes });
    const log = await open();
    return {
      log,
      reopen: async () => {
        await log[Symbol.asyncDispose]();
        return open();
      },
    };
  });
}
