/**
 * The data plane against a naive model: random puts of many producers, splits, merges, trims, slow appends and readers at
 * once, from a seed. What the model knows: every answered record, once, in its shard, under its number; a producer's records
 * of one key in the order it put them, when parents are read before children.
 */
import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { NO_LIMITS } from '../config/limits.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { createSimulatedDisk } from '../host/simulated/disk.ts';
import type { RecordLog } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import { openSegmentLog } from '../log/segments/open-segment-log.ts';
import { testSealers } from '../log/segments/sealers.testing.ts';
import { bytesOf, callOf, openDataPlane, textOf, type Range, type TestPlane } from './data-plane.testing.ts';
import type { Shard } from './directory/stream.ts';

type Written = {
  readonly shard: string;
  readonly number: bigint;
  readonly key: string;
  readonly text: string;
};
type Seen = Written & { readonly arrivalMs: number };

const ENGINES = { memory: openMemoryLog, segments: openSegments };

for (const [engine, seed] of [1, 2, 3].flatMap((of) => [
  ['memory', of] as const,
  ['segments', of] as const,
])) {
  test(`random puts, reshards and reads agree with the model (${engine}, seed ${seed})`, async () => {
    const dice = createSimulatedDice(seed);
    await using log = await ENGINES[engine](seed);
    const plane = openDataPlane({ limits: NO_LIMITS, log });
    const { id } = await plane.createStream('s', 1 + dice.integer(4));
    delayAppends(plane, () => dice.integer(4));
    const written: Written[] = [];
    const state = { going: true };

    const producers = Array.from({ length: 6 }, async (_, producer) => {
      for (let round = 0; round < 25; round++) {
        const count = 1 + dice.integer(8);
        const records = Array.from({ length: count }, (_unused, index) => ({
          key: `${producer}-${dice.integer(5)}`,
          text: `${producer}/${round}/${index}`,
        }));
        const answer = await plane.putRecords(
          {
            StreamName: 's',
            Records: records.map(({ key, text }) => ({ Data: bytesOf(text), PartitionKey: key })),
          },
          callOf(),
        );
        assert.equal(answer.FailedRecordCount, 0);
        answer.Records.forEach(({ ShardId, SequenceNumber }, index) => {
          written.push({ shard: ShardId!, number: BigInt(SequenceNumber!), ...records[index]! });
        });
        if (dice.integer(3) === 0) plane.clock.setWallTime(plane.clock.now() + dice.integer(3000) - 1000);
        await nextTurn();
      }
    });
    const resharding = (async () => {
      for (let round = 0; round < 12; round++) {
        for (let turn = dice.integer(6); turn >= 0; turn--) await nextTurn();
        await reshardRandomly(plane, id, dice.integer);
      }
    })();
    // Readers run beside the writers: what they see early must be a prefix of what is there in the end.
    const early: Seen[][] = [];
    const reading = (async () => {
      while (state.going) {
        const shards = plane.directory.byId(id)!.shards;
        early.push(await readShard(plane, shards[dice.integer(shards.length)]!, 1 + dice.integer(9)));
        await nextTurn();
      }
    })();
    await Promise.all([...producers, resharding]);
    state.going = false;
    await reading;

    const stream = plane.directory.byId(id)!;
    const byShard = new Map<string, Seen[]>();
    for (const shard of stream.shards) byShard.set(shard.id, await readShard(plane, shard, 10_000));
    const seen = [...byShard.values()].flat();
    const naive = (records: readonly Written[]) =>
      records.map(({ shard, number, key, text }) => `${number} ${shard} ${key} ${text}`).sort();
    assert.deepEqual(naive(seen), naive(written), 'every answered record is there, once');
    assert.equal(new Set(written.map((record) => record.number)).size, written.length);
    for (const records of byShard.values()) {
      for (let index = 1; index < records.length; index++) {
        assert.ok(records[index]!.number > records[index - 1]!.number, 'numbers grow within a shard');
        assert.ok(records[index]!.arrivalMs >= records[index - 1]!.arrivalMs, 'time does not go back');
      }
    }
    for (const prefix of early) {
      if (prefix.length === 0) continue;
      assert.deepEqual(byShard.get(prefix[0]!.shard)!.slice(0, prefix.length), prefix);
    }
    for (const shard of stream.shards) {
      if (shard.closedMs !== undefined) {
        assert.equal(plane.log.bounds(id, shard.index).last, shard.closedPosition, 'nothing after a close');
      }
      const ownFirst = byShard.get(shard.id)![0]?.number;
      for (const parent of [shard.parentIndex, shard.adjacentParentIndex]) {
        const parentLast = byShard.get(`shardId-${String(parent).padStart(12, '0')}`)?.at(-1)?.number;
        if (ownFirst !== undefined && parentLast !== undefined) assert.ok(parentLast < ownFirst);
      }
    }
    checkKeyOrder(stream.shards, byShard);
    for (const [shard, records] of byShard) {
      for (let probe = 0; probe < 3 && records.length > 0; probe++) {
        const at = dice.integer(records.length);
        const from = { ShardId: shard, StartingSequenceNumber: String(records[at]!.number) };
        assert.equal(
          await firstNumber(plane, { ...from, ShardIteratorType: 'AT_SEQUENCE_NUMBER' }),
          records[at]!.number,
        );
        const after = await firstNumber(plane, { ...from, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' });
        assert.equal(after, records[at + 1]?.number);
      }
    }
  });
}

/** The durable engine on a simulated disk, in files so small that records are rewritten and read back all the time. */
function openSegments(seed: number): Promise<RecordLog> {
  const dice = createSimulatedDice(seed);
  return openSegmentLog({
    host: { clock: createSimulatedClock(), disk: createSimulatedDisk(), dice },
    directory: '/log',
    sealers: testSealers(dice),
    durability: 'fsync',
    sizes: {
      journalFileBytesMin: 2048,
      journalFileBytesMax: 8192,
      segmentBytesMax: 8192,
      runBytes: 512,
      tailBytesMax: 0,
      slabBytes: 512,
    },
  });
}

/** A producer awaits each put, so its records of a key come in that order, through all reshards. */
function checkKeyOrder(shards: readonly Shard[], byShard: ReadonlyMap<string, Seen[]>): void {
  const last = new Map<string, readonly [number, number]>();
  // By index a parent is before its children.
  for (const shard of shards) {
    for (const { key, text } of byShard.get(shard.id)!) {
      const [, round, index] = text.split('/').map(Number) as [number, number, number];
      const [lastRound, lastIndex] = last.get(key) ?? [-1, -1];
      assert.ok(round > lastRound || (round === lastRound && index > lastIndex), `${key}: ${text}`);
      last.set(key, [round, index]);
    }
  }
}

async function firstNumber(
  plane: TestPlane,
  from: Omit<Parameters<TestPlane['getShardIterator']>[0], 'StreamName'>,
): Promise<bigint | undefined> {
  const { ShardIterator } = await plane.getShardIterator({ StreamName: 's', ...from }, callOf());
  const { Records } = await plane.getRecords({ ShardIterator: ShardIterator!, Limit: 1 }, callOf());
  return Records[0] === undefined ? undefined : BigInt(Records[0].SequenceNumber);
}

async function readShard(plane: TestPlane, shard: Shard, limit: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  const input = { StreamName: 's', ShardId: shard.id, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let { ShardIterator: iterator } = await plane.getShardIterator(input, callOf());
  while (iterator !== undefined) {
    const page = await plane.getRecords({ ShardIterator: iterator, Limit: limit }, callOf());
    for (const record of page.Records) {
      seen.push({
        shard: shard.id,
        number: BigInt(record.SequenceNumber),
        key: record.PartitionKey!,
        text: textOf(record.Data),
        arrivalMs: record.ApproximateArrivalTimestamp!,
      });
    }
    if (page.Records.length === 0) break;
    iterator = page.NextShardIterator;
  }
  return seen;
}

async function reshardRandomly(
  plane: TestPlane,
  id: string,
  integer: (below: number) => number,
): Promise<void> {
  const open = plane.directory.byId(id)!.openShards;
  const at = integer(open.length);
  const [first, second] = [open[at]!, open[at + 1]];
  const ranges: Range[] = [];
  if (second !== undefined && integer(2) === 0) {
    ranges.push({ startingHashKey: first.startingHashKey, endingHashKey: second.endingHashKey });
    await plane.reshard(id, [first.index, second.index], ranges, nextTurn);
    return;
  }
  const middle = (BigInt(first.startingHashKey) + BigInt(first.endingHashKey)) / 2n;
  ranges.push({ startingHashKey: first.startingHashKey, endingHashKey: String(middle - 1n) });
  ranges.push({ startingHashKey: String(middle), endingHashKey: first.endingHashKey });
  await plane.reshard(id, [first.index], ranges, nextTurn);
}

/** Each append takes some turns, but appends stay in the order of their calls, as the log promises. */
function delayAppends(plane: TestPlane, turns: () => number): void {
  const append = plane.log.append.bind(plane.log);
  let before: Promise<unknown> = Promise.resolve();
  plane.log.append = (...what) => {
    const done = before.then(async () => {
      for (let turn = turns(); turn > 0; turn--) await nextTurn();
      return append(...what);
    });
    before = done;
    return done;
  };
}
