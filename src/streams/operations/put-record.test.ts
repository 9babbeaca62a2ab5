import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash } from 'node:crypto';
import { bytesOf, callOf, openDataPlane, readAll, refused, textOf, ACCOUNT } from '../data-plane.testing.ts';

const HALF = 2n ** 127n;
const MD5 = (key: string): bigint => BigInt(`0x${createHash('md5').update(key).digest('hex')}`);

test('a record goes to the shard of its partition key, or of its explicit hash key', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 2);
  for (const key of ['a', 'b', 'c', 'd', 'ключ', '😀', 'x'.repeat(256)]) {
    const { ShardId } = await plane.putRecord(
      { StreamName: 's', Data: bytesOf('d'), PartitionKey: key },
      callOf(),
    );
    assert.equal(ShardId, MD5(key) < HALF ? 'shardId-000000000000' : 'shardId-000000000001', key);
  }
  for (const [hash, shard] of [
    ['0', 0],
    [String(HALF - 1n), 0],
    [String(HALF), 1],
    [String(2n ** 128n - 1n), 1],
  ] as const) {
    const { ShardId } = await plane.putRecord(
      { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'a', ExplicitHashKey: hash },
      callOf(),
    );
    assert.equal(ShardId, `shardId-00000000000${shard}`, hash);
  }
});

test('numbers of a shard grow, and hold the second of arrival', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  let last = 0n;
  for (let round = 0; round < 5; round++) {
    const { SequenceNumber } = await plane.putRecord(
      { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' },
      callOf(),
    );
    const number = BigInt(SequenceNumber);
    assert.ok(number > last);
    last = number;
    assert.match(number.toString(16), /^20[0-9a-f]{8}0[0-9a-f]{16}000[0-9a-f]{8}000000002$/);
    assert.equal(Number((number >> 36n) & 0xfffffffffn), Math.floor(plane.clock.now() / 1000));
    await plane.clock.advance(700);
  }
});

test('arrival times never go back, whatever the clock does', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const startMs = plane.clock.now();
  for (const wallMs of [startMs, startMs + 5000, startMs - 60_000, startMs + 4999, startMs + 5001]) {
    plane.clock.setWallTime(wallMs);
    await plane.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf());
  }
  const records = await readAll(plane, 's', 'shardId-000000000000');
  assert.deepEqual(
    records.map((record) => record.ApproximateArrivalTimestamp! - startMs),
    [0, 5000, 5000, 5000, 5001],
  );
});

test('a restarted writer goes on where the log is, also when the clock went back', async () => {
  const first = openDataPlane();
  const stream = await first.createStream('s', 1);
  await first.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf());
  const second = openDataPlane({ log: first.log });
  second.directory.set(stream.id, stream);
  second.clock.setWallTime(first.clock.now() - 1000);
  await second.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf());
  const [a, b] = await readAll(second, 's', 'shardId-000000000000');
  assert.equal(b!.ApproximateArrivalTimestamp, a!.ApproximateArrivalTimestamp);
});

test('an explicit hash key beyond 2^128 - 1 is refused', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const beyond = String(2n ** 128n);
  await refused(
    plane.putRecord(
      { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'a', ExplicitHashKey: beyond },
      callOf(),
    ),
    'InvalidArgumentException',
    'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
      `Specified value was ${beyond}`,
  );
});

test('a record may be as large as the stream says, partition key included', async () => {
  const plane = openDataPlane({ limits: { shardReadBytesPerSecond: Infinity } });
  const stream = await plane.createStream('s', 1);
  const put = (key: string, dataBytes: number) =>
    plane.putRecord({ StreamName: 's', Data: new Uint8Array(dataBytes), PartitionKey: key }, callOf());
  const text = `Record size exceeds the maximum record size of 1024 KiB of stream s under account ${ACCOUNT}.`;
  await put('k', 2 ** 20 - 1);
  await plane.clock.advance(2000);
  await refused(put('k', 2 ** 20), 'InvalidArgumentException', text);
  await refused(put('é', 2 ** 20 - 1), 'InvalidArgumentException', text);
  plane.change(stream.id, { maxRecordBytes: 10 * 2 ** 20 });
  await put('é', 10 * 2 ** 20 - 2);
  const [, large] = await readAll(plane, 's', 'shardId-000000000000');
  assert.equal(large!.Data.length, 10 * 2 ** 20 - 2);
});

test('a partition key is needed unless the stream distributes records itself', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  await refused(
    plane.putRecord({ StreamName: 's', Data: bytesOf('d') }, callOf()),
    'ValidationException',
    "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
  );
  await plane.createStream('auto', 3, { recordDistribution: 'AUTO', mode: 'ON_DEMAND' });
  const shards = [];
  for (let record = 0; record < 6; record++) {
    const { ShardId } = await plane.putRecord({ StreamName: 'auto', Data: bytesOf('d') }, callOf());
    shards.push(ShardId);
  }
  assert.deepEqual(new Set(shards.slice(0, 3)).size, 3);
  assert.deepEqual(shards.slice(0, 3), shards.slice(3));
  const [record] = await readAll(plane, 'auto', shards[0]!);
  assert.equal(record!.PartitionKey, undefined);
});

test('distribution AUTO ignores keys for placement, keeps them, and refuses SequenceNumberForOrdering', async () => {
  const plane = openDataPlane();
  await plane.createStream('auto', 2, { recordDistribution: 'AUTO' });
  const input = { StreamName: 'auto', Data: bytesOf('d'), PartitionKey: 'k', ExplicitHashKey: '0' };
  const first = await plane.putRecord(input, callOf());
  const second = await plane.putRecord(input, callOf());
  assert.notEqual(first.ShardId, second.ShardId);
  const [record] = await readAll(plane, 'auto', first.ShardId);
  assert.equal(record!.PartitionKey, 'k');
  await plane.putRecord({ ...input, ExplicitHashKey: String(2n ** 128n) }, callOf());
  await refused(
    plane.putRecord({ ...input, SequenceNumberForOrdering: first.SequenceNumber }, callOf()),
    'InvalidArgumentException',
    `SequenceNumberForOrdering cannot be used with stream auto under account ${ACCOUNT}: ` +
      'its record distribution strategy is AUTO.',
  );
});

test('SequenceNumberForOrdering takes any number of the past and refuses the rest', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const input = { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' };
  const { SequenceNumber } = await plane.putRecord(input, callOf());
  const next = await plane.putRecord({ ...input, SequenceNumberForOrdering: SequenceNumber }, callOf());
  assert.ok(BigInt(next.SequenceNumber) > BigInt(SequenceNumber));
  await plane.putRecord({ ...input, SequenceNumberForOrdering: '0' }, callOf());
  const future = String(BigInt(SequenceNumber) + (2n << 36n));
  for (const number of [future, '9'.repeat(60)]) {
    await refused(
      plane.putRecord({ ...input, SequenceNumberForOrdering: number }, callOf()),
      'InvalidArgumentException',
      `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream s under account ${ACCOUNT} is invalid.`,
    );
  }
  // A child shard's records may be stamped a little ahead of the clock: their numbers are still taken.
  await plane.reshard(stream.id, [0], [wholeRange]);
  await plane.reshard(stream.id, [1], [wholeRange]);
  await plane.reshard(stream.id, [2], [wholeRange]);
  const ahead = await plane.putRecord(input, callOf());
  assert.equal(ahead.ShardId, 'shardId-000000000003');
  await plane.putRecord({ ...input, SequenceNumberForOrdering: ahead.SequenceNumber }, callOf());
});

const wholeRange = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) };

test('a stream takes records while ACTIVE or UPDATING only', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const put = () => plane.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf());
  for (const status of ['CREATING', 'DELETING'] as const) {
    plane.change(stream.id, { status });
    await refused(put(), 'ResourceNotFoundException', `Stream s under account ${ACCOUNT} not found.`);
  }
  plane.change(stream.id, { status: 'UPDATING' });
  await put();
  plane.directory.set(stream.id, undefined);
  await refused(put(), 'ResourceNotFoundException', `Stream s under account ${ACCOUNT} not found.`);
});

test('a stream whose log is gone is not found', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const input = { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' };
  for (const written of [false, true]) {
    if (written) {
      await plane.log.createLog(stream.id, [0]);
      await plane.putRecord(input, callOf());
    }
    await plane.log.dropLog(stream.id);
    const text = `Stream s under account ${ACCOUNT} not found.`;
    await refused(plane.putRecord(input, callOf()), 'ResourceNotFoundException', text);
    const Records = [{ Data: bytesOf('d'), PartitionKey: 'k' }];
    await refused(
      plane.putRecords({ StreamName: 's', Records }, callOf()),
      'ResourceNotFoundException',
      text,
    );
    const ordered = { ...input, SequenceNumberForOrdering: '0' };
    await refused(plane.putRecord(ordered, callOf()), 'ResourceNotFoundException', text);
  }
});

test('EncryptionType is told of records written under a customer key, only', async () => {
  const plane = openDataPlane();
  const stream = await plane.createStream('s', 1);
  const input = { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' };
  assert.equal((await plane.putRecord(input, callOf())).EncryptionType, undefined);
  plane.change(stream.id, { encryptionType: 'KMS', kmsKeyId: 'alias/aws/kinesis' });
  assert.equal((await plane.putRecord(input, callOf())).EncryptionType, 'KMS');
  const records = await readAll(plane, 's', 'shardId-000000000000');
  assert.deepEqual(
    records.map((record) => record.EncryptionType),
    [undefined, 'KMS'],
  );
});

test('DryRun checks everything and writes nothing', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const input = { StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k', DryRun: true };
  await refused(
    plane.putRecord(input, callOf()),
    'DryRunOperationException',
    'Request would have succeeded, but DryRun flag is set.',
  );
  await refused(plane.putRecord({ ...input, StreamName: 'x' }, callOf()), 'ResourceNotFoundException');
  await refused(
    plane.putRecord({ ...input, ExplicitHashKey: '9'.repeat(39) }, callOf()),
    'InvalidArgumentException',
  );
  await refused(
    plane.putRecord({ ...input, SequenceNumberForOrdering: '9'.repeat(60) }, callOf()),
    'InvalidArgumentException',
  );
  await plane.putRecord({ ...input, DryRun: false }, callOf());
  const records = await readAll(plane, 's', 'shardId-000000000000');
  assert.deepEqual(
    records.map((record) => textOf(record.Data)),
    ['d'],
  );
  assert.equal(plane.meter.stream([...plane.directory.all()][0]!.id).recordsIn, 1);
});

test('a full or failing disk is a retryable failure of the server', async () => {
  const { LogFullError, LogFailedError } = await import('../../log/log.ts');
  for (const error of [new LogFullError('no space'), new LogFailedError('sync')]) {
    const plane = openDataPlane();
    await plane.createStream('s', 1);
    plane.log.append = () => Promise.reject(error);
    const failure = await refused(
      plane.putRecord({ StreamName: 's', Data: bytesOf('d'), PartitionKey: 'k' }, callOf()),
      'InternalFailureException',
      'Internal Service Failure',
    );
    assert.equal(failure.status, 500);
  }
});
