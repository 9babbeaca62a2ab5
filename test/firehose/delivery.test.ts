/** Records from the wire to objects: the real server on a disk, killed and started again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Client, type Output } from '../../conformance/client.ts';
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
  const server = await startServer(directory.path, FLAGS);
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
  assert.equal(await server.stop('SIGTERM'), 0);
});
