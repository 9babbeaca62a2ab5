import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogFullError } from '../../log/log.ts';
import { compileJsonEncoder } from '../../wire/shape/json-encoder.ts';
import { ACCOUNT, bytesOf, callOf, openDataPlane, readAll, refused, textOf } from '../data-plane.testing.ts';
import { PutRecords } from './put-records.ts';

test('each record gets its shard and number, in the order of the request', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 5);
  const Records = Array.from({ length: 200 }, (_, index) => ({
    Data: bytesOf(`data ${index}`),
    PartitionKey: `key ${index}`,
  }));
  const answer = await plane.putRecords({ StreamName: 's', Records }, callOf());
  assert.equal(answer.FailedRecordCount, 0);
  assert.equal(answer.Records.length, 200);
  assert.equal(new Set(answer.Records.map((record) => record.SequenceNumber)).size, 200);
  const found = new Map<string, string>();
  for (let shard = 0; shard < 5; shard++) {
    for (const record of await readAll(plane, 's', `shardId-00000000000${shard}`)) {
      found.set(record.SequenceNumber, `${shard} ${record.PartitionKey} ${textOf(record.Data)}`);
    }
  }
  answer.Records.forEach(({ SequenceNumber, ShardId }, index) => {
    assert.equal(found.get(SequenceNumber!), `${ShardId!.at(-1)} key ${index} data ${index}`);
  });
});

test('written into an answer, numbers and shards are those of the records', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 5);
  const encode = compileJsonEncoder(PutRecords.output);
  const answered = new Map<string, string>();
  for (let call = 0; call < 3; call++) {
    const Records = Array.from({ length: 100 }, (_, index) => ({
      Data: bytesOf(`data ${call} ${index}`),
      PartitionKey: `key ${index}`,
    }));
    const output = await plane.handlers.PutRecords({ StreamName: 's', Records }, callOf());
    const answer = JSON.parse(Buffer.from(encode(output)).toString()) as {
      Records: { SequenceNumber: string; ShardId: string }[];
    };
    answer.Records.forEach(({ SequenceNumber, ShardId }, index) => {
      answered.set(SequenceNumber, `${ShardId} data ${call} ${index}`);
    });
  }
  assert.equal(answered.size, 300);
  for (let shard = 0; shard < 5; shard++) {
    const ShardId = `shardId-00000000000${shard}`;
    for (const { SequenceNumber, Data } of await readAll(plane, 's', ShardId)) {
      assert.equal(answered.get(SequenceNumber), `${ShardId} ${textOf(Data)}`);
      answered.delete(SequenceNumber);
    }
  }
  assert.equal(answered.size, 0);
});

test('what a shard cannot take is refused record by record', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 2);
  const at = (shard: number, bytes: number) => ({
    Data: new Uint8Array(bytes - 1),
    PartitionKey: 'k',
    ExplicitHashKey: shard === 0 ? '0' : String(2n ** 127n),
  });
  const MIB = 2 ** 20;
  const answer = await plane.putRecords(
    { StreamName: 's', Records: [at(0, MIB / 2), at(0, MIB / 2 + 1), at(1, MIB), at(0, MIB / 2), at(1, 1)] },
    callOf(),
  );
  assert.equal(answer.FailedRecordCount, 2);
  const refusal = (shard: number) => ({
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard shardId-00000000000${shard} in stream s under account ${ACCOUNT}.`,
  });
  assert.deepEqual(
    answer.Records.map((record) => (record.SequenceNumber === undefined ? record : 'stored')),
    ['stored', refusal(0), 'stored', 'stored', refusal(1)],
  );
  assert.equal((await readAll(plane, 's', 'shardId-000000000000')).length, 2);
});

test('a request holds 10 MiB of data and partition keys, not more', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1, { maxRecordBytes: 10 * 2 ** 20 });
  const put = (bytes: number) =>
    plane.putRecords(
      {
        StreamName: 's',
        Records: [
          { Data: new Uint8Array(5 * 2 ** 20), PartitionKey: 'é' },
          { Data: new Uint8Array(bytes), PartitionKey: 'é' },
        ],
      },
      callOf(),
    );
  await refused(put(5 * 2 ** 20 - 3), 'InvalidArgumentException', 'Records size exceeds 10 MB limit');
  const answer = await put(5 * 2 ** 20 - 4);
  assert.equal(answer.Records.length, 2);
});

test('one illegal record refuses the request, and says which', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  const good = { Data: bytesOf('d'), PartitionKey: 'k' };
  await refused(
    plane.putRecords({ StreamName: 's', Records: [good, good, { Data: bytesOf('d') }] }, callOf()),
    'ValidationException',
    "1 validation error detected: Value null at 'records.3.member.partitionKey' failed to satisfy constraint: Member must not be null",
  );
  const large = { Data: new Uint8Array(2 ** 20), PartitionKey: 'k' };
  await refused(
    plane.putRecords({ StreamName: 's', Records: [good, large] }, callOf()),
    'InvalidArgumentException',
  );
  const beyond = { ...good, ExplicitHashKey: '9'.repeat(39) };
  await refused(
    plane.putRecords({ StreamName: 's', Records: [good, beyond] }, callOf()),
    'InvalidArgumentException',
  );
  assert.equal((await readAll(plane, 's', 'shardId-000000000000')).length, 0);
});

test('a full disk fails each record, as AWS tells it', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1);
  plane.log.append = () => Promise.reject(new LogFullError('no space'));
  const answer = await plane.putRecords(
    { StreamName: 's', Records: [1, 2].map((n) => ({ Data: bytesOf(`${n}`), PartitionKey: 'k' })) },
    callOf(),
  );
  const failure = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };
  assert.deepEqual(answer, { FailedRecordCount: 2, Records: [failure, failure] });
});

test('EncryptionType is told under a customer key; DryRun writes nothing', async () => {
  const plane = openDataPlane();
  await plane.createStream('s', 1, { encryptionType: 'KMS' });
  const input = { StreamName: 's', Records: [{ Data: bytesOf('d'), PartitionKey: 'k' }] };
  await refused(plane.putRecords({ ...input, DryRun: true }, callOf()), 'DryRunOperationException');
  assert.equal((await readAll(plane, 's', 'shardId-000000000000')).length, 0);
  assert.equal((await plane.putRecords(input, callOf())).EncryptionType, 'KMS');
});

test('usage and traffic are counted in AWS units, of what was stored', async () => {
  const plane = openDataPlane();
  const { id } = await plane.createStream('s', 1);
  const sizes = [0, 1, 1023, 1024, 25_599, 25_600, 500_000, 600_000];
  const Records = sizes.map((bytes) => ({ Data: new Uint8Array(bytes), PartitionKey: 'k' }));
  const { FailedRecordCount } = await plane.putRecords({ StreamName: 's', Records }, callOf());
  assert.equal(FailedRecordCount, 1);
  const stored = sizes.slice(0, -1).map((bytes) => bytes + 1);
  const sum = (units: (bytes: number) => number) => stored.reduce((total, bytes) => total + units(bytes), 0);
  const usage = plane.meter.stream(id);
  assert.equal(
    usage.putPayloadUnits,
    sum((bytes) => Math.ceil(bytes / 25_600)),
  );
  assert.equal(
    usage.bytesIn,
    sum((bytes) => Math.ceil(bytes / 1024) * 1024),
  );
  assert.equal(usage.recordsIn, 7);
  assert.deepEqual(plane.traffic.streamPeak(id), { bytesPerSecond: sum((b) => b), recordsPerSecond: 7 });
  await readAll(plane, 's', 'shardId-000000000000');
  assert.equal(usage.bytesOut, usage.bytesIn);
  assert.equal(usage.recordsOut, 7);
});

test('a put that ends after its stream was deleted leaves no counters behind', async () => {
  const plane = openDataPlane();
  const { id } = await plane.createStream('s', 1);
  const append = plane.log.append.bind(plane.log);
  plane.log.append = async (...what) => {
    const appended = await append(...what);
    plane.directory.set(id, undefined);
    return appended;
  };
  const Records = [{ Data: bytesOf('d'), PartitionKey: 'k' }];
  assert.equal((await plane.putRecords({ StreamName: 's', Records }, callOf())).FailedRecordCount, 0);
  assert.equal(plane.meter.stream(id).recordsIn, 0);
  assert.equal(plane.traffic.streamPeak(id).recordsPerSecond, 0);
});
