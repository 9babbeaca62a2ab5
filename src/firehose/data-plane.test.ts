import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Append } from '../log/append.ts';
import { LogFailedError, LogFullError, type RecordLog } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import { unpack } from '../wire/shape/packed.ts';
import { ACCOUNT, call, openTestFirehose } from './firehose.testing.ts';
import { putLogSource, trimPutLog } from './intake/put-log-source.ts';

const DeliveryStreamName = 'clicks';
const records = (...texts: readonly string[]) => texts.map((text) => ({ Data: Buffer.from(text) }));
const texts = (found: readonly { readonly data: Uint8Array }[]) =>
  found.map(({ data }) => Buffer.from(data).toString());
const SLOW_DOWN = { name: 'ServiceUnavailableException', message: 'Slow down.', status: 500 };

test('what was put comes out of the source in its order, with ids that differ', async () => {
  await using plane = await openTestFirehose();
  const { client, log } = plane;
  const stream = await plane.create();
  const answer = await client.PutRecordBatch({ DeliveryStreamName, Records: records('a', '', 'c') });
  assert.equal(answer.FailedPutCount, 0);
  assert.equal(answer.Encrypted, false);
  const one = await client.PutRecord({ DeliveryStreamName, Record: records('d')[0]! });
  const ids = [...unpack(answer.RequestResponses).map((entry) => entry.RecordId), one.RecordId];
  assert.equal(new Set(ids).size, 4);
  assert.ok(ids.every((id) => /^[a-z0-9]{38}$/.test(id!)));

  const source = putLogSource(log, stream);
  assert.deepEqual(source.units(), [{ id: stream.id, parents: [] }]);
  const start = await source.positionAt(stream.id, { kind: 'oldest' });
  const read = await source.read(stream.id, start, 3, 1_000_000);
  assert.deepEqual(texts(read.records), ['a', '', 'c']);
  assert.deepEqual([read.atEnd, read.finished], [false, false]);
  const rest = await source.read(stream.id, read.after, 10, 1_000_000);
  assert.deepEqual(texts(rest.records), ['d']);
  assert.equal(rest.records[0]!.arrivalMs, plane.clock.now());
  const numbers = [...read.records, ...rest.records].map(({ position, arrivalMs }) =>
    source.sequenceNumber(stream.id, position, arrivalMs),
  );
  assert.ok(numbers.every((number) => number.length === 56));
  assert.deepEqual(numbers, numbers.toSorted());
  assert.equal(await source.positionAt(stream.id, { kind: 'latest' }), rest.after);

  let woken = 0;
  using _watching = source.watch(stream.id, () => woken++);
  await client.PutRecord({ DeliveryStreamName, Record: records('e')[0]! });
  assert.equal(woken, 1);
  await trimPutLog(log, stream.id, read.after);
  const left = await source.read(stream.id, 0, 10, 1_000_000);
  assert.deepEqual(texts(left.records), ['d', 'e']);

  await client.DeleteDeliveryStream({ DeliveryStreamName });
  await plane.settle();
  await assert.rejects(source.read(stream.id, 0, 1, 1), { name: 'SourceGoneError' });
  await trimPutLog(log, stream.id, read.after);
});

test('records go to delivery streams that are ACTIVE only', async () => {
  await using plane = await openTestFirehose();
  const put = () => plane.client.PutRecord({ DeliveryStreamName, Record: records('a')[0]! });
  const notFound = {
    name: 'ResourceNotFoundException',
    message: `Firehose clicks not found under account ${ACCOUNT}.`,
  };
  await assert.rejects(put(), notFound);
  const creating = plane.create();
  await assert.rejects(put(), notFound);
  await creating;
  await put();
  await plane.client.DeleteDeliveryStream({ DeliveryStreamName });
  await assert.rejects(put(), notFound);
});

test('a batch has 4 MiB at the most', async () => {
  await using plane = await openTestFirehose();
  await plane.create();
  const quarter = { Data: new Uint8Array(1024 * 1000) };
  const rest = { Data: new Uint8Array(4 * 1024 * 1024 - 4 * 1024 * 1000) };
  const batch = (more: readonly { Data: Uint8Array }[]) =>
    plane.client.PutRecordBatch({
      DeliveryStreamName,
      Records: [quarter, quarter, quarter, quarter, ...more],
    });
  assert.equal((await batch([rest])).FailedPutCount, 0);
  await assert.rejects(batch([rest, ...records('x')]), {
    name: 'InvalidArgumentException',
    message: 'Records size exceeds 4 MB limit',
  });
});

test('what is above the rates is refused record by record, and no more counted than was kept', async () => {
  await using plane = await openTestFirehose({
    limits: { putRecordsPerSecond: 3, putRequestsPerSecond: 3, putBytesPerSecond: 100 },
  });
  const stream = await plane.create();
  const put = (...Records: readonly { Data: Uint8Array }[]) =>
    plane.client.PutRecordBatch({ DeliveryStreamName, Records });
  const answer = await put(...records('a', 'b'), { Data: new Uint8Array(99) }, ...records('d', 'e'));
  assert.equal(answer.FailedPutCount, 2);
  const refused = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
  const entries = unpack(answer.RequestResponses);
  assert.deepEqual(entries[2], refused, 'too many bytes');
  assert.deepEqual(entries[4], refused, 'too many records');
  const read = await putLogSource(plane.log, stream).read(stream.id, 0, 10, 1_000_000);
  assert.deepEqual(texts(read.records), ['a', 'b', 'd']);
  const { deliveryRecordsIn, deliveryBytesIn, deliveryBilledBytesIn, deliveryRecordsThrottled } =
    plane.meter.deliveryTotal(stream.id);
  assert.deepEqual(
    [deliveryRecordsIn, deliveryBytesIn, deliveryBilledBytesIn, deliveryRecordsThrottled],
    [3, 3, 3 * 5120, 2],
  );

  await assert.rejects(plane.client.PutRecord({ DeliveryStreamName, Record: records('f')[0]! }), SLOW_DOWN);
  assert.equal((await put(...records('g'))).FailedPutCount, 1);
  await assert.rejects(put(...records('h')), SLOW_DOWN, 'too many requests');
  await plane.clock.advance(1000);
  // More than a second's worth passes when nothing else does, and is paid for.
  assert.equal((await put({ Data: new Uint8Array(250) })).FailedPutCount, 0);
  await plane.clock.advance(1000);
  assert.equal((await put(...records('i'))).FailedPutCount, 1);
});

test('other regions have lower rates', async () => {
  await using plane = await openTestFirehose({
    limits: { putRecordsPerSecond: 10, putRecordsPerSecondElsewhere: 1 },
  });
  const Records = records('a', 'b');
  await plane.create();
  assert.equal((await plane.client.PutRecordBatch({ DeliveryStreamName, Records })).FailedPutCount, 0);
  const elsewhere = call(ACCOUNT, 'eu-central-1');
  await plane.create('clicks', {}, elsewhere);
  const answer = await plane.client.PutRecordBatch({ DeliveryStreamName, Records }, elsewhere);
  assert.equal(answer.FailedPutCount, 1);
});

test('a delivery stream that keeps too much takes nothing until some of it is delivered', async () => {
  await using plane = await openTestFirehose({ deliveryStreamBytesMax: 1000, deliveryBytesMax: 1500 });
  const { client, log } = plane;
  const stream = await plane.create();
  await plane.create('views');
  const put = (name: string, bytes: number) =>
    client.PutRecordBatch({ DeliveryStreamName: name, Records: [{ Data: new Uint8Array(bytes) }] });
  await put('clicks', 900);
  await assert.rejects(put('clicks', 200), SLOW_DOWN);
  await put('views', 500);
  await assert.rejects(put('views', 200), SLOW_DOWN, 'all together');
  await trimPutLog(log, stream.id, log.bounds(stream.id, 0).last);
  await plane.clock.advance(100);
  await put('views', 200);
  await put('clicks', 200);
});

test('a log that is full or fails is told as what it is', async () => {
  let broken: Error | undefined;
  const memory = openMemoryLog();
  const log: RecordLog = new Proxy(memory, {
    get(target, name) {
      if (name === 'append') {
        return (id: string, append: Append) =>
          broken === undefined ? target.append(id, append) : Promise.reject(broken);
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await using plane = await openTestFirehose({ log });
  await plane.create();
  const Records = records('a', 'b');
  const batch = () => plane.client.PutRecordBatch({ DeliveryStreamName, Records });
  broken = new LogFullError('full');
  await assert.rejects(batch(), SLOW_DOWN);
  broken = new LogFailedError('failed');
  const answer = await batch();
  assert.equal(answer.FailedPutCount, 2);
  assert.deepEqual(unpack(answer.RequestResponses)[1], {
    ErrorCode: 'InternalFailure',
    ErrorMessage: 'Internal Service Failure',
  });
  await assert.rejects(plane.client.PutRecord({ DeliveryStreamName, Record: Records[0]! }), {
    name: 'InternalFailure',
    status: 500,
  });
  broken = undefined;
  assert.equal((await batch()).FailedPutCount, 0);
});

test('times never go back, whatever the clock does, also after a restart', async () => {
  await using plane = await openTestFirehose();
  const stream = await plane.create();
  const put = () => plane.client.PutRecord({ DeliveryStreamName, Record: records('a')[0]! });
  await put();
  const firstMs = plane.clock.now();
  plane.clock.setWallTime(firstMs - 60_000);
  await put();
  await plane.restart();
  await put();
  const { records: found } = await putLogSource(plane.log, stream).read(stream.id, 0, 10, 1000);
  assert.deepEqual(
    found.map(({ arrivalMs }) => arrivalMs),
    [firstMs, firstMs, firstMs],
  );
});
