import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from '../../host/simulated/disk.ts';
import { describeRecordLog } from '../contract.ts';
import type { Position, RecordLog } from '../log.ts';
import { appendGroups } from '../append.testing.ts';
import { openSegmentLog, type SegmentLogOptions } from './open-segment-log.ts';
import { testSealers } from './sealers.testing.ts';
import type { SegmentLogSizes } from './sizes.ts';

const TINY: Partial<SegmentLogSizes> = {
  journalFileBytesMin: 1024,
  journalFileBytesMax: 4096,
  journalBacklogBytesMax: 8192,
  segmentBytesMax: 4096,
  runBytes: 256,
  tailBytesMax: 0,
  slabBytes: 512,
  reserveBytes: 1024,
};
const ALL = Number.MAX_SAFE_INTEGER;
const dice = createSimulatedDice(1);

function open(disk: SimulatedDisk, options: Partial<SegmentLogOptions> = {}) {
  return openSegmentLog({
    ...{ host: { clock: createSimulatedClock(), disk, dice }, directory: '/log', durability: 'fsync' },
    ...{ sealers: testSealers(dice), sizes: TINY, ...options },
  });
}

for (const [title, durability, sizes] of [
  ['The segments engine', 'fsync', {}],
  ['The segments engine without syncs', 'os', {}],
  ['The segments engine with tiny files and no tail', 'fsync', TINY],
] as const) {
  describeRecordLog(title, async () => {
    const disk = createSimulatedDisk();
    const log = await open(disk, { durability, sizes });
    return {
      log,
      reopen: async () => {
        await log[Symbol.asyncDispose]();
        return open(disk, { durability, sizes });
      },
    };
  });
}

/** Appends records of 200 bytes, each with a time of its own, and returns their positions. */
async function fill(log: RecordLog, id: string, count: number): Promise<Position[]> {
  const positions: Position[] = [];
  for (let i = 0; i < count; i++) {
    const records = [Buffer.alloc(200, i)];
    const [appended] = await appendGroups(log, id, [{ partition: 0, timeMs: 1000 + i, records }]);
    positions.push(appended!.positions[0]!);
  }
  return positions;
}

function segmentCount(disk: SimulatedDisk): number {
  return [...disk.files().keys()].filter((path) => path.includes('segment-')).length;
}

describe('the segments engine', () => {
  it('finds every position and every time in many segments, and reads on from there', async () => {
    const log = await open(createSimulatedDisk());
    await log.createLog('a', [0]);
    const positions = await fill(log, 'a', 150);
    assert.ok(log.stats().segments > 5);
    for (const [i, position] of positions.entries()) {
      const read = await log.read('a', 0, (position - 1) as Position, 1, ALL);
      assert.equal(read.records[0]?.position, position);
      assert.equal(read.records[0]?.bytes[0], i);
      assert.equal(await log.positionBefore('a', 0, 1000 + i), positions[i - 1] ?? 0);
    }
    assert.equal(await log.positionBefore('a', 0, 9000), positions.at(-1));
    await log[Symbol.asyncDispose]();
  });

  it('gives the disk back when records are trimmed, partitions dropped and logs dropped', async () => {
    const disk = createSimulatedDisk();
    const log = await open(disk);
    await log.createLog('a', [0]);
    await log.createLog('b', [0]);
    const positions = await fill(log, 'a', 100);
    await fill(log, 'b', 40);
    const before = segmentCount(disk);
    await log.trim('a', 0, positions[80]!);
    await settled();
    const trimmed = segmentCount(disk);
    assert.ok(trimmed <= before - 3, `${before} segments, then ${trimmed}`);
    await log.dropPartitions('a', [0]);
    await settled();
    const dropped = segmentCount(disk);
    assert.ok(dropped < trimmed);
    await log.dropLog('b');
    await log[Symbol.asyncDispose]();
    assert.equal(segmentCount(disk), 0);
    const again = await open(disk);
    assert.deepEqual([...again.logs()], [['a', []]]);
    await again[Symbol.asyncDispose]();
  });

  it('keeps memory and journal bounded, and writes each byte a few times only', async () => {
    const disk = createSimulatedDisk();
    const sizes = {
      journalFileBytesMin: 65_536,
      journalFileBytesMax: 65_536,
      journalBacklogBytesMax: 65_536,
      ...{ segmentBytesMax: 1_000_000, runBytes: 16_384, tailBytesMax: 65_536, runCacheBytes: 65_536 },
    };
    const log = await open(disk, { sizes });
    await log.createLog('a', [0]);
    await fill(log, 'a', 5000);
    const { tailBytes, cachedBytes, appendedBytes, writtenBytes } = log.stats();
    assert.ok(tailBytes < 400_000, `${tailBytes} bytes of tail`);
    assert.ok(cachedBytes < 200_000);
    assert.equal(appendedBytes, 1_000_000);
    const journalBytes = [...disk.files()]
      .filter(([path]) => path.includes('journal-'))
      .reduce((total, [, { length }]) => total + length, 0);
    assert.ok(journalBytes <= 5 * 65_536, `${journalBytes} bytes of journal`);
    // Commits of one record of 200 bytes are the dearest case; large ones come to little more than 2.
    assert.ok(writtenBytes / appendedBytes < 4, `${writtenBytes / appendedBytes} bytes written for each`);
    await log[Symbol.asyncDispose]();
  });

  it('opens with thousands of partitions as they were', async () => {
    const disk = createSimulatedDisk();
    const partitions = Array.from({ length: 5000 }, (_, i) => i);
    const log = await open(disk, { sizes: {} });
    await log.createLog('a', partitions);
    const records = [Buffer.from('x')];
    const appended = await appendGroups(
      log,
      'a',
      partitions.map((partition) => ({ partition, timeMs: 7, records })),
    );
    await log[Symbol.asyncDispose]();
    const again = await open(disk, { sizes: {} });
    for (const { partition, positions } of appended) {
      assert.deepEqual(again.bounds('a', partition), { trimmed: 0, last: positions[0], lastTimeMs: 7 });
    }
    await again[Symbol.asyncDispose]();
  });

  it('drops logs that are not to be kept before it opens anything of theirs', async () => {
    const disk = createSimulatedDisk();
    const log = await open(disk);
    await log.createLog('a', [0]);
    await log.createLog('forgotten', [0]);
    await fill(log, 'forgotten', 2);
    await log[Symbol.asyncDispose]();
    const sealers = testSealers(dice);
    const again = await open(disk, {
      keep: (id) => id !== 'forgotten',
      sealers: {
        sealer(id) {
          assert.notEqual(id, 'forgotten');
          return sealers.sealer(id);
        },
      },
    });
    assert.deepEqual([...again.logs().keys()], ['a']);
    await again[Symbol.asyncDispose]();
  });

  it('works in little disk while it is empty', async () => {
    const disk = createSimulatedDisk();
    const log = await open(disk, { sizes: {} });
    await log.createLog('a', [0]);
    await fill(log, 'a', 100);
    assert.ok(disk.usedBytes() < 8 * 1024 * 1024, `${disk.usedBytes()} bytes`);
    await log[Symbol.asyncDispose]();
  });
});

/** Lets what runs in the background on the simulated disk, where nothing takes time, come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
