import assert from 'node:assert/strict';
import test from 'node:test';
import { openControlPlane, STATE_MS } from '../control-plane.testing.ts';

const HOUR_MS = 3_600_000;

test('open shards, consumers and extended retention are charged for the time that they were there', async () => {
  await using plane = await openControlPlane();
  const { arn, id } = await plane.create('orders', 2);
  const counters = plane.meter.stream(id);
  await plane.clock.advance(HOUR_MS);
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  assert.equal(counters.shardMs, 2 * HOUR_MS);
  assert.equal(counters.consumerShardMs, 0);
  await plane.clock.advance(HOUR_MS);
  await plane.client.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: 25 });
  assert.equal(counters.consumerShardMs, 2 * HOUR_MS);
  assert.equal(counters.extendedRetentionShardMs, 0);
  await plane.clock.advance(HOUR_MS);
  await plane.client.MergeShards({ StreamName: 'orders', ShardToMerge: '0', AdjacentShardToMerge: '1' });
  await plane.settle();
  assert.equal(counters.extendedRetentionShardMs, 2 * HOUR_MS + 2 * STATE_MS);
  await plane.clock.advance(HOUR_MS);
  await plane.client.DeleteStream({ StreamName: 'orders', EnforceConsumerDeletion: true });
  await plane.settle();
  await plane.clock.advance(HOUR_MS);
  assert.equal(counters.shardMs, 7 * HOUR_MS + 2 * STATE_MS + STATE_MS);
});

test('little is lost when the process ends: usage is charged all along and at the end', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create();
  await plane.clock.advance(HOUR_MS);
  assert.ok(plane.meter.stream(id).shardMs >= HOUR_MS - 60_000);
  await plane.restart();
  assert.equal(plane.meter.stream(id).shardMs, HOUR_MS);
});

test('the time in on-demand mode is counted apart', async () => {
  await using plane = await openControlPlane();
  const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
  await plane.client.CreateStream({ StreamName: 'elastic', ...onDemand });
  const { id: provisioned } = await plane.create('fixed', 1);
  await plane.clock.advance(HOUR_MS);
  const { onDemandStreamMs } = plane.meter.stream(plane.stream('elastic').id);
  assert.ok(onDemandStreamMs > HOUR_MS - 60_000 && onDemandStreamMs <= HOUR_MS + 60_000);
  assert.equal(plane.meter.stream(provisioned).onDemandStreamMs, 0);
});

test('bytes kept for more than a day and more than a week are charged by age', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create();
  const increase = (RetentionPeriodHours: number) =>
    plane.client.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours });
  await increase(24 * 30);
  const counters = plane.meter.stream(id);
  /** Writes a record, and what the meter would keep of it in the catalog. */
  const put = async (bytes: number) => {
    const Data = new Uint8Array(bytes - 1);
    await plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data });
    const amount = counters.contentBytesIn;
    counters.contentBytesIn = 0;
    const hour_ms = Math.floor(plane.clock.now() / HOUR_MS) * HOUR_MS;
    await plane.catalog.transact((transaction) =>
      transaction
        .insertInto('usage')
        .values({ resource_id: id, hour_ms, counter: 'contentBytesIn', amount })
        .execute(),
    );
  };
  /** What one hour costs from now on, in byte hours. */
  const hour = async () => {
    await plane.later(2 * HOUR_MS);
    const before = [counters.extendedRetentionByteMs, counters.longTermRetentionByteMs];
    await plane.clock.advance(HOUR_MS);
    return [counters.extendedRetentionByteMs, counters.longTermRetentionByteMs].map((now, at) =>
      Math.round((now - before[at]!) / HOUR_MS),
    );
  };
  await put(1000);
  assert.deepEqual(await hour(), [0, 0]);
  await plane.later(24 * HOUR_MS);
  await put(200);
  assert.deepEqual(await hour(), [1000, 0]);
  await plane.later(6 * 24 * HOUR_MS);
  assert.deepEqual(await hour(), [200, 1000]);
  // A shorter period in between: what it trimmed is not charged again under a longer one.
  await plane.client.DecreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: 24 });
  assert.deepEqual(await hour(), [0, 0]);
  await increase(8760);
  assert.deepEqual(await hour(), [0, 0]);
  assert.deepEqual(plane.failures, []);
});
