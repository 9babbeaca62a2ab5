import assert from 'node:assert/strict';
import test from 'node:test';
import { openControlPlane, serviceError } from '../control-plane.testing.ts';
import { openStreamDirectory } from './directory.ts';

test('watchers hear of every change once, in order, each with what was before', async () => {
  await using plane = await openControlPlane();
  const heard: string[][] = [[], []];
  using _first = plane.streams.directory.watch((before, now) => {
    heard[0]!.push(`${before?.status} v${before?.version} -> ${now?.status} v${now?.version}`);
  });
  using second = plane.streams.directory.watch((before, now) => {
    heard[1]!.push(`${before?.status} v${before?.version} -> ${now?.status} v${now?.version}`);
  });
  await plane.create();
  await Promise.all(
    ['a', 'b', 'c'].map((key) =>
      plane.client.AddTagsToStream({ StreamName: 'orders', Tags: new Map([[key, '1']]) }),
    ),
  );
  second[Symbol.dispose]();
  await plane.client.DeleteStream({ StreamName: 'orders' });
  await plane.settle();
  assert.deepEqual(heard[0]!.slice(0, heard[1]!.length), heard[1]);
  assert.equal(heard[0]![0], 'undefined vundefined -> CREATING v1');
  assert.equal(heard[0]!.at(-1), 'DELETING v6 -> undefined vundefined');
  for (const [at, line] of heard[0]!.entries()) {
    assert.equal(line.split(' -> ')[0], heard[0]![at - 1]?.split(' -> ')[1] ?? 'undefined vundefined');
  }
});

test('a directory that is opened anew shows the same', async () => {
  await using plane = await openControlPlane();
  await plane.create('b', 3);
  await plane.create('a', 2);
  const { arn } = plane.stream('a');
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  await plane.client.SplitShard({
    StreamName: 'b',
    ShardToSplit: '1',
    NewStartingHashKey: String(2n ** 127n),
  });
  const again = await openStreamDirectory(plane.catalog);
  for (const stream of plane.streams.directory.all()) assert.deepEqual(again.byId(stream.id), stream);
  assert.deepEqual(
    again.list('000000000000', 'us-east-1').map((stream) => stream.name),
    ['a', 'b'],
  );
});

test('many control operations at once on one stream: one reshards, the others find it UPDATING', async () => {
  await using plane = await openControlPlane();
  await plane.create('orders', 10);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 9 }, (_, at) =>
      plane.client.MergeShards({
        StreamName: 'orders',
        ShardToMerge: String(at),
        AdjacentShardToMerge: String(at + 1),
      }),
    ),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 8);
  for (const { reason } of refused) assert.equal(reason.name, 'ResourceInUseException');
  await plane.settle();
  assert.equal(plane.stream().openShards.length, 9);
});

test('a stream that goes while it is being changed is not found', async () => {
  await using plane = await openControlPlane();
  await plane.create();
  const transact = plane.catalog.transact.bind(plane.catalog);
  plane.catalog.transact = async (change) => {
    await transact((transaction) => transaction.deleteFrom('streams').execute());
    return transact(change);
  };
  await assert.rejects(
    plane.client.UpdateMaxRecordSize({ StreamARN: plane.stream().arn, MaxRecordSizeInKiB: 2048 }),
    serviceError('ResourceNotFoundException', /^Stream orders under account \d+ not found\.$/),
  );
  plane.catalog.transact = transact;
});

test('consumers and streams settle on time although the wall clock was set back', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  await plane.client.SplitShard({ StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '99' });
  plane.clock.setWallTime(plane.clock.now() - 3_600_000);
  await plane.restart();
  await plane.settle();
  await plane.settle();
  assert.equal(plane.stream().status, 'ACTIVE');
  assert.equal(plane.stream().consumers[0]!.status, 'ACTIVE');
});

test('a directory that could not be read once goes on', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create();
  const directory = await openStreamDirectory(plane.catalog);
  const read = plane.catalog.read.bind(plane.catalog);
  plane.catalog.read = () => Promise.reject(new Error('unreadable'));
  await assert.rejects(directory.refresh(id), { message: 'unreadable' });
  plane.catalog.read = read;
  await plane.client.UpdateMaxRecordSize({ StreamARN: plane.stream().arn, MaxRecordSizeInKiB: 2048 });
  await directory.refresh(id);
  assert.equal(directory.byId(id)!.maxRecordBytes, 2048 * 1024);
});

test('a slow read never brings back what a later one saw go', async () => {
  await using plane = await openControlPlane();
  const { id } = await plane.create();
  const directory = await openStreamDirectory(plane.catalog);
  const read = plane.catalog.read.bind(plane.catalog);
  const slow = Promise.withResolvers<void>();
  plane.catalog.read = async (query) => {
    const result = await read(query);
    await slow.promise;
    return result;
  };
  await plane.catalog.transact((transaction) =>
    transaction.updateTable('streams').set({ version: 9 }).where('stream_id', '=', id).execute(),
  );
  const first = directory.refresh(id);
  await plane.turn();
  plane.catalog.read = read;
  await plane.catalog.transact((transaction) =>
    transaction.deleteFrom('streams').where('stream_id', '=', id).execute(),
  );
  const second = directory.refresh(id);
  await plane.turn();
  slow.resolve();
  await Promise.all([first, second]);
  assert.equal(directory.byId(id), undefined);
});
