import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ACCOUNT,
  bytesOf,
  callOf,
  openDataPlane,
  refused,
  textOf,
  type TestPlane,
} from '../data-plane.testing.ts';
import { continuationSequenceNumber, startingSequenceNumber } from '../records/sequence-number.ts';
import type { Position } from '../../log/log.ts';

const SHARD = 'shardId-000000000000';
type Input = Parameters<TestPlane['getShardIterator']>[0];

async function prepared() {
  const plane = openDataPlane({
    limits: { shardIteratorsPerSecond: Infinity, shardReadsPerSecond: Infinity },
  });
  const stream = await plane.createStream('s', 2);
  const numbers: string[] = [];
  const put = async (text: string) => {
    const input = { StreamName: 's', Data: bytesOf(text), PartitionKey: 'k', ExplicitHashKey: '0' };
    numbers.push((await plane.putRecord(input, callOf())).SequenceNumber);
  };
  const startMs = plane.clock.now();
  for (const text of ['a', 'b', 'c']) {
    await put(text);
    await plane.clock.advance(1000);
  }
  const iterator = async (input: Partial<Input>) => {
    const given = { StreamName: 's', ShardId: SHARD, ShardIteratorType: 'LATEST', ...input } as Input;
    return (await plane.getShardIterator(given, callOf())).ShardIterator!;
  };
  const read = async (input: Partial<Input>) => {
    const answer = await plane.getRecords({ ShardIterator: await iterator(input) }, callOf());
    return answer.Records.map((record) => textOf(record.Data)).join('');
  };
  return { plane, stream, numbers, put, startMs, iterator, read };
}

test('TRIM_HORIZON, sequence numbers and timestamps start where AWS says', async () => {
  const { numbers, startMs, read, stream } = await prepared();
  assert.equal(await read({ ShardIteratorType: 'TRIM_HORIZON' }), 'abc');
  const at = (StartingSequenceNumber: string) =>
    read({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber });
  const after = (StartingSequenceNumber: string) =>
    read({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber });
  assert.deepEqual([await at(numbers[1]!), await after(numbers[1]!)], ['bc', 'c']);
  assert.deepEqual([await at(numbers[0]!), await after(numbers[2]!)], ['abc', '']);
  const start = startingSequenceNumber(stream.shards[0]!);
  assert.deepEqual([await at(start), await after(start)], ['abc', 'abc']);
  const time = (Timestamp: number) => read({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
  assert.deepEqual(
    [
      await time(0),
      await time(startMs),
      await time(startMs + 1),
      await time(startMs + 1000),
      await time(startMs + 3000),
    ],
    ['abc', 'abc', 'bc', 'bc', ''],
  );
});

test('a continuation means the same with AT and AFTER', async () => {
  const { stream, startMs, read } = await prepared();
  const number = continuationSequenceNumber(stream.shards[0]!, 2 as Position, startMs);
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    assert.equal(await read({ ShardIteratorType, StartingSequenceNumber: number }), 'c');
  }
});

test('LATEST is pinned at the time of the call', async () => {
  const { plane, put, iterator } = await prepared();
  const latest = await iterator({ ShardIteratorType: 'LATEST' });
  await put('d');
  await plane.clock.advance(2000);
  await put('e');
  const { Records } = await plane.getRecords({ ShardIterator: latest }, callOf());
  assert.equal(Records.map((record) => textOf(record.Data)).join(''), 'de');
});

test('an AT_TIMESTAMP between the last record and now starts with the next one', async () => {
  const { plane, put, iterator } = await prepared();
  const later = await iterator({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: plane.clock.now() });
  await put('d');
  const { Records } = await plane.getRecords({ ShardIterator: later }, callOf());
  assert.equal(Records.map((record) => textOf(record.Data)).join(''), 'd');
});

test('a shard is named in each way that AWS understands', async () => {
  const { iterator } = await prepared();
  for (const ShardId of [SHARD, 'shardId-0', '0', 'anything-0']) assert.ok(await iterator({ ShardId }));
  for (const ShardId of ['shardId-', 'shardId-x', 'x', 'shardId-2147483648', 'shardId--1']) {
    await refused(
      iterator({ ShardId }),
      'ResourceNotFoundException',
      `Could not find shard ${ShardId} in stream s under account ${ACCOUNT}.`,
    );
  }
  await refused(
    iterator({ ShardId: 'shardId-7' }),
    'ResourceNotFoundException',
    `Shard shardId-000000000007 in stream s under account ${ACCOUNT} does not exist`,
  );
  for (const StreamName of ['none']) {
    await refused(
      iterator({ StreamName }),
      'ResourceNotFoundException',
      `Shard ${SHARD} in stream none under account ${ACCOUNT} does not exist`,
    );
    await refused(
      iterator({ StreamName, ShardId: 'x' }),
      'ResourceNotFoundException',
      `Could not find shard x in stream none under account ${ACCOUNT}.`,
    );
  }
});

test('a stream that is being made or deleted has no shards to read', async () => {
  const { plane, stream, iterator } = await prepared();
  for (const status of ['CREATING', 'DELETING'] as const) {
    plane.change(stream.id, { status });
    await refused(
      iterator({}),
      'ResourceNotFoundException',
      `Shard ${SHARD} in stream s under account ${ACCOUNT} does not exist`,
    );
  }
});

test('type and sequence number must go together', async () => {
  const { numbers, iterator } = await prepared();
  const text =
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
    '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ';
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    await refused(
      iterator({ ShardIteratorType }),
      'InvalidArgumentException',
      `${text}${ShardIteratorType} and no StartingSequenceNumber.`,
    );
  }
  for (const ShardIteratorType of ['TRIM_HORIZON', 'LATEST'] as const) {
    await refused(
      iterator({ ShardIteratorType, StartingSequenceNumber: numbers[0] }),
      'InvalidArgumentException',
      `${text}${ShardIteratorType} and also a StartingSequenceNumber.`,
    );
  }
});

test('a timestamp must be given and not lie in the future', async () => {
  const { plane, iterator } = await prepared();
  await refused(
    iterator({ ShardIteratorType: 'AT_TIMESTAMP' }),
    'InvalidArgumentException',
    'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
  );
  const now = plane.clock.now();
  await refused(
    iterator({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: now + 1 }),
    'InvalidArgumentException',
    'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
      `timestampInMillis: ${now + 1}, currentTimestampInMillis: ${now}`,
  );
});

test('a sequence number must be one of the shard', async () => {
  const { plane, stream, iterator } = await prepared();
  const at = (StartingSequenceNumber: string, ShardId = SHARD) =>
    iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber, ShardId });
  const used = (number: string) =>
    `StartingSequenceNumber ${number} used in GetShardIterator on shard ${SHARD} in stream s under account ${ACCOUNT} is invalid`;
  const none = '9'.repeat(60);
  await refused(at(none), 'InvalidArgumentException', `${used(none)}.`);
  const [first, second] = stream.shards;
  await refused(
    at(startingSequenceNumber(second!)),
    'InvalidArgumentException',
    `Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with ${SHARD}`,
  );
  const foreign = startingSequenceNumber({ ...first!, createdSeconds: first!.createdSeconds - 1 });
  for (const number of [foreign, '0']) {
    await refused(
      at(number),
      'InvalidArgumentException',
      `${used(number)} because it did not come from this stream.`,
    );
  }
  assert.ok(plane);
});

test('five iterators a second are given for a shard', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 2);
  const get = (ShardId: string) =>
    plane.getShardIterator({ StreamName: 's', ShardId, ShardIteratorType: 'LATEST' }, callOf());
  for (let call = 0; call < 5; call++) await get(SHARD);
  await refused(
    get(SHARD),
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${SHARD} in stream s under account ${ACCOUNT}.`,
  );
  await get('shardId-1');
  await plane.clock.advance(200);
  await get(SHARD);
  await refused(get(SHARD), 'ProvisionedThroughputExceededException');
});

test('DryRun checks, does not count, and gives nothing', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const input = { StreamName: 's', ShardId: SHARD, ShardIteratorType: 'LATEST', DryRun: true } as const;
  for (let call = 0; call < 9; call++) {
    await refused(plane.getShardIterator(input, callOf()), 'DryRunOperationException');
  }
  await refused(plane.getShardIterator({ ...input, ShardId: '5' }, callOf()), 'ResourceNotFoundException');
  await refused(
    plane.getShardIterator({ ...input, ShardIteratorType: 'AT_TIMESTAMP' }, callOf()),
    'InvalidArgumentException',
  );
  assert.ok((await plane.getShardIterator({ ...input, DryRun: false }, callOf())).ShardIterator);
});
