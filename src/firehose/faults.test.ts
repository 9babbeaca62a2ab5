/** What goes wrong for one delivery stream, beside another that goes on delivering within its hint; and what the error output says of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FunctionFailure } from '../functions/functions.ts';
import { HttpError, type HttpAnswer, type HttpRequest } from '../host/http.ts';
import { ObjectStoreError } from '../objects/object-store-error.ts';
import { aggregateOf } from '../readers/kpl.testing.ts';
import { TestSource } from '../readers/source.testing.ts';
import { createTableService } from '../tables/service.ts';
import { readRows } from './conversion/converter.testing.ts';
import { S3, call, openTestFirehose } from './firehose.testing.ts';

type Test = Awaited<ReturnType<typeof openTestFirehose>>;
type Line = Readonly<Record<string, unknown>>;

const HINTS = { SizeInMBs: 1, IntervalInSeconds: 1 };
const PLACE = {
  ...S3,
  BufferingHints: HINTS,
  Prefix: 'bad/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
};
const SECOND_MS = 1000;

async function openBoth(bad: object, options: Parameters<typeof openTestFirehose>[0] = {}): Promise<Test> {
  const test = await openTestFirehose(options);
  await test.objects.createBucket('lake');
  await test.create('good', { ExtendedS3DestinationConfiguration: { ...PLACE, Prefix: 'good/' } });
  await test.create('bad', { ExtendedS3DestinationConfiguration: { ...PLACE, ...bad } });
  return test;
}

async function put(test: Test, DeliveryStreamName: string, ...data: readonly (string | Uint8Array)[]) {
  const Records = data.map((each) => ({ Data: Buffer.from(each) }));
  await test.client.PutRecordBatch({ DeliveryStreamName, Records });
  await test.turn();
}

/** Time goes by, with all that happens in it, in steps of half a second. */
async function pass(test: Test, seconds: number): Promise<void> {
  for (let step = 0; step < seconds * 2; step++) {
    await test.clock.advance(SECOND_MS / 2);
    await test.turn();
  }
}

async function bodiesBelow({ objects }: Test, prefix: string): Promise<readonly string[]> {
  const listed = (await objects.list('lake', prefix, '', 1000)).objects;
  const bodies = await Promise.all(listed.map(({ key }) => objects.get('lake', key)));
  return bodies.map(({ body }) => Buffer.from(body).toString());
}

/** One record more arrives in the second that the hint says, and a little for the delivery. */
async function checkGood(test: Test, text: string): Promise<void> {
  await put(test, 'good', text);
  await pass(test, 1.5);
  const bodies = await bodiesBelow(test, 'good/');
  assert.ok(bodies.includes(text), `${text} is not there: ${bodies.length} objects are`);
}

const codesSeen = (test: Test): readonly string[] => [
  ...new Set(test.firehose.engine.activity(test.stream('bad').id)!.errors.map(({ code }) => code)),
];

describe('S3 that fails for one delivery stream', () => {
  const xml = (status: number, code: string) => (): HttpAnswer => ({
    status,
    headers: new Map([['content-type', 'application/xml']]),
    body: Buffer.from(`<Error><Code>${code}</Code><Message>It is so.</Message></Error>`),
  });
  const none = (failure: 'timeout' | 'broken' | 'unreachable' | 'untrusted') => (): never => {
    throw new HttpError(failure, 'It is so.');
  };
  const cases: readonly (readonly [what: string, code: string, answer: () => HttpAnswer])[] = [
    ['has no such bucket', 'S3.NoSuchBucket', xml(404, 'NoSuchBucket')],
    ['denies access', 'S3.AccessDenied', xml(403, 'AccessDenied')],
    ['knows no such key', 'S3.InvalidAccessKeyId', xml(403, 'InvalidAccessKeyId')],
    ['asks to slow down', 'S3.SlowDown', xml(503, 'SlowDown')],
    ['fails inside', 'S3.InternalError', xml(500, 'InternalError')],
    ['is not available', 'S3.ServiceUnavailable', xml(503, 'ServiceUnavailable')],
    ['cannot use its key', 'S3.KMS.DisabledException', xml(400, 'KMS.DisabledException')],
    ['gives no answer in time', 'S3.RequestTimeout', none('timeout')],
    ['cuts the connection', 'S3.InternalError', none('broken')],
    ['is not reached', 'S3.ServiceUnavailable', none('unreachable')],
    ['has a certificate of nobody', 'S3.UntrustedCertificate', none('untrusted')],
  ];
  for (const [what, code, answer] of cases) {
    it(`${what}: it is tried again under the same key, and the other delivers`, async () => {
      const puts: { readonly path: string; readonly body: string }[] = [];
      let fails = true;
      const servers = new Map([
        [
          'http://127.0.0.1:9000',
          async ({ url, body = [] }: HttpRequest): Promise<HttpAnswer> => {
            puts.push({ path: new URL(url).pathname, body: Buffer.concat(body).toString() });
            if (fails) return answer();
            return { status: 200, headers: new Map([['etag', '"x"']]), body: new Uint8Array() };
          },
        ],
      ]);
      const endpoints = { buckets: { far: { url: 'http://127.0.0.1:9000', region: 'us-east-1' } } };
      await using test = await openBoth({ BucketARN: 'arn:aws:s3:::far' }, { servers, endpoints });
      await put(test, 'bad', 'one\n', 'two\n');
      for (let second = 0; second < 4; second++) await checkGood(test, `good ${second}\n`);
      assert.deepEqual(codesSeen(test), [code]);
      const before = puts.length;
      assert.ok(before >= 3, `${before} attempts`);
      fails = false;
      await pass(test, 30);
      assert.equal(puts.length, before + 1);
      assert.equal(new Set(puts.map(({ path }) => path)).size, 1);
      assert.ok(puts.every(({ body }) => body === 'one\ntwo\n'));
      assert.equal(test.firehose.engine.activity(test.stream('bad').id)!.recordsLost, 0);
      assert.deepEqual(test.failures, []);
    });
  }

  it('what no attempt can help is lost at once, and counted', async () => {
    await using test = await openBoth({ Prefix: 'bad/'.repeat(100) });
    test.objects.onCall = ({ kind, key }) => {
      if (kind === 'put' && key.startsWith('bad/'))
        throw new ObjectStoreError('KeyTooLongError', 'Too long.', 400);
    };
    await put(test, 'bad', 'one\n');
    await checkGood(test, 'good\n');
    assert.deepEqual(codesSeen(test), ['S3.KeyTooLongError']);
    assert.equal(test.firehose.engine.activity(test.stream('bad').id)!.recordsLost, 1);
  });
});

describe('A poison record', () => {
  const parameters = (entries: Record<string, string>) =>
    Object.entries(entries).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }));
  const pipeline = (...processors: readonly (readonly [string, Record<string, string>])[]) => ({
    ProcessingConfiguration: {
      Enabled: true,
      Processors: processors.map(([Type, entries]) => ({ Type, Parameters: parameters(entries) })),
    },
  });
  const partitioned = (MetadataExtractionQuery: string) => ({
    ...pipeline(['MetadataExtraction', { MetadataExtractionQuery, JsonParsingEngine: 'JQ-1.6' }]),
    Prefix: 'bad/!{partitionKeyFromQuery:k}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
    DynamicPartitioningConfiguration: { Enabled: true },
  });
  const logs = gzipSync(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '000000000000',
      logGroup: 'g',
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents: [{ id: '1', timestamp: 1, message: 'sound' }],
    }),
  );
  const extraction = pipeline(
    ['Decompression', { CompressionFormat: 'GZIP' }],
    ['CloudWatchLogProcessing', { DataMessageExtraction: 'true' }],
  );
  const cases: readonly {
    readonly what: string;
    readonly settings: object;
    readonly poison: string | Uint8Array;
    readonly sound: string | Uint8Array;
    readonly type: string;
    readonly code: string;
    readonly message: string;
  }[] = [
    {
      what: 'that is no JSON where jq is to look into it',
      settings: partitioned('{k: .k}'),
      poison: '{"k":',
      sound: '{"k":"sound"}',
      type: 'metadata-extraction-failed',
      code: 'DynamicPartitioning.MetadataExtractionFailed',
      message: 'Non JSON record provided',
    },
    {
      what: 'in which jq finds nothing',
      settings: partitioned('{k: .k}'),
      poison: '{"x":1}',
      sound: '{"k":"sound"}',
      type: 'metadata-extraction-failed',
      code: 'DynamicPartitioning.MetadataExtractionFailed',
      message: 'partitionKeys values must not be null or empty',
    },
    {
      what: 'with which jq does not come to an end',
      settings: partitioned('{k: (if .k then .k else last(repeat(1)) end | tostring)}'),
      poison: '{"x":1}',
      sound: '{"k":"sound"}',
      type: 'metadata-extraction-failed',
      code: 'DynamicPartitioning.MetadataExtractionFailed',
      message: 'The program has more than 2000 calls inside each other.',
    },
    {
      what: 'that is not compressed though it is to be',
      settings: extraction,
      poison: 'plain',
      sound: logs,
      type: 'decompression-failed',
      code: 'Decompression failed.',
      message: 'The record could not be decompressed as GZIP: incorrect header check',
    },
    {
      what: 'that does not come from CloudWatch Logs though it is to',
      settings: extraction,
      poison: gzipSync('{"no":"logs"}'),
      sound: logs,
      type: 'decompression-failed',
      code: 'Decompression failed.',
      message: 'The decompressed record is not a message of CloudWatch Logs.',
    },
  ];
  for (const { what, settings, poison, sound, type, code, message } of cases) {
    it(`${what} goes to the error output alone`, async () => {
      await using test = await openBoth(settings);
      await put(test, 'bad', sound, poison, sound);
      await checkGood(test, 'good\n');
      const delivered = await bodiesBelow(test, 'bad/');
      assert.equal(delivered.length, 1);
      assert.equal(delivered[0]!.match(/sound/g)!.length, 2, delivered.join());
      const errors = await bodiesBelow(test, 'errors/');
      assert.equal(errors.length, 1);
      assert.equal((await bodiesBelow(test, `errors/${type}/`)).length, 1, 'it is below its type');
      const line = JSON.parse(errors[0]!) as Line;
      assert.deepEqual([line['errorCode'], line['errorMessage']], [code, message]);
      assert.equal(line['attemptsMade'], 1);
      assert.deepEqual(Buffer.from(String(line['rawData']), 'base64'), Buffer.from(poison));
      assert.deepEqual(test.failures, []);
    });
  }
});

describe('A poison record among others', () => {
  it('that cannot be converted goes to the error output alone', async () => {
    await using test = await openTestFirehose();
    await test.objects.createBucket('lake');
    const { CreateDatabase, CreateTable } = createTableService(test).handlers;
    await CreateDatabase({ DatabaseInput: { Name: 'db' } }, call());
    const StorageDescriptor = { Columns: [{ Name: 'id', Type: 'int' }] };
    await CreateTable({ DatabaseName: 'db', TableInput: { Name: 't', StorageDescriptor } }, call());
    const conversion = {
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
      DataFormatConversionConfiguration: {
        SchemaConfiguration: { RoleARN: S3.RoleARN, DatabaseName: 'db', TableName: 't' },
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
      },
    };
    await test.create('good', { ExtendedS3DestinationConfiguration: { ...PLACE, Prefix: 'good/' } });
    await test.create('bad', { ExtendedS3DestinationConfiguration: { ...PLACE, ...conversion } });
    await put(test, 'bad', '{"id":1}', '{"id":"oops"}', 'no json', '{"id":2}');
    await checkGood(test, 'good\n');
    const { objects } = await test.objects.list('lake', 'bad/', '', 10);
    assert.equal(objects.length, 1);
    const { body } = await test.objects.get('lake', objects[0]!.key);
    assert.deepEqual(await readRows(body), [{ id: 1 }, { id: 2 }]);
    const [errors = ''] = await bodiesBelow(test, 'errors/format-conversion-failed/');
    const lines = errors
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    assert.deepEqual(
      lines.map(({ lastErrorCode, rawData }) => [
        lastErrorCode,
        Buffer.from(String(rawData), 'base64').toString(),
      ]),
      [
        ['DataFormatConversion.MalformedData', '{"id":"oops"}'],
        ['DataFormatConversion.ParseError', 'no json'],
      ],
    );
    assert.equal(lines[0]!['lastErrorMessage'], 'Data does not match the schema. For input string: "oops"');
    assert.deepEqual(test.failures, []);
  });

  it('that begins as an aggregate and is none is delivered whole, as what it is', async () => {
    const source = new TestSource();
    source.add('shard');
    await using test = await openTestFirehose({ source, streams: ['s'] });
    await test.objects.createBucket('lake');
    await test.create('good', { ExtendedS3DestinationConfiguration: { ...PLACE, Prefix: 'good/' } });
    await test.create('bad', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        RoleARN: S3.RoleARN,
        KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
      },
      ExtendedS3DestinationConfiguration: PLACE,
    });
    await test.turn();
    const sound = aggregateOf(['one\n', 'two\n']);
    const broken = Buffer.from(sound);
    broken[broken.length - 1]! ^= 1;
    const cut = sound.subarray(0, 12);
    source.put('shard', { data: sound }, { data: broken }, { data: cut }, { data: aggregateOf(['three\n']) });
    await checkGood(test, 'good\n');
    const { objects } = await test.objects.list('lake', 'bad/', '', 10);
    assert.equal(objects.length, 1);
    const { body } = await test.objects.get('lake', objects[0]!.key);
    const expected = Buffer.concat([Buffer.from('one\ntwo\n'), broken, cut, Buffer.from('three\n')]);
    assert.deepEqual(Buffer.from(body), expected);
    assert.deepEqual(await bodiesBelow(test, 'errors/'), []);
    assert.deepEqual(test.failures, []);
  });
});

describe('A function that hangs', () => {
  const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:slow';
  const FIVE_MINUTES_MS = 300 * SECOND_MS;
  const lambda = {
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: 'Lambda',
          Parameters: [
            { ParameterName: 'LambdaArn', ParameterValue: ARN },
            { ParameterName: 'NumberOfRetries', ParameterValue: '1' },
            { ParameterName: 'BufferSizeInMBs', ParameterValue: '0.2' },
            { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '1' },
          ],
        },
      ],
    },
  };
  const options = {
    // Less than what comes while the function hangs.
    deliveryMemoryBytesMax: 4 * 2 ** 20,
    functions: (clock: Test['clock']) => ({
      unavailable: () => undefined,
      /** As an endpoint's is: given up after five minutes. */
      async invoke(_arn: string, _payload: Uint8Array, signal?: AbortSignal): Promise<never> {
        await clock.sleep(FIVE_MINUTES_MS, signal);
        throw new FunctionFailure('Timeout', 'It takes too long.', true);
      },
    }),
  };

  it('holds back no other, however much comes in; then the error output says that it timed out', async () => {
    await using test = await openBoth(lambda, options);
    const large = 'x'.repeat(100_000);
    for (let second = 0; second < 60; second++) {
      await put(test, 'bad', `${second} ${large}`);
      if (second % 10 === 0) await checkGood(test, `good ${second}\n`);
      else await pass(test, 1);
    }
    assert.ok(test.firehose.engine.heldBytes < options.deliveryMemoryBytesMax);
    await pass(test, 620);
    await checkGood(test, 'good at last\n');
    const [first = ''] = await bodiesBelow(test, 'errors/processing-failed/');
    const line = JSON.parse(first.slice(0, first.indexOf('\n'))) as Line;
    assert.equal(line['errorCode'], 'Lambda.FunctionTimedOut');
    assert.equal(
      line['errorMessage'],
      'Firehose encountered timeout errors when calling AWS Lambda. The maximum supported function timeout is 5 minutes.',
    );
    assert.deepEqual([line['attemptsMade'], line['lambdaARN'] ?? line['lambdaArn']], [2, ARN]);
    assert.match(Buffer.from(String(line['rawData']), 'base64').toString(), /^0 x+$/);
    assert.deepEqual(await bodiesBelow(test, 'bad/'), []);
  });
});
