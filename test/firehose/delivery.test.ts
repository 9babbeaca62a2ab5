/** Records from the wire to objects: the real server on a disk, killed and started again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Client, type Output } from '../../conformance/client.ts';
import { createApiClient } from '../../src/cli/client/api-client.ts';
import { readRows } from '../../src/firehose/conversion/converter.testing.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { openFolderObjectStore } from '../../src/objects/folder/folder-object-store.ts';
import { startServer, temporaryDirectory, type ServerProcess } from '../server/server-process.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const FLAGS = ['--limits', 'none', '--state-duration-ms', '0'];

async function withBucket(dataDirectory: string) {
  const directory = `${dataDirectory}/objects`;
  const host = createRealHost();
  const store = await openFolderObjectStore({ ...host, directory });
  await store.createBucket('lake');
  return store;
}

function clientOf({ url }: ServerProcess, service: 'firehose' | 'kinesis'): Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new Client({ url: new URL(url), region: 'us-east-1', credentials, insecure: true, service });
}

function operatorOf({ url }: ServerProcess) {
  return createApiClient({
    endpoint: new URL(url),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined },
    service: 'millrace',
    targetPrefix: 'Millrace_20261123',
  });
}

/** Whatever fails, it does not stay. */
function ending(server: ServerProcess): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await server.stop('SIGKILL');
    },
  };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const deadlineMs = Date.now() + 20_000; ;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(Date.now() < deadlineMs, 'it takes too long');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function create(client: Client, name: string, more: Record<string, unknown>): Promise<void> {
  await client.call('CreateDeliveryStream', {
    DeliveryStreamName: name,
    ExtendedS3DestinationConfiguration: {
      RoleARN: ROLE,
      BucketARN: 'arn:aws:s3:::lake',
      Prefix: `${name}/`,
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
      CompressionFormat: 'GZIP',
    },
    ...more,
  });
  await until(async () => {
    const { DeliveryStreamDescription: described } = await client.call('DescribeDeliveryStream', {
      DeliveryStreamName: name,
    });
    return (described as Output)['DeliveryStreamStatus'] === 'ACTIVE' ? true : undefined;
  });
}

async function putLines(client: Client, name: string, from: number, count: number): Promise<void> {
  const Records = Array.from({ length: count }, (_, index) => ({
    Data: Buffer.from(`line ${from + index}\n`).toString('base64'),
  }));
  const answer = await client.call('PutRecordBatch', { DeliveryStreamName: name, Records });
  assert.equal(answer['FailedPutCount'], 0);
}

type Store = Awaited<ReturnType<typeof withBucket>>;

/** All lines of the objects, once so many are there. */
async function lines(store: Store, prefix: string, count: number): Promise<readonly string[]> {
  return until(async () => {
    const found: string[] = [];
    for (const { key } of (await store.list('lake', prefix, '', 1000)).objects) {
      assert.match(
        key,
        /^[a-z]+\/\d{4}\/\d\d\/\d\d\/\d\d\/[a-z]+-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}\.gz$/,
      );
      const { head, body } = await store.get('lake', key);
      assert.equal(head.contentEncoding, 'gzip');
      found.push(...gunzipSync(body).toString().trimEnd().split('\n'));
    }
    return found.length >= count ? found : undefined;
  });
}

const expected = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`).toSorted();

test('what is put lands in objects once, in order, and over a kill', async () => {
  await using directory = await temporaryDirectory();
  const store = await withBucket(directory.path);
  let server = await startServer(directory.path, FLAGS);
  let client = clientOf(server, 'firehose');
  await create(client, 'clicks', {});
  for (let from = 0; from < 2000; from += 500) await putLines(client, 'clicks', from, 500);
  assert.deepEqual([...(await lines(store, 'clicks/', 2000))].toSorted(), expected(2000));
  await putLines(client, 'clicks', 2000, 500);
  client.close();
  await server.stop('SIGKILL');

  server = await startServer(directory.path, FLAGS);
  client = clientOf(server, 'firehose');
  await putLines(client, 'clicks', 2500, 100);
  assert.deepEqual([...(await lines(store, 'clicks/', 2600))].toSorted(), expected(2600));
  client.close();
  assert.equal(await server.stop('SIGTERM'), 0);
});

test('a Kinesis stream is delivered from the moment on that the delivery stream was made', async () => {
  await using directory = await temporaryDirectory();
  const store = await withBucket(directory.path);
  let server = await startServer(directory.path, FLAGS);
  await using _ended = { [Symbol.asyncDispose]: () => ending(server)[Symbol.asyncDispose]() };
  const [kinesis, firehose] = [clientOf(server, 'kinesis'), clientOf(server, 'firehose')];
  await kinesis.call('CreateStream', { StreamName: 'source', ShardCount: 3 });
  await until(async () => {
    const { StreamDescriptionSummary: summary } = await kinesis.call('DescribeStreamSummary', {
      StreamName: 'source',
    });
    return (summary as Output)['StreamStatus'] === 'ACTIVE' ? true : undefined;
  });
  const put = (text: string) =>
    kinesis.call('PutRecord', {
      StreamName: 'source',
      PartitionKey: text,
      Data: Buffer.from(text).toString('base64'),
    });
  await put('too early\n');
  await new Promise((resolve) => setTimeout(resolve, 5));
  await create(firehose, 'copies', {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/source',
      RoleARN: ROLE,
    },
  });
  for (let index = 0; index < 50; index++) await put(`line ${index}\n`);
  await kinesis.call('MergeShards', {
    StreamName: 'source',
    ShardToMerge: 'shardId-000000000000',
    AdjacentShardToMerge: 'shardId-000000000001',
  });
  for (let index = 50; index < 100; index++) await put(`line ${index}\n`);
  assert.deepEqual([...(await lines(store, 'copies/', 100))].toSorted(), expected(100));
  for (const client of [kinesis, firehose]) client.close();

  // What once failed is put again, past the stream, and survives a kill.
  const failed = Array.from({ length: 5 }, (_, index) => Buffer.from(`line ${100 + index}\n`));
  const errors = failed.map((data) => `${JSON.stringify({ rawData: data.toString('base64') })}\n`).join('');
  const name = 'copies-1-2026-11-24-12-00-00-fe27867a-c778-4121-a922-78f561ee1ad1';
  const key = `copies/processing-failed/2026/11/24/12/${name}`;
  await store.put('lake', key, Buffer.from(errors), { contentType: 'application/octet-stream' });
  const operator = operatorOf(server);
  const retried = await operator.call('RetryErrors', { DeliveryStreamName: 'copies' });
  assert.equal((retried as Output)['Records'], 5);
  operator.close();
  await server.stop('SIGKILL');
  server = await startServer(directory.path, FLAGS);
  assert.deepEqual([...(await lines(store, 'copies/', 105))].toSorted(), expected(105));
  assert.equal(await server.stop('SIGTERM'), 0);
});

test('records are partitioned by jq and converted by a table, those that cannot be go to the error output, the source to the backup', async () => {
  await using directory = await temporaryDirectory();
  const store = await withBucket(directory.path);
  const server = await startServer(directory.path, FLAGS);
  await using _ended = ending(server);
  const firehose = clientOf(server, 'firehose');
  const glue = createApiClient({
    endpoint: new URL(server.url),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined },
    service: 'glue',
    targetPrefix: 'AWSGlue',
  });
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'web' } });
  const Columns = [
    { Name: 'id', Type: 'int' },
    { Name: 'site', Type: 'string' },
  ];
  await glue.call('CreateTable', {
    DatabaseName: 'web',
    TableInput: { Name: 'clicks', StorageDescriptor: { Columns } },
  });
  const parameters = (entries: Record<string, string>) =>
    Object.entries(entries).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }));
  const place = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::lake' };
  await create(firehose, 'tables', {
    ExtendedS3DestinationConfiguration: {
      ...place,
      Prefix: 'site=!{partitionKeyFromQuery:site}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        ...place,
        Prefix: 'backup/',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
      },
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: 'MetadataExtraction',
            Parameters: parameters({ MetadataExtractionQuery: '{site: .site}', JsonParsingEngine: 'JQ-1.6' }),
          },
        ],
      },
      DataFormatConversionConfiguration: {
        Enabled: true,
        SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'web', TableName: 'clicks' },
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
      },
    },
  });
  const texts = Array.from({ length: 300 }, (_, id) => JSON.stringify({ id, site: 'abc'[id % 3] }));
  texts.push('no json', '{"id":"oops","site":"a"}');
  await firehose.call('PutRecordBatch', {
    DeliveryStreamName: 'tables',
    Records: texts.map((text) => ({ Data: Buffer.from(text).toString('base64') })),
  });
  const bodies = async (prefix: string) => {
    const { objects } = await store.list('lake', prefix, '', 100);
    return Promise.all(objects.map(async ({ key }) => Buffer.from((await store.get('lake', key)).body)));
  };
  const rows = await until(async () => {
    const found = (await Promise.all((await bodies('site=')).map((body) => readRows(body)))).flat();
    return found.length >= 300 ? found : undefined;
  });
  assert.deepEqual(
    rows.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b)),
    [...texts.keys()].slice(0, 300),
  );
  const names = (await store.list('lake', 'site=', '', 100)).objects.map(({ key }) => key.split('/')[0]);
  assert.deepEqual([...new Set(names)].toSorted(), ['site=a', 'site=b', 'site=c']);
  for (const [type, code] of [
    ['metadata-extraction-failed', 'errorCode'],
    ['format-conversion-failed', 'lastErrorCode'],
  ] as const) {
    const lines = await until(async () => (await bodies(`errors/${type}/`))[0]?.toString());
    const line = JSON.parse(lines) as Record<string, string>;
    assert.match(line[code]!, /\./);
    assert.ok(texts.slice(300).includes(Buffer.from(line['rawData']!, 'base64').toString()), lines);
  }
  const backup = await until(async () => {
    const found = Buffer.concat(await bodies('backup/')).toString();
    return found.length >= texts.join('').length ? found : undefined;
  });
  assert.equal(backup.length, texts.join('').length);
  firehose.close();
  glue.close();
  assert.equal(await server.stop('SIGTERM'), 0);
});
