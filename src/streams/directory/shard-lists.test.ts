import assert from 'node:assert/strict';
import test from 'node:test';
import { call, openControlPlane, REGION, serviceError, type ControlPlane } from '../control-plane.testing.ts';

const HOUR_MS = 3_600_000;
const HALF = '170141183460469231731687303715884105728';

type Filter = NonNullable<Parameters<ControlPlane['client']['ListShards']>[0]['ShardFilter']>;

async function listed(plane: ControlPlane, filter?: Filter): Promise<number[]> {
  const { Shards } = await plane.client.ListShards({
    StreamName: 'orders',
    ...(filter === undefined ? {} : { ShardFilter: filter }),
  });
  return Shards!.map((shard) => Number(shard.ShardId.slice(8)));
}

/** Shard 0 is split an hour after the stream was created, 1 and 2 are merged an hour later. */
async function resharded(
  plane: ControlPlane,
): Promise<{ readonly splitMs: number; readonly mergeMs: number }> {
  await plane.create();
  await plane.later(HOUR_MS);
  await plane.client.SplitShard({ StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: HALF });
  await plane.settle();
  const splitMs = plane.clock.now();
  await plane.later(HOUR_MS);
  await plane.client.MergeShards({ StreamName: 'orders', ShardToMerge: '1', AdjacentShardToMerge: '2' });
  await plane.settle();
  return { splitMs, mergeMs: plane.clock.now() };
}

test('every ShardFilter lists what its documentation says', async () => {
  await using plane = await openControlPlane();
  const { splitMs, mergeMs } = await resharded(plane);
  assert.deepEqual(await listed(plane), [0, 1, 2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'FROM_TRIM_HORIZON' }), [0, 1, 2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'AT_TRIM_HORIZON' }), [0]);
  assert.deepEqual(await listed(plane, { Type: 'AT_LATEST' }), [3]);
  assert.deepEqual(await listed(plane, { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' }), [2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'AT_TIMESTAMP', Timestamp: 0 }), [0]);
  assert.deepEqual(await listed(plane, { Type: 'AT_TIMESTAMP', Timestamp: splitMs + 1 }), [1, 2]);
  assert.deepEqual(await listed(plane, { Type: 'AT_TIMESTAMP', Timestamp: mergeMs + 1 }), [3]);
  // Both bounds are inclusive: at the very millisecond a parent and its children were open.
  assert.deepEqual(await listed(plane, { Type: 'AT_TIMESTAMP', Timestamp: splitMs }), [0, 1, 2]);
  assert.deepEqual(await listed(plane, { Type: 'FROM_TIMESTAMP', Timestamp: splitMs }), [0, 1, 2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'FROM_TIMESTAMP', Timestamp: 0 }), [0, 1, 2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'FROM_TIMESTAMP', Timestamp: splitMs + 1 }), [1, 2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'FROM_TIMESTAMP', Timestamp: mergeMs + 1 }), [3]);
});

test('expired shards leave every list, rows and partitions follow, and a longer retention leaves no gap', async () => {
  await using plane = await openControlPlane();
  await resharded(plane);
  await plane.later(23.5 * HOUR_MS);
  // Shard 0 was closed more than 24 hours ago, shards 1 and 2 were not.
  assert.deepEqual(await listed(plane), [1, 2, 3]);
  assert.deepEqual(await listed(plane, { Type: 'AT_TRIM_HORIZON' }), [1, 2]);
  assert.deepEqual(plane.log.logs().get(plane.stream().id), [1, 2, 3]);
  await plane.client.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: 48 });
  assert.deepEqual(await listed(plane, { Type: 'AT_TRIM_HORIZON' }), [1, 2]);
  assert.deepEqual(await listed(plane, { Type: 'AT_TIMESTAMP', Timestamp: 0 }), [1, 2]);
  assert.deepEqual(plane.failures, []);
});

test('a ShardFilter must have what its type needs, and nothing else', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  const refused: readonly (readonly [Filter, RegExp])[] = [
    [{ Type: 'AFTER_SHARD_ID' }, /ShardId must be provided/],
    [{ Type: 'AT_TIMESTAMP' }, /Timestamp must be provided/],
    [{ Type: 'FROM_TIMESTAMP' }, /Timestamp must be provided/],
    [{ Type: 'AT_LATEST', ShardId: 'shardId-0' }, /ShardId cannot be provided/],
    [{ Type: 'AT_TRIM_HORIZON', Timestamp: 1 }, /Timestamp cannot be provided/],
  ];
  for (const [filter, message] of refused) {
    await assert.rejects(listed(plane, filter), serviceError('InvalidArgumentException', message));
  }
});

test('pages go on with the filter of the first, for 300 seconds, for the one who asked', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 5);
  const first = await plane.client.ListShards({
    StreamName: 'orders',
    MaxResults: 2,
    ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000000' },
  });
  assert.deepEqual(
    first.Shards!.map((shard) => shard.ShardId.at(-1)),
    ['1', '2'],
  );
  const token = first.NextToken!;
  assert.ok(token.length <= 512);
  const second = await plane.client.ListShards({ NextToken: token, MaxResults: 2 });
  assert.deepEqual(
    second.Shards!.map((shard) => shard.ShardId.at(-1)),
    ['3', '4'],
  );
  assert.equal(second.NextToken, undefined);
  const refused = (input: object, message: string, by = call()) =>
    assert.rejects(
      plane.client.ListShards({ NextToken: token, ...input }, by),
      serviceError('InvalidArgumentException', message),
    );
  await refused({ StreamName: 'orders' }, 'NextToken and StreamName cannot be provided together.');
  await refused(
    { StreamCreationTimestamp: 1 },
    'NextToken and StreamCreationTimestamp cannot be provided together.',
  );
  await refused(
    { ExclusiveStartShardId: 'a' },
    'NextToken and ExclusiveStartShardId cannot be provided together.',
  );
  await refused({ NextToken: 'x' }, 'Invalid NextToken.');
  await refused({}, 'Invalid NextToken.', call('111111111111', REGION));
  await assert.rejects(
    plane.client.ListShards({}),
    serviceError('InvalidArgumentException', 'Either NextToken or StreamName should be provided.'),
  );
  await plane.clock.advance(300_000);
  await plane.client.ListShards({ NextToken: token });
  await plane.clock.advance(1);
  await assert.rejects(
    plane.client.ListShards({ NextToken: token }),
    serviceError('ExpiredNextTokenException', /expired/),
  );
});

test('a page goes on after a restart, and not into a new stream of the name', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 2);
  const { NextToken } = await plane.client.ListShards({ StreamName: 'orders', MaxResults: 1 });
  await plane.restart();
  assert.equal((await plane.client.ListShards({ NextToken })).Shards!.length, 1);
  await plane.client.DeleteStream({ StreamName: 'orders' });
  await plane.settle();
  await plane.create('orders', 2);
  await assert.rejects(plane.client.ListShards({ NextToken }), { name: 'ResourceNotFoundException' });
});

test('StreamCreationTimestamp tells streams of one name apart', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  const { StreamCreationTimestamp } = (await plane.client.DescribeStream({ StreamName: 'orders' }))
    .StreamDescription;
  assert.equal(StreamCreationTimestamp % 1000, 0);
  await plane.client.ListShards({ StreamName: 'orders', StreamCreationTimestamp });
  await assert.rejects(
    plane.client.ListShards({
      StreamName: 'orders',
      StreamCreationTimestamp: StreamCreationTimestamp - 1000,
    }),
    { name: 'ResourceNotFoundException' },
  );
});

test('DescribeStream lists at most 100 shards and goes on after ExclusiveStartShardId', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 101);
  const first = (await plane.client.DescribeStream({ StreamName: 'orders', Limit: 1000 })).StreamDescription;
  assert.equal(first.Shards.length, 100);
  assert.equal(first.HasMoreShards, true);
  const rest = (
    await plane.client.DescribeStream({
      StreamName: 'orders',
      ExclusiveStartShardId: first.Shards.at(-1)!.ShardId,
    })
  ).StreamDescription;
  assert.deepEqual(
    rest.Shards.map((shard) => shard.ShardId),
    ['shardId-000000000100'],
  );
  assert.equal(rest.HasMoreShards, false);
});
