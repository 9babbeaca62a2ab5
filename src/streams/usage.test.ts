import assert from 'node:assert/strict';
import test from 'node:test';
import { openControlPlane, STATE_MS } from './control-plane.testing.ts';

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
