import assert from 'node:assert/strict';
import test from 'node:test';
import { openControlPlane, type ControlPlane } from './control-plane.testing.ts';
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

test('an account that is full keeps its streams as they are, and nothing fails', async () => {
  await using plane = await openControlPlane({ limits: { shardsPerAccount: 6 } });
  await onDemand(plane);
  await burst(plane, 4);
  await pass(plane, 60_000);
  assert.equal(plane.stream().openShards.length, 4);
  assert.deepEqual(plane.failures, []);
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
