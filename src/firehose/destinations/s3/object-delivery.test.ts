import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createSimulatedClock } from '../../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../../host/simulated/dice.ts';
import { createWorkers } from '../../../host/real/workers.ts';
import { createMemoryObjectStore } from '../../../objects/memory/memory-object-store.ts';
import { ObjectStoreError } from '../../../objects/object-store-error.ts';
import type { TableSchema } from '../../../tables/tables.ts';
import { MemoryBudget } from '../../delivery/budget.ts';
import { RecordBuffer } from '../../delivery/buffer.ts';
import { ARRIVAL_MS, deliveryOf, failedRecordOf } from '../deliveries.testing.ts';
import { readRows } from '../../conversion/converter.testing.ts';
import { UTC } from '../../object-keys/time-zone.ts';
import { createObjectDelivery, type ObjectSettings } from './object-delivery.ts';

const TABLE = {
  catalogId: '000000000000',
  region: 'us-east-1',
  database: 'db',
  table: 'clicks',
  version: 'LATEST',
};
const CONVERSION: Partial<ObjectSettings> = {
  conversion: {
    table: TABLE,
    roleArn: 'role',
    formats: { Deserializer: { OpenXJsonSerDe: {} }, Serializer: { ParquetSerDe: {} } },
  },
};
const never = new AbortController().signal;

function open(settings: Partial<ObjectSettings> = {}, schema?: TableSchema) {
  const clock = createSimulatedClock();
  const objects = createMemoryObjectStore(clock);
  const puts: object[] = [];
  const destination = createObjectDelivery(
    {
      bucket: 'lake',
      kmsKeyArn: undefined,
      compression: 'UNCOMPRESSED',
      fileExtension: undefined,
      conversion: undefined,
      prefixOf: (oldestArrivalMs, keys) => `${keys?.fromQuery.get('k') ?? oldestArrivalMs}/`,
      deliveryStream: 'clicks',
      versionId: '3',
      timeZone: UTC,
      onPut: (put) => puts.push(put),
      ...settings,
    },
    {
      objects,
      workers: createWorkers(1),
      tables: { find: async () => schema },
      clock,
      dice: createSimulatedDice(1),
    },
  );
  return { objects, destination, puts };
}

const ID = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';
const keyOf = ({ destination }: ReturnType<typeof open>) =>
  destination.objectKey!({ id: ID, oldestArrivalMs: ARRIVAL_MS, keys: undefined });

/** Records as the engine has them: in shared memory, of several chunks. */
function buffered(texts: readonly string[]): RecordBuffer {
  const buffer = new RecordBuffer(new MemoryBudget(1e9), true);
  texts.forEach((text, position) => {
    const data = Buffer.from(text);
    buffer.add({ identity: { unit: 'u', position, sub: 0 }, data, rawData: data, arrivalMs: ARRIVAL_MS });
  });
  return buffer;
}

test('an object has the name, the body and the properties that the service gives it', async () => {
  const cases = [
    [{}, '', undefined, (body: Uint8Array) => Buffer.from(body)],
    [{ compression: 'GZIP' }, '.gz', 'gzip', (body: Uint8Array) => gunzipSync(body)],
    [
      { compression: 'GZIP', fileExtension: '.json' },
      '.json',
      'gzip',
      (body: Uint8Array) => gunzipSync(body),
    ],
  ] as const;
  const texts = Array.from({ length: 20_000 }, (_, index) => `{"id":${index}}\n`);
  for (const [settings, extension, contentEncoding, read] of cases) {
    const opened = open({ ...settings, kmsKeyArn: 'arn:key' });
    await opened.objects.createBucket('lake');
    const objectKey = keyOf(opened);
    assert.equal(objectKey, `${ARRIVAL_MS}/clicks-3-2016-02-25-13-00-00-${ID}${extension}`);
    const batch = buffered(texts);
    const delivery = deliveryOf([], { objectKey, batch });
    assert.deepEqual(await opened.destination.attempt(delivery, never), { kind: 'done', refused: [] });
    const { head, body } = await opened.objects.get('lake', objectKey);
    assert.equal(read(body).toString(), texts.join(''));
    assert.deepEqual(
      [head.contentType, head.contentEncoding, head.kmsKeyArn],
      ['application/octet-stream', contentEncoding, 'arn:key'],
    );
    assert.deepEqual(opened.puts, [{ bytes: batch.bytes, convertedBytes: 0 }]);
  }
});

test('a delimiter stands between the records of an object, and not behind the last', async () => {
  const bodies = [];
  for (const compression of ['UNCOMPRESSED', 'GZIP'] as const) {
    const opened = open({ compression, delimiterBytes: 2 });
    await opened.objects.createBucket('lake');
    // The last one is alone in a chunk.
    for (const texts of [['a\r\n'], ['a\r\n', `${'b'.repeat(5000)}\r\n`]]) {
      const batch = buffered(texts);
      const delivery = deliveryOf([], { batch, objectKey: keyOf(opened) });
      assert.equal((await opened.destination.attempt(delivery, never)).kind, 'done');
      const { body } = await opened.objects.get('lake', keyOf(opened));
      bodies.push(Buffer.from(compression === 'GZIP' ? gunzipSync(body) : body).toString());
    }
  }
  const expected = ['a', `a\r\n${'b'.repeat(5000)}`];
  assert.deepEqual(bodies, [...expected, ...expected]);
});

test('records are converted, and those that cannot be go to the error output', async () => {
  const schema = { versionId: '1', columns: [{ name: 'id', type: 'int' }], partitionKeys: [] };
  const opened = open(CONVERSION, schema);
  await opened.objects.createBucket('lake');
  const objectKey = keyOf(opened);
  assert.match(objectKey, /\.parquet$/);
  const texts = Array.from({ length: 3000 }, (_, index) =>
    index % 1000 === 7 ? 'no json' : `{"id":${index}}`,
  );
  texts[10] = '';
  const batch = buffered(texts);
  const outcome = await opened.destination.attempt(deliveryOf([], { objectKey, batch }), never);
  assert.ok(outcome.kind === 'done');
  assert.deepEqual(
    outcome.refused.map(({ index, error }) => [index, error.code]),
    [
      [7, 'DataFormatConversion.ParseError'],
      [10, 'DataFormatConversion.MalformedData'],
      [1007, 'DataFormatConversion.ParseError'],
      [2007, 'DataFormatConversion.ParseError'],
    ],
  );
  const { head, body } = await opened.objects.get('lake', objectKey);
  assert.equal(head.contentEncoding, 'hadoop-snappy');
  const rows = await readRows(body);
  assert.deepEqual([rows.length, rows[9]], [2996, { id: 11 }]);
  const failed = {
    record: batch.at(7),
    sequenceNumber: '1',
    deliveryId: ID,
    error: outcome.refused[0]!.error,
    attemptsMade: 1,
    attemptEndingMs: 5,
  };
  const line = opened.destination.errorRecord(failed);
  assert.deepEqual(Object.keys(line), [
    'attemptsMade',
    'arrivalTimestamp',
    'lastErrorCode',
    'lastErrorMessage',
    'attemptEndingTimestamp',
    'rawData',
    'sequenceNumber',
    'subSequenceNumber',
    'dataCatalogTable',
  ]);
  assert.equal(Buffer.from(String(line['rawData']), 'base64').toString(), 'no json');
  assert.equal(opened.destination.errorOutputType, 'format-conversion-failed');
});

test('without a table, or a row, there is no object', async () => {
  const opened = open(CONVERSION);
  await opened.objects.createBucket('lake');
  const delivery = deliveryOf(['x'], { objectKey: keyOf(opened) });
  const outcome = await opened.destination.attempt(delivery, never);
  assert.ok(outcome.kind === 'retry' && outcome.error.code.startsWith('DataFormatConversion.'));
  const schema = { versionId: '1', columns: [{ name: 'id', type: 'int' }], partitionKeys: [] };
  const other = open(CONVERSION, schema);
  await other.objects.createBucket('lake');
  assert.equal((await other.destination.attempt(delivery, never)).kind, 'done');
  assert.deepEqual((await other.objects.list('lake', '', '', 10)).objects, []);
});

test('what a later attempt may help is tried again, also a bucket that is not there; what none can help is lost', async () => {
  const opened = open();
  const delivery = deliveryOf(['x'], { objectKey: keyOf(opened) });
  const missing = await opened.destination.attempt(delivery, never);
  assert.deepEqual(missing.kind === 'retry' && [missing.error.code, missing.remaining], [
    'S3.NoSuchBucket',
    [0],
  ]);
  await opened.objects.createBucket('lake');
  for (const [code, kind] of [
    ['SlowDown', 'retry'],
    ['AccessDenied', 'retry'],
    ['EntityTooLarge', 'lost'],
  ] as const) {
    opened.objects.onCall = () => {
      throw new ObjectStoreError(code, 'No.');
    };
    assert.equal((await opened.destination.attempt(delivery, never)).kind, kind, code);
  }
  opened.objects.onCall = () => {
    throw new Error('a bug');
  };
  await assert.rejects(opened.destination.attempt(delivery, never), /a bug/);
  const { retry, losesGivenUp } = opened.destination;
  assert.deepEqual([retry.durationMs, losesGivenUp], [86_400_000, true]);
  assert.ok(retry.pauseMs(2) < 2_000 && retry.pauseMs(50) <= 120_000);
});

test('what dynamic partitioning cannot deliver goes to the error output after its own duration', async () => {
  const { objects, destination } = open({ partitionRetryMs: 300_000 });
  const { retry, losesGivenUp, errorOutputType } = destination;
  assert.deepEqual([retry.durationMs, losesGivenUp, errorOutputType], [300_000, false, 'processing-failed']);
  objects.onCall = () => {
    throw new ObjectStoreError('KeyTooLongError', 'No.');
  };
  const outcome = await destination.attempt(deliveryOf(['x'], { objectKey: 'key' }), never);
  assert.deepEqual(outcome, { kind: 'failed', error: { code: 'S3.KeyTooLongError', message: 'No.' } });
  assert.deepEqual(destination.errorRecord(failedRecordOf('text')), {
    attemptsMade: 5,
    arrivalTimestamp: ARRIVAL_MS,
    errorCode: 'Code',
    errorMessage: 'Message.',
    attemptEndingTimestamp: 1_594_266_081_318,
    rawData: 'dGV4dA==',
  });
});
