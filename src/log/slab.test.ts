import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { createSimulatedDisk } from '../host/simulated/disk.ts';
import { appendGroups } from './append.testing.ts';
import type { Position } from './log.ts';
import type { RecordColumns } from './record-columns.ts';
import { openSegmentLog } from './segments/open-segment-log.ts';
import { testSealers } from './segments/sealers.testing.ts';
import { Slabs } from './slab.ts';

/** What the records say now. */
function contents({ sources, starts, ends }: RecordColumns): string[] {
  return sources.map((source, i) => Buffer.from(source.subarray(starts[i], ends[i])).toString('latin1'));
}

describe('slabs', () => {
  it('are used again when nobody holds them, and not before', () => {
    const slabs = new Slabs(100);
    const first = slabs.withRoom(60);
    first.hold();
    first.used = 60;
    assert.equal(slabs.withRoom(40), first);
    const second = slabs.withRoom(41);
    assert.notEqual(second, first);
    second.hold();
    const third = slabs.withRoom(100 - second.used);
    assert.equal(third, second, 'the room of the newest is used up first');
    second.used = 100;
    const held = slabs.withRoom(1);
    assert.notEqual(held, first, 'it is held');
    held.hold();
    held.used = 100;
    first.letGo();
    assert.equal(slabs.withRoom(1), first);
    assert.equal(first.used, 0);
  });

  it('are as large as a group needs', () => {
    const slabs = new Slabs(100);
    assert.equal(slabs.withRoom(1000).bytes.length, 1000);
    assert.equal(slabs.withRoom(1000).bytes.length, 1000);
    assert.equal(slabs.withRoom(10).bytes.length, 1000, 'while it is empty');
  });
});

/**
 * Many readers keep what they read while the tail is overwritten many times over: what a read gave stays as it was until it is
 * released, whether the tail still has it, has let go of it, or has used the other slabs again.
 */
describe('what was read', () => {
  for (const seed of [1, 2, 3]) {
    it(`stays as it was until it is released (seed ${seed})`, async () => {
      const dice = createSimulatedDice(seed);
      const disk = createSimulatedDisk();
      await using log = await openSegmentLog({
        host: { clock: createSimulatedClock(), disk, dice },
        directory: '/log',
        sealers: testSealers(dice),
        durability: 'fsync',
        sizes: {
          ...{ journalFileBytesMin: 4096, journalFileBytesMax: 4096, journalBacklogBytesMax: 8192 },
          ...{ segmentBytesMax: 65_536, runBytes: 1024, tailBytesMax: 4096, slabBytes: 700 },
          runCacheBytes: 3000,
        },
      });
      const partitions = [0, 1, 2];
      await log.createLog('a', partitions);
      const reads: { records: RecordColumns; expected: readonly string[] }[] = [];
      const written = partitions.map((): string[] => []);
      let compared = 0;
      for (let step = 0; step < 400; step++) {
        const partition = dice.integer(partitions.length);
        const texts = Array.from({ length: 1 + dice.integer(4) }, (_, i) =>
          `${step}.${i}:`.padEnd(10 + dice.integer(300), String(step % 10)),
        );
        await appendGroups(log, 'a', [
          { partition, timeMs: 1, records: texts.map((text) => Buffer.from(text)) },
        ]);
        written[partition]!.push(...texts);
        const { last } = log.bounds('a', partition);
        const back = dice.integer(dice.integer(2) === 0 ? 20 : last);
        const from = Math.max(0, last - 1 - back) as Position;
        const { records } = await log.readColumns('a', partition, from, 5, 100_000);
        const expected = written[partition]!.slice(from, from + records.length);
        assert.deepEqual(contents(records), expected);
        reads.push({ records, expected });
        if (dice.integer(3) > 0) continue;
        const [read] = reads.splice(dice.integer(reads.length), 1);
        assert.deepEqual(contents(read!.records), read!.expected);
        compared += read!.expected.length;
        read!.records.release();
        read!.records.release();
      }
      for (const { records, expected } of reads) assert.deepEqual(contents(records), expected);
      assert.ok(compared > 100);
    });
  }
});
