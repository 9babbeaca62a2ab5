import assert from 'node:assert/strict';
import test from 'node:test';
import { openControlPlane, type ControlPlane } from '../control-plane.testing.ts';
import { withPeak } from './peaks.ts';

const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

async function onDemand(plane: ControlPlane): Promise<void> {
  await plane.client.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await plane.settle();
  assert.equal(plane.stream().openShards.length, 4);
}
/** `mib` records of 1 MiB within a second, over all shards. */
async function burst(plane: ControlPlane, mib: number): Promise<void> {
  const width = (1n << 128n) / BigInt(mib);
  for (let at = 0; at < mib; at++) {
    await plane.client.PutRecord({
      StreamName: 'orders',
      PartitionKey: 'a',
      ExplicitHashKey: String(width * BigInt(at)),
      Data: new Uint8Array(MIB - 1),
    });
  }
}
async function pass(plane: ControlPlane, ms: number): Promise<void> {
  await plane.clock.advance(ms);
  await plane.turn();
  await plane.settle();
}

test('a stream grows to twice its peak and stays there for 30 days, over a restart too', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 4);
  await burst(plane, 6);
  await pass(plane, 30_000);
  assert.equal(plane.stream().openShards.length, 12);
  await plane.restart();
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 12);
  await plane.streams[Symbol.asyncDispose]();
  await plane.clock.advance(30 * DAY_MS);
  await plane.reopen();
  await pass(plane, 30_000);
  assert.equal(plane.stream().openShards.length, 4);
  assert.deepEqual(plane.failures, []);
});

test('many small records count as the bytes that a shard would take with them', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  for (let at = 0; at < 10; at++) {
    await plane.client.PutRecords({
      StreamName: 'orders',
      Records: Array.from({ length: 500 }, (_, key) => ({
        PartitionKey: String(key),
        Data: new Uint8Array(1),
      })),
    });
  }
  await pass(plane, 30_000);
  assert.equal(plane.stream().openShards.length, 10);
});

test('the busiest shard is the one that is split', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  for (let at = 0; at < 3; at++) {
    await plane.client.PutRecord({
      StreamName: 'orders',
      PartitionKey: 'a',
      ExplicitHashKey: '0',
      Data: new Uint8Array(MIB - 1),
    });
  }
  await pass(plane, 30_000);
  assert.deepEqual(
    plane.stream().openShards.map((shard) => shard.parentIndex),
    [4, 4, 0, undefined, undefined, undefined],
  );
});

test('a stream reacts no sooner than it is told to', async () => {
  await using plane = await openControlPlane({ onDemandReactionMs: 100_000 });
  await onDemand(plane);
  await pass(plane, 31_000);
  await burst(plane, 4);
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 4);
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 8);
});

test("an account's shard limit is for provisioned streams alone", async () => {
  await using plane = await openControlPlane({ limits: { shardsPerAccount: 6 } });
  await onDemand(plane);
  await burst(plane, 4);
  await pass(plane, 60_000);
  const { openShards, arn } = plane.stream();
  assert.equal(openShards.length, 8);
  const full = { name: 'LimitExceededException' };
  const provisioned = { StreamModeDetails: { StreamMode: 'PROVISIONED' } } as const;
  await assert.rejects(plane.client.UpdateStreamMode({ StreamARN: arn, ...provisioned }), full);
  await plane.create('fixed', 6);
  await assert.rejects(plane.client.CreateStream({ StreamName: 'more', ShardCount: 1 }), full);
  assert.deepEqual(plane.failures, []);
});

test('a hot shard is split although the stream as a whole is quiet, until splitting does not help', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  const putToOneKey = () =>
    plane.client.PutRecord({
      StreamName: 'orders',
      PartitionKey: 'a',
      ExplicitHashKey: '0',
      Data: new Uint8Array(600_000),
    });
  await putToOneKey();
  await pass(plane, 30_000);
  assert.deepEqual(
    plane.stream().openShards.map((shard) => shard.parentIndex),
    [0, 0, undefined, undefined, undefined],
  );
  // One key is all the traffic: its shard gets narrower, and then it is left alone.
  for (let round = 0; round < 20; round++) {
    await putToOneKey();
    await pass(plane, 30_000);
  }
  assert.equal(plane.stream().openShards.length, 4 + 12);
  assert.equal(plane.stream().openShards[0]!.endingHashKey, String((1n << 114n) - 1n));
  // Nobody writes any more: four shards do.
  await pass(plane, 90_000);
  assert.equal(plane.stream().openShards.length, 4);
  assert.deepEqual(plane.failures, []);
});

test('a stream does not shrink to shards that would be hot', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  await burst(plane, 8);
  await pass(plane, 30_000);
  assert.equal(plane.stream().openShards.length, 16);
  const write = async (keys: bigint) => {
    for (let at = 0n; at < keys; at++) {
      await plane.client.PutRecord({
        StreamName: 'orders',
        PartitionKey: 'a',
        ExplicitHashKey: String(at << 124n),
        Data: new Uint8Array(450_000),
      });
    }
    // As if the 30 days were over.
    await plane.catalog.transact((transaction) =>
      transaction.updateTable('streams').set({ peaks_json: '{}' }).execute(),
    );
    await pass(plane, 30_000);
  };
  // 1.8 MB/s call for four shards, but all of it would go to one of them.
  for (let round = 0; round < 4; round++) await write(4n);
  assert.equal(plane.stream().openShards.length, 16);
  for (let round = 0; round < 4; round++) await write(1n);
  assert.equal(plane.stream().openShards.length, 4);
});

test('the capacity of a burst that is over is released by setting the warm throughput', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  await plane.client.UpdateAccountSettings({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
  await burst(plane, 8);
  await pass(plane, 30_000);
  assert.equal(plane.stream().openShards.length, 16);
  const release = async () => {
    await plane.client.UpdateStreamWarmThroughput({ StreamName: 'orders', WarmThroughputMiBps: 4 });
    await plane.settle();
  };
  // Not yet over: the peak of the last hour needs them all.
  await pass(plane, 29 * 60_000);
  await release();
  assert.equal(plane.stream().openShards.length, 16);
  await pass(plane, 31 * 60_000);
  assert.equal(plane.stream().openShards.length, 16);
  await release();
  assert.equal(plane.stream().openShards.length, 4);
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 4);
});

test('provisioned streams do not scale', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await burst(plane, 4);
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 1);
});

test('a stream shrinks only when half its shards would do', async () => {
  await using plane = await openControlPlane();
  await onDemand(plane);
  await burst(plane, 7);
  await pass(plane, 30_000);
  assert.equal(plane.stream().openShards.length, 14);
  const later = async (bytesPerSecond: number) => {
    await plane.streams[Symbol.asyncDispose]();
    await plane.clock.advance(60 * DAY_MS);
    await plane.catalog.transact((transaction) =>
      transaction
        .updateTable('streams')
        .set({ peaks_json: withPeak('{}', plane.clock.now(), bytesPerSecond) })
        .execute(),
    );
    await plane.reopen();
    await pass(plane, 30_000);
  };
  await later(4 * MIB);
  assert.equal(plane.stream().openShards.length, 14);
  await later(3.5 * MIB);
  assert.equal(plane.stream().openShards.length, 7);
});
