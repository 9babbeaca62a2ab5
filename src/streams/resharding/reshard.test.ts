import assert from 'node:assert/strict';
import test from 'node:test';
import { CatalogFullError } from '../../catalog/catalog.ts';
import { openMemoryLog } from '../../log/memory/memory-log.ts';
import { ACCOUNT, openControlPlane, serviceError, type ControlPlane } from '../control-plane.testing.ts';
import { compareHashKeys } from './hash-key-ranges.ts';
import type { Shard, Stream } from '../directory/stream.ts';

const HALF = '170141183460469231731687303715884105728';
const LAST = '340282366920938463463374607431768211455';
const FIRST = 'shardId-000000000000';
const SECOND = 'shardId-000000000001';
const bytes = (text: string) => new TextEncoder().encode(text);

function split(plane: ControlPlane, shard: string, key: string) {
  return plane.client.SplitShard({ StreamName: 'orders', ShardToSplit: shard, NewStartingHashKey: key });
}
function merge(plane: ControlPlane, first: string, second: string) {
  return plane.client.MergeShards({
    StreamName: 'orders',
    ShardToMerge: first,
    AdjacentShardToMerge: second,
  });
}
function scale(plane: ControlPlane, target: number) {
  return plane.client.UpdateShardCount({
    StreamName: 'orders',
    TargetShardCount: target,
    ScalingType: 'UNIFORM_SCALING',
  });
}

/** Open shards cover every key once; children come after their parents in every order there is. */
function checkShardMap(stream: Stream): void {
  let next = 0n;
  for (const shard of stream.openShards) {
    assert.equal(BigInt(shard.startingHashKey), next);
    next = BigInt(shard.endingHashKey) + 1n;
  }
  assert.equal(next, 1n << 128n);
  const byIndex = new Map(stream.shards.map((shard) => [shard.index, shard]));
  for (const shard of stream.shards) {
    for (const parent of parents(shard, byIndex)) {
      assert.ok(shard.createdSeconds > parent.createdSeconds, 'a creation second is above the parents');
      assert.ok(parent.closedMs !== undefined && parent.closedMs <= shard.createdMs);
      assert.ok(parent.index < shard.index);
    }
  }
}
function parents(shard: Shard, byIndex: ReadonlyMap<number, Shard>): Shard[] {
  return [shard.parentIndex, shard.adjacentParentIndex].flatMap((index) => byIndex.get(index ?? -1) ?? []);
}
function widths(stream: Stream): number[] {
  return stream.openShards.map(
    (shard) => Number(BigInt(shard.endingHashKey) - BigInt(shard.startingHashKey)) / 2 ** 128,
  );
}

test('a split closes the parent and opens two children, a merge one over both, and the lineage is listed', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data: bytes('1') });
  await split(plane, FIRST, HALF);
  const updating = (await plane.client.DescribeStreamSummary({ StreamName: 'orders' }))
    .StreamDescriptionSummary;
  assert.equal(updating.StreamStatus, 'UPDATING');
  assert.equal(updating.OpenShardCount, 1);
  await plane.settle();
  checkShardMap(plane.stream());
  assert.equal(plane.stream().shards[0]!.closedPosition, plane.log.bounds(plane.stream().id, 0).last);
  // Other names of one shard are the same shard.
  await merge(plane, 'shardId-1', '2');
  await plane.settle();
  checkShardMap(plane.stream());
  const { Shards } = await plane.client.ListShards({ StreamName: 'orders' });
  assert.deepEqual(
    Shards!.map((shard) => [
      shard.ShardId.at(-1),
      shard.ParentShardId?.at(-1),
      shard.AdjacentParentShardId?.at(-1),
      shard.HashKeyRange.StartingHashKey,
      shard.HashKeyRange.EndingHashKey,
      shard.SequenceNumberRange.EndingSequenceNumber !== undefined,
    ]),
    [
      ['0', undefined, undefined, '0', LAST, true],
      ['1', '0', undefined, '0', String(BigInt(HALF) - 1n), true],
      ['2', '0', undefined, HALF, LAST, true],
      ['3', '1', '2', '0', LAST, false],
    ],
  );
  for (const shard of Shards!.slice(1)) {
    const parent = Shards!.find((one) => one.ShardId === shard.ParentShardId)!;
    assert.ok(
      compareHashKeys(
        shard.SequenceNumberRange.StartingSequenceNumber,
        parent.SequenceNumberRange.EndingSequenceNumber!,
      ) > 0,
    );
  }
  assert.deepEqual(plane.failures, []);
});

test('SplitShard refuses in the order and the words of AWS', async () => {
  await using plane = await openControlPlane();
  await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 2 });
  const under = `in stream orders under account ${ACCOUNT}`;
  await assert.rejects(
    split(plane, 'shard-x', HALF),
    serviceError('ResourceNotFoundException', `Could not find shard shard-x ${under}.`),
  );
  await assert.rejects(
    split(plane, FIRST, '5'),
    serviceError(
      'ResourceInUseException',
      `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state CREATING`,
    ),
  );
  await plane.settle();
  await assert.rejects(
    split(plane, 'shardId-9', '5'),
    serviceError('ResourceNotFoundException', `Could not find shard shardId-000000000009 ${under}.`),
  );
  const end = String(BigInt(HALF) - 1n);
  for (const key of ['0', '1', end, HALF, LAST]) {
    await assert.rejects(
      split(plane, FIRST, key),
      serviceError(
        'InvalidArgumentException',
        `NewStartingHashKey ${key} used in SplitShard() on shard ${FIRST} ${under} is not both greater than one plus ` +
          `the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${end}.`,
      ),
    );
  }
  await split(plane, FIRST, '2');
  await assert.rejects(split(plane, FIRST, '5'), serviceError('ResourceInUseException', /state UPDATING$/));
  await plane.settle();
  checkShardMap(plane.stream());
  await assert.rejects(
    split(plane, FIRST, '5'),
    serviceError(
      'InvalidArgumentException',
      `Shard ${FIRST} ${under} has already been merged or split, and thus is not eligible for merging or splitting.`,
    ),
  );
});

test('MergeShards refuses what is not an adjacent pair in order', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 3);
  const under = `in stream orders under account ${ACCOUNT}`;
  for (const [first, second] of [
    [SECOND, FIRST],
    [FIRST, FIRST],
    [FIRST, 'shardId-000000000002'],
  ] as const) {
    await assert.rejects(
      merge(plane, first, second),
      serviceError(
        'InvalidArgumentException',
        `Shards ${first} and ${second} ${under} are not an adjacent pair of shards eligible for merging`,
      ),
    );
  }
  await assert.rejects(
    merge(plane, FIRST, 'shardId-7'),
    serviceError('ResourceNotFoundException', /000000000007/),
  );
  await merge(plane, FIRST, SECOND);
  await plane.settle();
  await assert.rejects(
    merge(plane, FIRST, SECOND),
    serviceError('InvalidArgumentException', /already been merged or split/),
  );
});

test('the account limit counts open shards, with those that are about to open', async () => {
  await using plane = await openControlPlane({ limits: { shardsPerAccount: 5 } });
  await plane.create('orders', 2);
  await plane.create('others', 2);
  const refused = (current: number, additional: number) =>
    serviceError(
      'LimitExceededException',
      `This request would exceed the shard limit for the account ${ACCOUNT} in us-east-1. Current shard count for the account: ${current}. ` +
        `Limit: 5. Number of additional shards that would have resulted from this request: ${additional}. Refer to the AWS Service Limits page ` +
        '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.',
    );
  await assert.rejects(plane.client.CreateStream({ StreamName: 'third', ShardCount: 2 }), refused(4, 2));
  await split(plane, FIRST, '5');
  await assert.rejects(
    plane.client.SplitShard({ StreamName: 'others', ShardToSplit: FIRST, NewStartingHashKey: '5' }),
    refused(5, 1),
  );
  await plane.settle();
  await assert.rejects(scale(plane, 6), refused(5, 3));
  await merge(plane, 'shardId-2', 'shardId-3');
  await plane.settle();
  await plane.client.CreateStream({ StreamName: 'third', ShardCount: 1 });
});

test('UpdateShardCount reaches every target with equal ranges', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 2);
  for (const target of [2, 3, 6, 5, 10, 7, 4, 8, 1]) {
    const answer = await scale(plane, target);
    assert.deepEqual(
      [answer.StreamName, answer.CurrentShardCount, answer.TargetShardCount],
      ['orders', plane.stream().openShards.length, target],
    );
    await plane.settle();
    const stream = plane.stream();
    checkShardMap(stream);
    assert.equal(stream.openShards.length, target);
    for (const width of widths(stream)) assert.ok(Math.abs(width * target - 1) < 1e-5);
    assert.deepEqual(
      plane.log.logs().get(stream.id),
      stream.shards.map((shard) => shard.index),
    );
  }
  assert.deepEqual(plane.failures, []);
});

test('doubling only splits, halving only merges, also where ranges differ by a key', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 3);
  await scale(plane, 6);
  await plane.settle();
  assert.equal(plane.stream().shards.length, 9);
  await scale(plane, 3);
  await plane.settle();
  assert.equal(plane.stream().shards.length, 12);
});

test('UpdateShardCount takes uneven shards to even ones', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await split(plane, FIRST, '2');
  await plane.settle();
  await split(plane, 'shardId-2', '100');
  await plane.settle();
  await scale(plane, 3);
  await plane.settle();
  checkShardMap(plane.stream());
  for (const width of widths(plane.stream())) assert.ok(Math.abs(width * 3 - 1) < 1e-5);
});

test('UpdateShardCount keeps to double, half, 10,000 and ten a day', async () => {
  await using plane = await openControlPlane({
    limits: { shardCountMaxByUpdate: 8, updateShardCountsPerDay: 2 },
  });
  await plane.create('large', 10);
  const shrink = (TargetShardCount: number) =>
    plane.client.UpdateShardCount({
      StreamName: 'large',
      TargetShardCount,
      ScalingType: 'UNIFORM_SCALING',
    });
  await assert.rejects(shrink(8), { name: 'LimitExceededException' });
  await shrink(7);
  await plane.create('orders', 4);
  await assert.rejects(
    scale(plane, 9),
    serviceError(
      'LimitExceededException',
      'Target shard count or number of open shards cannot be greater than 8. Current open shard count: 4 Target shard count: 9',
    ),
  );
  await assert.rejects(
    scale(plane, 1),
    serviceError(
      'LimitExceededException',
      'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 4 Target shard count: 1',
    ),
  );
  await scale(plane, 2);
  await plane.settle();
  await assert.rejects(
    scale(plane, 5),
    serviceError(
      'LimitExceededException',
      'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2 Target shard count: 5',
    ),
  );
  await scale(plane, 4);
  await plane.settle();
  await assert.rejects(
    scale(plane, 4),
    serviceError(
      'LimitExceededException',
      /cannot scale stream: orders more than 2 times in a rolling 24 hour period/,
    ),
  );
  await plane.later(24 * 60 * 60 * 1000);
  await scale(plane, 4);
});

test('on-demand streams are not resharded by hand', async () => {
  await using plane = await openControlPlane();
  await plane.client.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await plane.settle();
  const refused = serviceError(
    'ValidationException',
    `Request is invalid. Stream orders under account ${ACCOUNT} is in On-Demand mode.`,
  );
  await assert.rejects(scale(plane, 4), refused);
  await assert.rejects(split(plane, FIRST, '5'), refused);
  await assert.rejects(merge(plane, FIRST, SECOND), refused);
});

test('a clock that was set back does not bring children before their parents, nor a closing before its records', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create();
  await plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data: bytes('1') });
  plane.clock.setWallTime(plane.clock.now() - 3_600_000);
  await split(plane, FIRST, HALF);
  await plane.settle();
  checkShardMap(plane.stream());
  assert.equal(plane.stream().openShards.length, 2);
  assert.ok(plane.stream().shards[0]!.closedMs! >= plane.log.bounds(id, 0).lastTimeMs);
});

test('a shard that is closed while the clock is behind its creation is listed and keeps its records', async () => {
  await using plane = await openControlPlane();
  // Not in a whole second: arrival times keep to the shard's creation second, which is before its creation.
  await plane.clock.advance(700);
  await plane.create();
  plane.clock.setWallTime(plane.clock.now() - 4 * 3_600_000);
  await plane.client.PutRecord({ StreamName: 'orders', Data: bytes('a'), PartitionKey: 'k' });
  await split(plane, FIRST, HALF);
  await plane.settle();
  await plane.clock.advance(30_000);
  const { Shards = [] } = await plane.client.ListShards({ StreamName: 'orders' });
  assert.deepEqual(
    Shards.map((shard) => shard.ShardId),
    [FIRST, SECOND, 'shardId-000000000002'],
  );
  const { ShardIterator } = await plane.client.GetShardIterator({
    ...{ StreamName: 'orders', ShardId: FIRST, ShardIteratorType: 'TRIM_HORIZON' },
  });
  const { Records } = await plane.client.GetRecords({ ShardIterator: ShardIterator! });
  assert.equal(Records.length, 1);
});

test('a reshard whose commit fails, or that a crash cuts off after the partitions were made, is done after the start', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  await split(plane, FIRST, HALF);
  const transact = plane.catalog.transact.bind(plane.catalog);
  plane.catalog.transact = () => Promise.reject(new CatalogFullError('full'));
  await plane.settle();
  assert.equal(plane.stream().status, 'UPDATING');
  assert.equal(plane.failures.length, 1);
  assert.deepEqual(plane.log.logs().get(plane.stream().id), [0, 1, 2]);
  // Writing was held only while it was tried.
  await plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data: bytes('1') });
  plane.catalog.transact = transact;
  await plane.restart();
  assert.deepEqual(plane.log.logs().get(plane.stream().id), [0]);
  await plane.settle();
  checkShardMap(plane.stream());
  assert.equal(plane.stream().shards[0]!.closedPosition, plane.log.bounds(plane.stream().id, 0).last);
  assert.deepEqual(plane.log.logs().get(plane.stream().id), [0, 1, 2]);
});

test('a shard is closed after the writes that were on their way to it', async () => {
  const log = openMemoryLog();
  const append = log.append.bind(log);
  const slow = Promise.withResolvers<void>();
  log.append = async (...given) => {
    await slow.promise;
    return append(...given);
  };
  await using plane = await openControlPlane({ log });
  const { id } = await plane.create();
  const put = plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data: bytes('1') });
  await split(plane, FIRST, HALF);
  await plane.settle();
  assert.equal(plane.stream().status, 'UPDATING');
  const late = plane.client.PutRecord({ StreamName: 'orders', PartitionKey: 'a', Data: bytes('2') });
  slow.resolve();
  await plane.turn();
  assert.equal((await put).ShardId, FIRST);
  assert.notEqual((await late).ShardId, FIRST);
  const parent = plane.stream().shards[0]!;
  assert.ok(parent.closedPosition! > 0);
  assert.equal(parent.closedPosition, log.bounds(id, 0).last);
});

test('a reshard that is no longer pending is not done', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create();
  await split(plane, FIRST, HALF);
  await plane.catalog.transact((transaction) =>
    transaction
      .updateTable('streams')
      .set({ pending_json: null, status: 'ACTIVE' })
      .where('stream_id', '=', id)
      .execute(),
  );
  await plane.settle();
  assert.equal(plane.stream().openShards.length, 1);
});
