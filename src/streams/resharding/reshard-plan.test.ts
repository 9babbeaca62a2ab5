import assert from 'node:assert/strict';
import test from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { compareHashKeys, uniformRanges } from './hash-key-ranges.ts';
import { applySteps, growSteps, nextShardIndex, openedCount, type ReshardStep } from './reshard-plan.ts';
import { shardId } from '../directory/stream-rows.ts';
import type { Shard, Stream } from '../directory/stream.ts';
import { uniformSteps } from './uniform-plan.ts';

type Shards = Pick<Stream, 'shards' | 'openShards' | 'id'>;
const SPACE = 1n << 128n;

function shardsOf(shards: readonly Shard[]): Shards {
  const openShards = shards
    .filter((shard) => shard.closedMs === undefined)
    .sort((a, b) => compareHashKeys(a.startingHashKey, b.startingHashKey));
  return { id: 'stream', shards, openShards };
}
function uniform(count: number): Shards {
  return shardsOf(
    uniformRanges(count).map((range, index) => ({
      ...range,
      index,
      id: shardId(index),
      parentIndex: undefined,
      adjacentParentIndex: undefined,
      createdSeconds: 1000,
      createdMs: 1_000_000,
      closedMs: undefined,
      closedPosition: undefined,
    })),
  );
}
/** The shards after the steps, checked: every key has one open shard, and the count is what was said. */
function after(before: Shards, steps: readonly ReshardStep[], nowMs: number): Shards {
  const { closing, opened } = applySteps(before, steps, nowMs);
  assert.equal(opened.length, openedCount(steps));
  assert.equal(opened[0]?.index ?? nextShardIndex(before), nextShardIndex(before));
  const shards = shardsOf([
    ...before.shards.map((shard) => (closing.includes(shard.index) ? { ...shard, closedMs: nowMs } : shard)),
    ...opened.map(({ closed, ...shard }) => ({
      ...shard,
      id: shardId(shard.index),
      createdMs: nowMs,
      closedMs: closed ? nowMs : undefined,
      closedPosition: undefined,
    })),
  ]);
  let next = 0n;
  for (const shard of shards.openShards) {
    assert.equal(BigInt(shard.startingHashKey), next);
    next = BigInt(shard.endingHashKey) + 1n;
  }
  assert.equal(next, SPACE);
  for (const shard of opened) {
    for (const parent of [shard.parentIndex, shard.adjacentParentIndex]) {
      if (parent !== undefined) {
        assert.ok(shard.createdSeconds > shards.shards[parent]!.createdSeconds);
        assert.notEqual(shards.shards[parent]!.closedMs, undefined);
      }
    }
  }
  return shards;
}
const noTraffic = {
  streamPeak: () => ({ bytesPerSecond: 0, recordsPerSecond: 0 }),
  streamPeakOfHour: () => ({ bytesPerSecond: 0, recordsPerSecond: 0 }),
  shard: () => ({ bytesPerSecond: 0, recordsPerSecond: 0 }),
};

for (const seed of [1, 2, 3, 4, 5]) {
  test(`random reshards keep one open shard for every key, and a target is reached from anywhere (seed ${seed})`, () => {
    const dice = createSimulatedDice(seed);
    let stream = uniform(1 + dice.integer(9));
    for (let round = 0; round < 60; round++) {
      // The clock goes on, stands still, and goes back.
      const nowMs = 1_000_000 + dice.integer(100_000);
      const { openShards } = stream;
      const at = dice.integer(openShards.length);
      const shard = openShards[at]!;
      const kind = dice.integer(4);
      if (kind === 0) {
        const start = BigInt(shard.startingHashKey);
        const width = BigInt(shard.endingHashKey) - start;
        if (width < 3n) continue;
        const key = start + 2n + ((width - 3n) * BigInt(dice.integer(1000))) / 1000n;
        stream = after(
          stream,
          [{ kind: 'split', shard: shard.index, newStartingHashKey: String(key) }],
          nowMs,
        );
      } else if (kind === 1 && at + 1 < openShards.length) {
        const upper = openShards[at + 1]!.index;
        stream = after(stream, [{ kind: 'merge', lower: shard.index, upper }], nowMs);
      } else if (kind === 2) {
        const target = 1 + dice.integer(30);
        stream = after(stream, uniformSteps(stream, target), nowMs);
        assert.equal(stream.openShards.length, target);
        for (const one of stream.openShards) {
          const width = BigInt(one.endingHashKey) - BigInt(one.startingHashKey);
          assert.ok(Math.abs(Number(width * BigInt(target)) / Number(SPACE) - 1) < 1e-5);
        }
        assert.deepEqual(uniformSteps(stream, target), []);
      } else {
        const target = openShards.length + dice.integer(5);
        stream = after(stream, growSteps(stream as Stream, target, noTraffic), nowMs);
        assert.equal(stream.openShards.length, target);
      }
    }
  });
}

test('growing splits the widest of equals in half', () => {
  const steps = growSteps(uniform(4) as Stream, 8, noTraffic);
  const grown = after(uniform(4), steps, 2_000_000);
  assert.deepEqual(uniformSteps(grown, 8), []);
});

test('growing splits the busiest, of equals the widest, of those the first', () => {
  const dice = createSimulatedDice(8);
  for (let round = 0; round < 40; round++) {
    const before = uniform(1 + dice.integer(12));
    const bytes = before.openShards.map(() => dice.integer(4) * 1024);
    const traffic = {
      ...noTraffic,
      shard: (_: string, index: number) => ({ bytesPerSecond: bytes[index]!, recordsPerSecond: 0 }),
    };
    const target = before.openShards.length + dice.integer(30);
    const steps = growSteps(before as Stream, target, traffic);
    const shards = before.openShards.map((shard, at) => ({
      start: BigInt(shard.startingHashKey),
      end: BigInt(shard.endingHashKey),
      weight: bytes[at]!,
    }));
    for (const step of steps) {
      const best = shards.reduce((found, shard) => {
        const wider = shard.end - shard.start > found.end - found.start;
        return shard.weight > found.weight || (shard.weight === found.weight && wider) ? shard : found;
      });
      const middle = best.start + (best.end - best.start) / 2n + 1n;
      assert.deepEqual(step, { ...step, newStartingHashKey: String(middle) });
      shards.push({ start: middle, end: best.end, weight: best.weight / 2 });
      Object.assign(best, { end: middle - 1n, weight: best.weight / 2 });
    }
    assert.equal(shards.length, target);
  }
});

test('growing by 100,000 shards does not stop the server for minutes', () => {
  assert.equal(growSteps(uniform(4) as Stream, 100_000, noTraffic).length, 99_996);
});

test('5,000 shards are planned up within seconds', () => {
  const began = performance.now();
  const wide = after(uniform(5000), uniformSteps(uniform(5000), 10_000), 2_000_000);
  assert.equal(wide.openShards.length, 10_000);
  assert.ok(performance.now() - began < 3000);
});
