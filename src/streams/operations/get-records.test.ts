import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogFailedError, type Position } from '../../log/log.ts';
import {
  ACCOUNT,
  bytesOf,
  callOf,
  openDataPlane,
  readAll,
  refused,
  textOf,
  type TestPlane,
} from '../data-plane.testing.ts';
import { sealIterator } from '../reading/shard-iterator.ts';

const SHARD = 'shardId-000000000000';
const WHOLE = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) };

async function fill(plane: TestPlane, texts: readonly string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: bytesOf(text), PartitionKey: 'k' }));
  await plane.putRecords({ StreamName: 's', Records }, callOf());
}

async function iterate(plane: TestPlane, type: 'TRIM_HORIZON' | 'LATEST' = 'TRIM_HORIZON', shard = SHARD) {
  const input = { StreamName: 's', ShardId: shard, ShardIteratorType: type };
  return (await plane.getShardIterator(input, callOf())).ShardIterator!;
}

const texts = (records: readonly { readonly Data: Uint8Array }[]) =>
  records.map((record) => textOf(record.Data)).join('');

test('pages follow one another; an iterator may be used again', async () => {
  const plane = openDataPlane({ limits: { shardReadsPerSecond: Infinity } });
  await plane.createStream('s', 1);
  await fill(plane, [...'abcdefg']);
  const first = await iterate(plane);
  const pages = [];
  for (let iterator = first; pages.length < 4;) {
    const page = await plane.getRecords({ ShardIterator: iterator, Limit: 3 }, callOf());
    pages.push(texts(page.Records));
    assert.equal(page.ChildShards, undefined);
    iterator = page.NextShardIterator!;
  }
  assert.deepEqual(pages, ['abc', 'def', 'g', '']);
  const again = await plane.getRecords({ ShardIterator: first, Limit: 3 }, callOf());
  assert.equal(texts(again.Records), 'abc');
});

test('an empty answer still gives a fresh iterator, which lives five minutes more', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  let iterator = await iterate(plane, 'LATEST');
  for (let round = 0; round < 3; round++) {
    await plane.clock.advance(200_000);
    const answer = await plane.getRecords({ ShardIterator: iterator }, callOf());
    assert.deepEqual(answer.Records, []);
    assert.equal(answer.MillisBehindLatest, 0);
    assert.notEqual(answer.NextShardIterator, iterator);
    iterator = answer.NextShardIterator!;
  }
  await fill(plane, ['a']);
  assert.equal(texts((await plane.getRecords({ ShardIterator: iterator }, callOf())).Records), 'a');
});

test('an iterator expires after five minutes, in the words of AWS', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  plane.clock.setWallTime(Date.UTC(2015, 0, 22, 1, 22, 2));
  const iterator = await iterate(plane);
  await plane.clock.advance(300_000);
  await plane.getRecords({ ShardIterator: iterator }, callOf());
  await plane.clock.advance(1000);
  await refused(
    plane.getRecords({ ShardIterator: iterator }, callOf()),
    'ExpiredIteratorException',
    'Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2015 while right now it is ' +
      'Thu Jan 22 01:27:03 UTC 2015 which is further in the future than the tolerated delay of 300000 milliseconds.',
  );
  plane.clock.setWallTime(Date.UTC(2015, 0, 22, 1, 0, 0));
  await plane.getRecords({ ShardIterator: iterator }, callOf());
});

test('what is no iterator of ours is invalid', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const iterator = await iterate(plane);
  const altered = (iterator.startsWith('A') ? 'B' : 'A') + iterator.slice(1);
  const other = plane.tokens.seal('list-shards', 'x');
  for (const ShardIterator of ['x', 'AAAA', `"${iterator}"`, altered, other, iterator.slice(4)]) {
    await refused(
      plane.getRecords({ ShardIterator }, callOf()),
      'InvalidArgumentException',
      'Invalid ShardIterator.',
    );
  }
  await refused(
    plane.getRecords({ ShardIterator: iterator }, callOf({ region: 'eu-west-1' })),
    'InvalidArgumentException',
    'Invalid ShardIterator.',
  );
});

test('an iterator reads only for the account of its stream, or by an authorized ARN', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const other = await plane.createStream('other', 1);
  await fill(plane, ['a']);
  const iterator = await iterate(plane);
  const call = callOf({ account: '111111111111' });
  await refused(plane.getRecords({ ShardIterator: iterator }, call), 'AccessDeniedException');
  const { Records } = await plane.getRecords({ ShardIterator: iterator, StreamARN: stream.arn }, call);
  assert.equal(texts(Records), 'a');
  await refused(
    plane.getRecords({ ShardIterator: iterator, StreamARN: other.arn }, callOf()),
    'InvalidArgumentException',
  );
});

test('a page holds 10 MiB at most, and at least one record', async () => {
  const plane = openDataPlane({
    limits: { shardReadBytesPerSecond: Infinity, shardWriteBytesPerSecond: Infinity },
  });
  await plane.createStream('s', 1, { maxRecordBytes: 10 * 2 ** 20 });
  for (const mib of [4, 4, 4, 10, 1]) {
    const Data = new Uint8Array(mib * 2 ** 20 - 1);
    await plane.putRecord({ StreamName: 's', Data, PartitionKey: 'k' }, callOf());
  }
  const sizes = [];
  for (let iterator = await iterate(plane); sizes.length < 4;) {
    const page = await plane.getRecords({ ShardIterator: iterator }, callOf());
    sizes.push(page.Records.map((record) => (record.Data.length + 1) / 2 ** 20));
    iterator = page.NextShardIterator!;
  }
  assert.deepEqual(sizes, [[4, 4], [4], [10], [1]]);
});

test('MillisBehindLatest is not 0 while there is more, though the clock was set back since', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  await fill(plane, ['a', 'b']);
  plane.clock.setWallTime(plane.clock.now() - 60_000);
  const first = await plane.getRecords({ ShardIterator: await iterate(plane), Limit: 1 }, callOf());
  assert.equal(first.MillisBehindLatest, 1);
  const second = await plane.getRecords({ ShardIterator: first.NextShardIterator!, Limit: 1 }, callOf());
  assert.equal(second.MillisBehindLatest, 0);
});

test('MillisBehindLatest is the age of the last record while there is more', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  await fill(plane, ['a']);
  await plane.clock.advance(1000);
  await fill(plane, ['b']);
  await plane.clock.advance(500);
  const first = await plane.getRecords({ ShardIterator: await iterate(plane), Limit: 1 }, callOf());
  assert.equal(first.MillisBehindLatest, 1500);
  const second = await plane.getRecords({ ShardIterator: first.NextShardIterator!, Limit: 1 }, callOf());
  assert.equal(second.MillisBehindLatest, 0);
});

test('a closed shard ends where it was closed, though its log has a record behind that', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  await fill(plane, [...'ab']);
  await plane.reshard(stream.id, [0], [WHOLE]);
  const [shard] = plane.directory.byId(stream.id)!.shards;
  // As if 'b' had been in doubt when the shard was closed, and had come back with a restart.
  const { after: closedPosition } = await plane.log.read(stream.id, 0, 0 as Position, 1, 1000);
  const shards = plane.directory
    .byId(stream.id)!
    .shards.map((one) => (one.index === 0 ? { ...shard!, closedPosition } : one));
  plane.change(stream.id, { shards });
  const first = await plane.getRecords({ ShardIterator: await iterate(plane) }, callOf());
  assert.equal(texts(first.Records), 'a');
  const last = await plane.getRecords({ ShardIterator: first.NextShardIterator! }, callOf());
  assert.equal(texts(last.Records), '');
  assert.equal(last.NextShardIterator, undefined);
  assert.equal(last.ChildShards?.length, 1);
});

test('at the end of a closed shard there is no next iterator, but its children', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  await fill(plane, [...'ab']);
  const middle = 2n ** 127n;
  await plane.reshard(
    stream.id,
    [0],
    [
      { startingHashKey: '0', endingHashKey: String(middle - 1n) },
      { startingHashKey: String(middle), endingHashKey: WHOLE.endingHashKey },
    ],
  );
  await plane.clock.advance(3000);
  const first = await plane.getRecords({ ShardIterator: await iterate(plane) }, callOf());
  assert.equal(texts(first.Records), 'ab');
  assert.equal(first.ChildShards, undefined);
  assert.ok(first.NextShardIterator);
  const last = await plane.getRecords({ ShardIterator: first.NextShardIterator }, callOf());
  const parents = { ParentShards: [SHARD] };
  assert.deepEqual(last, {
    Records: [],
    MillisBehindLatest: 3000,
    ChildShards: [
      {
        ShardId: 'shardId-000000000001',
        ...parents,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(middle - 1n) },
      },
      {
        ShardId: 'shardId-000000000002',
        ...parents,
        HashKeyRange: { StartingHashKey: String(middle), EndingHashKey: WHOLE.endingHashKey },
      },
    ],
  });
  const latest = await plane.getRecords({ ShardIterator: await iterate(plane, 'LATEST') }, callOf());
  assert.equal(latest.NextShardIterator, undefined);
  await plane.reshard(stream.id, [1, 2], [WHOLE]);
  const merged = await iterate(plane, 'LATEST', 'shardId-1');
  const { ChildShards } = await plane.getRecords({ ShardIterator: merged }, callOf());
  assert.deepEqual(ChildShards, [
    {
      ShardId: 'shardId-000000000003',
      ParentShards: ['shardId-000000000001', 'shardId-000000000002'],
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: WHOLE.endingHashKey },
    },
  ]);
});

test('what was trimmed is not read, and an old iterator goes on after it', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  await fill(plane, [...'abcd']);
  const iterator = await iterate(plane);
  const [, b] = (await plane.log.read(stream.id, 0, 0 as never, 10, 1000)).records;
  await plane.log.trim(stream.id, 0, b!.position);
  assert.equal(texts((await plane.getRecords({ ShardIterator: iterator }, callOf())).Records), 'cd');
});

test('an iterator of a stream, a shard or a log that went away finds nothing', async () => {
  const plane = openDataPlane({ limits: { shardReadsPerSecond: Infinity } });
  const stream = await plane.createStream('s', 2);
  const iterator = await iterate(plane);
  const gone = `Shard ${SHARD} in stream s under account ${ACCOUNT} does not exist`;
  const get = () => plane.getRecords({ ShardIterator: iterator }, callOf());
  plane.change(stream.id, { shards: stream.shards.slice(1) });
  await refused(get(), 'ResourceNotFoundException', gone);
  plane.change(stream.id, { shards: stream.shards, status: 'DELETING' });
  await refused(get(), 'ResourceNotFoundException', gone);
  plane.change(stream.id, { status: 'ACTIVE' });
  await plane.log.dropLog(stream.id);
  await refused(get(), 'ResourceNotFoundException', `Stream s under account ${ACCOUNT} not found.`);
  plane.directory.set(stream.id, undefined);
  await refused(get(), 'ResourceNotFoundException', gone);
  await plane.createStream('s', 2);
  await refused(get(), 'ResourceNotFoundException', gone);
});

test('five reads a second, 2 MiB a second, and a rest after a large answer', async () => {
  const plane = openDataPlane({ limits: { shardWriteBytesPerSecond: Infinity } });
  const stream = await plane.createStream('s', 1, { maxRecordBytes: 10 * 2 ** 20 });
  const text = `Rate exceeded for shard ${SHARD} in stream s under account ${ACCOUNT}.`;
  const empty = await iterate(plane, 'LATEST');
  for (let call = 0; call < 5; call++) await plane.getRecords({ ShardIterator: empty }, callOf());
  await refused(
    plane.getRecords({ ShardIterator: empty }, callOf()),
    'ProvisionedThroughputExceededException',
    text,
  );
  await plane.clock.advance(200);
  await plane.getRecords({ ShardIterator: empty }, callOf());
  await plane.clock.advance(1000);

  await plane.putRecord(
    { StreamName: 's', Data: new Uint8Array(10 * 2 ** 20 - 1), PartitionKey: 'k' },
    callOf(),
  );
  const full = await iterate(plane);
  const { NextShardIterator } = await plane.getRecords({ ShardIterator: full }, callOf());
  await plane.clock.advance(4999);
  const next = { ShardIterator: NextShardIterator! };
  await refused(plane.getRecords(next, callOf()), 'ProvisionedThroughputExceededException', text);
  await plane.clock.advance(1);
  await plane.getRecords(next, callOf());
  assert.equal(plane.meter.stream(stream.id).recordsOut, 1);
});

test('DryRun checks the iterator, does not count, and reads nothing', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const iterator = await iterate(plane);
  for (let call = 0; call < 9; call++) {
    await refused(
      plane.getRecords({ ShardIterator: iterator, DryRun: true }, callOf()),
      'DryRunOperationException',
    );
  }
  await refused(plane.getRecords({ ShardIterator: 'x', DryRun: true }, callOf()), 'InvalidArgumentException');
  await plane.clock.advance(301_000);
  await refused(
    plane.getRecords({ ShardIterator: iterator, DryRun: true }, callOf()),
    'ExpiredIteratorException',
  );
});

test('a failing disk is a retryable failure of the server', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const iterator = await iterate(plane);
  plane.log.readColumns = () => Promise.reject(new LogFailedError('EIO'));
  const failure = await refused(
    plane.getRecords({ ShardIterator: iterator }, callOf()),
    'InternalFailureException',
  );
  assert.equal(failure.status, 500);
});

test('the longest names make an iterator of at most 512 characters', () => {
  const plane = openDataPlane();
  const token = sealIterator(plane.tokens, {
    streamId: 'a'.repeat(24),
    streamName: 'n'.repeat(128),
    shardIndex: 2 ** 31 - 1,
    after: Number.MAX_SAFE_INTEGER as never,
    issuedMs: 99_999_999_999_999,
  });
  assert.ok(token.length <= 512, `${token.length}`);
});

test('records of any key and content come back whole', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const keys = ['k', 'ключ', '😀'.repeat(128), 'x'.repeat(256)];
  for (const PartitionKey of keys) {
    await plane.putRecord({ StreamName: 's', Data: Uint8Array.of(0, 128, 255), PartitionKey }, callOf());
  }
  const records = await readAll(plane, 's', SHARD);
  assert.deepEqual(
    records.map((record) => record.PartitionKey),
    keys,
  );
  assert.ok(records.every((record) => Buffer.from(record.Data).toString('hex') === '0080ff'));
});

test('what has expired is not shown, although no round has trimmed it yet', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const HOUR_MS = 3_600_000;
  await fill(plane, ['a']);
  await plane.clock.advance(HOUR_MS);
  await fill(plane, ['b']);
  await plane.clock.advance(23 * HOUR_MS - 1);
  const read = async () =>
    texts((await plane.getRecords({ ShardIterator: await iterate(plane) }, callOf())).Records);
  assert.equal(await read(), 'ab');
  await plane.clock.advance(2);
  assert.equal(await read(), 'b');
  await plane.clock.advance(HOUR_MS);
  const answer = await plane.getRecords({ ShardIterator: await iterate(plane) }, callOf());
  assert.deepEqual([answer.Records, answer.MillisBehindLatest], [[], 0]);
});

test('reading what is older than seven days is counted apart', async () => {
  const plane = openDataPlane();
  const { id } = await plane.createStream('s', 1, { retentionHours: 240 });
  const HOUR_MS = 3_600_000;
  await fill(plane, ['abc']);
  await plane.clock.advance(168 * HOUR_MS - 1);
  const counted = async () => {
    await plane.getRecords({ ShardIterator: await iterate(plane) }, callOf());
    return plane.meter.stream(id).longTermBytesOut;
  };
  assert.equal(await counted(), 0);
  await plane.clock.advance(HOUR_MS);
  assert.equal(await counted(), 4);
});
