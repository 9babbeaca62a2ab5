import assert from 'node:assert/strict';
import test from 'node:test';
import { ACCOUNT, call, openControlPlane, serviceError } from '../control-plane.testing.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a stream is CREATING without shards, then ACTIVE with equal ranges that cover every hash key', async () => {
  await using plane = await openControlPlane();
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 3 });
  const creating = (await plane.client.DescribeStream({ StreamName: 'orders' })).StreamDescription;
  assert.equal(creating.StreamStatus, 'CREATING');
  assert.deepEqual(creating.Shards, []);
  await assert.rejects(
    plane.client.ListShards({ StreamName: 'orders' }),
    serviceError('ResourceInUseException', /not ACTIVE, instead in state CREATING/),
  );
  await plane.settle();
  const { Shards, ...active } = (await plane.client.DescribeStream({ StreamName: 'orders' }))
    .StreamDescription;
  assert.equal(active.StreamStatus, 'ACTIVE');
  assert.equal(active.StreamARN, `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/orders`);
  assert.deepEqual(
    Shards.map((shard) => [shard.ShardId, shard.HashKeyRange]),
    [
      [
        'shardId-000000000000',
        { StartingHashKey: '0', EndingHashKey: '113427455640312821154458202477256070484' },
      ],
      [
        'shardId-000000000001',
        {
          StartingHashKey: '113427455640312821154458202477256070485',
          EndingHashKey: '226854911280625642308916404954512140969',
        },
      ],
      [
        'shardId-000000000002',
        {
          StartingHashKey: '226854911280625642308916404954512140970',
          EndingHashKey: '340282366920938463463374607431768211455',
        },
      ],
    ],
  );
  assert.deepEqual(plane.failures, []);
});

test('a name is taken per account and region only', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 }, call('111111111111'));
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 }, call(ACCOUNT, 'eu-west-1'));
  await assert.rejects(
    plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 }),
    serviceError('ResourceInUseException', `Stream orders under account ${ACCOUNT} already exists.`),
  );
  await assert.rejects(
    plane.client.DescribeStream({ StreamName: 'orders' }, call('222222222222')),
    serviceError('ResourceNotFoundException', 'Stream orders under account 222222222222 not found.'),
  );
});

test('two calls that create one name at once: one wins', async () => {
  await using plane = await openControlPlane();
  const both = await Promise.allSettled([
    plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 }),
    plane.client.CreateStream({ StreamName: 'orders', ShardCount: 2 }),
  ]);
  assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
});

test('a deleted stream is DELETING, then gone with its log, tags, consumers and keys', async () => {
  await using plane = await openControlPlane();
  const stream = await plane.create();
  await plane.client.AddTagsToStream({ StreamName: 'orders', Tags: new Map([['a', '1']]) });
  await plane.client.RegisterStreamConsumer({ StreamARN: stream.arn, ConsumerName: 'reader' });
  await plane.client.PutResourcePolicy({
    ResourceARN: stream.arn,
    Policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kinesis:*"}]}',
  });
  await plane.settle();
  await assert.rejects(
    plane.client.DeleteStream({ StreamName: 'orders' }),
    serviceError('ResourceInUseException', /has registered consumers/),
  );
  await plane.client.DeleteStream({ StreamName: 'orders', EnforceConsumerDeletion: true });
  assert.equal(plane.stream().status, 'DELETING');
  await assert.rejects(
    plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 }),
    serviceError('ResourceInUseException', /already exists/),
  );
  await assert.rejects(
    plane.client.DeleteStream({ StreamName: 'orders' }),
    serviceError('ResourceInUseException', /not ACTIVE, instead in state DELETING/),
  );
  await plane.settle();
  assert.deepEqual([...plane.log.logs().keys()], []);
  const rows = await plane.catalog.read(async (transaction) => [
    ...(await transaction.selectFrom('streams').selectAll().execute()),
    ...(await transaction.selectFrom('shards').selectAll().execute()),
    ...(await transaction.selectFrom('consumers').selectAll().execute()),
    ...(await transaction.selectFrom('tags').selectAll().execute()),
    ...(await transaction.selectFrom('resource_policies').selectAll().execute()),
    ...(await transaction.selectFrom('data_keys').selectAll().execute()),
  ]);
  assert.deepEqual(rows, []);
  await plane.create();
  assert.notEqual(plane.stream().id, stream.id);
  assert.deepEqual((await plane.client.ListTagsForStream({ StreamName: 'orders' })).Tags, []);
  assert.deepEqual(plane.failures, []);
});

test('every transition goes on after a restart in its middle', async () => {
  await using plane = await openControlPlane();
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 2 });
  await plane.restart();
  assert.equal(plane.stream().status, 'CREATING');
  await plane.settle();
  assert.equal(plane.stream().status, 'ACTIVE');
  assert.deepEqual(plane.log.logs().get(plane.stream().id), [0, 1]);

  const { arn } = plane.stream();
  await plane.client.MergeShards({
    StreamName: 'orders',
    ShardToMerge: 'shardId-000000000000',
    AdjacentShardToMerge: 'shardId-000000000001',
  });
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  await plane.restart();
  assert.equal(plane.stream().status, 'UPDATING');
  await plane.settle();
  assert.equal(plane.stream().status, 'ACTIVE');
  assert.deepEqual(
    plane.stream().openShards.map((shard) => shard.index),
    [2],
  );
  assert.equal(plane.stream().consumers[0]?.status, 'ACTIVE');

  await plane.client.DeregisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  await plane.client.StartStreamEncryption({
    StreamName: 'orders',
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  });
  await plane.restart();
  assert.equal(plane.stream().encryptionType, 'NONE');
  await plane.settle();
  assert.equal(plane.stream().encryptionType, 'KMS');
  assert.deepEqual(plane.stream().consumers, []);

  await plane.client.DeleteStream({ StreamName: 'orders' });
  await plane.restart();
  assert.equal(plane.stream().status, 'DELETING');
  await plane.settle();
  assert.throws(() => plane.stream());
  assert.deepEqual([...plane.log.logs().keys()], []);
  assert.deepEqual(plane.failures, []);
});

test('a start removes logs and partitions without rows, and makes those that rows have', async () => {
  await using plane = await openControlPlane();
  const stream = await plane.create('orders', 2);
  await plane.streams[Symbol.asyncDispose]();
  await plane.log.createLog('aaaaaaaaaaaaaaaaaaaa-bbb', [0]);
  await plane.keys.begin('aaaaaaaaaaaaaaaaaaaa-bbb');
  await plane.log.addPartitions(stream.id, [7, 8]);
  await plane.log.dropPartitions(stream.id, [1]);
  await plane.reopen();
  assert.deepEqual([...plane.log.logs()], [[stream.id, [0, 1]]]);
  const keys = await plane.catalog.read((transaction) =>
    transaction.selectFrom('data_keys').select('log_id').execute(),
  );
  assert.deepEqual(
    keys.map((key) => key.log_id),
    [stream.id],
  );
});

test('work that fails is told and tried again until it succeeds', async () => {
  await using plane = await openControlPlane();
  const createLog = plane.log.createLog.bind(plane.log);
  let failing = 2;
  plane.log.createLog = async (...given) => {
    if (failing-- > 0) throw new Error('the disk is full');
    return createLog(...given);
  };
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 });
  await plane.settle();
  assert.equal(plane.stream().status, 'CREATING');
  await plane.clock.advance(1000);
  await plane.turn();
  assert.equal(plane.stream().status, 'CREATING');
  await plane.clock.advance(1000);
  await plane.turn();
  assert.equal(plane.stream().status, 'ACTIVE');
  assert.equal(plane.failures.length, 2);
});

test('10,000 shards are created, described page by page and deleted within seconds', async () => {
  await using plane = await openControlPlane();
  const began = performance.now();
  await plane.create('wide', 10_000);
  const ids = new Set<string>();
  let token: string | undefined;
  do {
    const page = await plane.client.ListShards(
      token === undefined ? { StreamName: 'wide' } : { NextToken: token },
    );
    assert.ok(page.Shards!.length <= 1000);
    for (const shard of page.Shards!) ids.add(shard.ShardId);
    token = page.NextToken;
  } while (token !== undefined);
  assert.equal(ids.size, 10_000);
  await plane.client.DeleteStream({ StreamName: 'wide' });
  await plane.settle();
  assert.ok(performance.now() - began < 5000, `took ${performance.now() - began} ms`);
});

test('a stream that changes does not lose what is put into it meanwhile', async () => {
  await using plane = await openControlPlane();
  const stream = await plane.create();
  await plane.client.SplitShard({
    StreamName: 'orders',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: '170141183460469231731687303715884105728',
  });
  const puts = [];
  for (let at = 0; at < 20; at++) {
    puts.push(
      plane.client.PutRecord({ StreamName: 'orders', PartitionKey: String(at), Data: bytes(String(at)) }),
    );
    if (at === 10) await plane.settle();
  }
  const shards = (await Promise.all(puts)).map((put) => put.ShardId);
  assert.deepEqual([...new Set(shards)].sort(), [
    'shardId-000000000000',
    'shardId-000000000001',
    'shardId-000000000002',
  ]);
  const parent = plane.stream().shards[0]!;
  assert.equal(parent.closedPosition, plane.log.bounds(stream.id, 0).last);
});
