/** Directories of the segments engine as a stop or a kill leaves them, with what was acknowledged in them: the ground of the file fuzzing. */
import { createSimulatedClock } from '../src/host/simulated/clock.ts';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from '../src/host/simulated/disk.ts';
import type { Position, RecordLog } from '../src/log/log.ts';
import { openSegmentLog } from '../src/log/segments/open-segment-log.ts';
import { testSealers } from '../src/log/segments/sealers.testing.ts';
import type { SegmentLog } from '../src/log/segments/segment-log.ts';
import type { SegmentLogSizes } from '../src/log/segments/sizes.ts';
import { appendGroups } from '../src/log/append.testing.ts';

export const DIRECTORY = '/log';
const LOGS = ['orders', 'clicks'];
const PARTITIONS = [0, 1, 5];
const ALL = Number.MAX_SAFE_INTEGER;

/** Small, so that a few records reach journal files, rewrites, continued segments and several runs. */
const SIZES: Partial<SegmentLogSizes> = {
  journalFileBytesMin: 2048,
  journalFileBytesMax: 4096,
  journalBacklogBytesMax: 8192,
  segmentBytesMax: 6000,
  runBytes: 512,
  tailBytesMax: 0,
  slabBytes: 512,
  reserveBytes: 512,
};

export type Acknowledged = {
  readonly log: string;
  readonly partition: number;
  readonly position: number;
  readonly text: string;
};

export type Image = {
  readonly disk: SimulatedDisk;
  /** In the order of the commits. */
  readonly acknowledged: readonly Acknowledged[];
  /** Ended by a clean stop: then whatever is missing must be noticed. */
  readonly clean: boolean;
};

export function openLog(disk: SimulatedDisk, seed: number): Promise<SegmentLog> {
  const dice = createSimulatedDice(seed);
  const host = { clock: createSimulatedClock(), disk, dice };
  return openSegmentLog({
    host,
    directory: DIRECTORY,
    sealers: testSealers(dice),
    durability: 'fsync',
    sizes: SIZES,
  });
}

export async function readAll(
  log: RecordLog,
  id: string,
  partition: number,
): Promise<Omit<Acknowledged, 'log' | 'partition'>[]> {
  const found: Omit<Acknowledged, 'log' | 'partition'>[] = [];
  for (let after = 0 as Position; ;) {
    const read = await log.read(id, partition, after, 50, ALL);
    for (const { position, bytes } of read.records)
      found.push({ position, text: Buffer.from(bytes).toString() });
    if (read.atEnd) return found;
    if (read.after <= after) throw new Error('a read does not go on');
    after = read.after;
  }
}

/** An image after each stage of a life: one line of ancestors, so that older files of the same log can be put back. */
export async function makeImages(): Promise<readonly Image[]> {
  const dice = createSimulatedDice(21);
  const images: Image[] = [];
  const acknowledged: Acknowledged[] = [];
  let disk = createSimulatedDisk();
  for (const [stage, records] of [8, 60, 3, 120, 40, 200].entries()) {
    const log = await openLog(disk, 100 + stage);
    for (const id of LOGS) await log.createLog(id, PARTITIONS);
    for (let count = 0; count < records; count++) {
      const id = LOGS[dice.integer(LOGS.length)]!;
      const partition = PARTITIONS[dice.integer(PARTITIONS.length)]!;
      const text = `${stage}.${count} ${'x'.repeat(dice.integer(150))}`;
      const [appended] = await appendGroups(log, id, [
        { partition, timeMs: 1000 + stage, records: [Buffer.from(text)] },
      ]);
      acknowledged.push({ log: id, partition, position: appended!.positions[0]!, text });
    }
    images.push({ disk: disk.afterCrash('everything', dice), acknowledged: [...acknowledged], clean: false });
    await log[Symbol.asyncDispose]();
    images.push({ disk: disk.afterCrash('everything', dice), acknowledged: [...acknowledged], clean: true });
    if (dice.integer(2) === 0) disk = images.at(-2)!.disk.afterCrash('everything', dice);
  }
  return images;
}

export function everyPartition(): readonly (readonly [string, number])[] {
  return LOGS.flatMap((id) => PARTITIONS.map((partition) => [id, partition] as const));
}
