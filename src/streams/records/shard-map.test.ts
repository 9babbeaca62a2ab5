import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newHashKey, parseHashKey } from '../../base/hash-key.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { ShardMap } from './shard-map.ts';
import type { Shard } from '../directory/stream.ts';

const END = 2n ** 128n;

function shardsFrom(starts: readonly bigint[]): Shard[] {
  return starts.map((start, index) => ({
    index,
    id: `shardId-${index}`,
    parentIndex: undefined,
    adjacentParentIndex: undefined,
    startingHashKey: String(start),
    endingHashKey: String((starts[index + 1] ?? END) - 1n),
    createdSeconds: 1,
    createdMs: 1000,
    closedMs: undefined,
    closedPosition: undefined,
  }));
}

test('the shard of a key is the one whose range has it', () => {
  const dice = createSimulatedDice(3);
  const random = (bits: number): bigint => {
    let value = 0n;
    for (let bit = 0; bit < bits; bit += 16) value = (value << 16n) | BigInt(dice.integer(65536));
    return value % END;
  };
  const key = newHashKey();
  for (let round = 0; round < 60; round++) {
    // Few bits make starts that differ in the low words only.
    const bits = [128, 128, 64, 32][round % 4]!;
    const count = dice.integer(40);
    const starts = [...new Set([0n, ...Array.from({ length: count }, () => random(bits))])].sort((a, b) =>
      a < b ? -1 : 1,
    );
    const shards = shardsFrom(starts);
    const map = new ShardMap(shards);
    const probes = [
      ...starts,
      ...starts.map((start) => start + 1n),
      0n,
      END - 1n,
      ...Array.from({ length: 50 }, () => random(bits)),
    ];
    for (const start of starts.slice(1)) probes.push(start - 1n);
    for (const probe of probes) {
      assert.ok(parseHashKey(String(probe), key));
      const expected = shards.findIndex(
        (shard) => BigInt(shard.startingHashKey) <= probe && probe <= BigInt(shard.endingHashKey),
      );
      assert.equal(map.find(key, 0), expected, `${probe}`);
    }
  }
});
