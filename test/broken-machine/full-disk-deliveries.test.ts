/** Delivery streams on a disk that is full: what is acknowledged, what is told, and what is delivered once there is room. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ApiError, createApiClient, type ApiClient } from '../../src/cli/client/api-client.ts';
import { startServer, temporaryDirectory } from '../server/server-process.ts';
import { mountDisk, skipMounts } from './mounted-disk.ts';

const skip = skipMounts(tmpdir());
const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const PLACE = {
  RoleARN: ROLE,
  BucketARN: 'arn:aws:s3:::lake',
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
};
const DELIVERS_MS_MAX = 30_000;

function clientOf(url: string, service: string, targetPrefix: string): ApiClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined };
  return createApiClient({ endpoint: new URL(url), region: 'us-east-1', credentials, service, targetPrefix });
}

/** Takes every request by AWS's rules and keeps the texts. */
function collector(taken: string[]): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { requestId, records } = JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly requestId: string;
        readonly records: readonly { readonly data: string }[];
      };
      for (const { data } of records) taken.push(Buffer.from(data, 'base64').toString());
      const answer = JSON.stringify({ requestId, timestamp: Date.now() });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  });
}

test(
  'on a full disk nothing is acknowledged that is not delivered later, and deliveries resume by themselves',
  { skip },
  async (t) => {
    await using directory = await temporaryDirectory();
    const taken: string[] = [];
    const server = collector(taken).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const endpoints = path.join(directory.path, 'endpoints.json');
    const url = `http://127.0.0.1:${port}`;
    await writeFile(endpoints, JSON.stringify({ hosts: { 'collector.example.com': { url } } }));
    const data = path.join(directory.path, 'data');
    await mkdir(data);
    await using disk = await mountDisk(data, 'size=40m');
    const flags = ['--limits', 'none', '--state-duration-ms', '0', '--endpoints', endpoints];
    const start = async () => {
      const process = await startServer(data, flags, disk.within);
      t.after(() => process.stop('SIGKILL'));
      const firehose = clientOf(process.url, 'firehose', 'Firehose_20150804');
      const millrace = clientOf(process.url, 'millrace', 'Millrace_20261123');
      return { process, firehose, millrace };
    };

    const first = await start();
    await first.millrace.call('CreateBucket', { Bucket: 'lake' });
    await create(first.firehose, 'folder', {
      ExtendedS3DestinationConfiguration: { ...PLACE, Prefix: 'folder/' },
    });
    await create(first.firehose, 'remote', {
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: 'https://collector.example.com/in' },
        BufferingHints: PLACE.BufferingHints,
        S3Configuration: PLACE,
      },
    });
    const acknowledged = { folder: [] as string[], remote: [] as string[] };
    disk.fill();
    for (const name of ['folder', 'remote'] as const) {
      const refused = await putUntilRefused(first.firehose, name, acknowledged[name]);
      assert.deepEqual([refused.status, refused.code], [500, 'ServiceUnavailableException']);
    }
    // It serves on, and a new process does, with what was acknowledged still to be delivered.
    await first.firehose.call('ListDeliveryStreams', {});
    await first.process.stop('SIGKILL');
    const second = await start();
    await second.firehose.call('DescribeDeliveryStream', { DeliveryStreamName: 'folder' });

    disk.clear();
    for (const name of ['folder', 'remote'] as const) {
      await until(async () => {
        const text = `${name} has room again\n`;
        const put = putText(second.firehose, name, text).then(
          () => acknowledged[name].push(text),
          (error: unknown) => assert.equal((error as ApiError).status, 500),
        );
        await put;
        return acknowledged[name].at(-1) === text;
      });
    }
    await until(async () => new Set(taken).size >= acknowledged.remote.length);
    assert.deepEqual([...new Set(taken)].toSorted(), acknowledged.remote.toSorted());
    const found = async (): Promise<string[]> =>
      (await textIn(second.millrace)).match(/folder[^\n]*\n/g) ?? [];
    await until(async () => (await found()).length >= acknowledged.folder.length);
    assert.deepEqual((await found()).toSorted(), acknowledged.folder.toSorted());
    assert.equal(await second.process.stop('SIGTERM'), 0);
  },
);

async function create(client: ApiClient, DeliveryStreamName: string, destination: object): Promise<void> {
  await client.call('CreateDeliveryStream', { DeliveryStreamName, ...destination });
  await until(async () => {
    const { DeliveryStreamDescription: described } = await client.call<{
      readonly DeliveryStreamDescription: { readonly DeliveryStreamStatus: string };
    }>('DescribeDeliveryStream', { DeliveryStreamName });
    return described.DeliveryStreamStatus === 'ACTIVE';
  });
}

async function putText(client: ApiClient, DeliveryStreamName: string, text: string): Promise<void> {
  const Record = { Data: Buffer.from(text).toString('base64') };
  await client.call('PutRecord', { DeliveryStreamName, Record });
}

async function putUntilRefused(client: ApiClient, name: string, acknowledged: string[]): Promise<ApiError> {
  for (let count = 0; count < 200; count++) {
    const text = `${name} ${count} ${'x'.repeat(300_000)}\n`;
    try {
      await putText(client, name, text);
      acknowledged.push(text);
    } catch (error) {
      assert.ok(error instanceof ApiError, String(error));
      return error;
    }
  }
  throw new Error('a full disk took 60 MB');
}

/** All objects in a row. */
async function textIn(client: ApiClient): Promise<string> {
  const { Objects } = await client.call<{ readonly Objects: readonly { readonly Key: string }[] }>(
    'ListObjects',
    { Bucket: 'lake', Prefix: 'folder/' },
  );
  let text = '';
  for (const { Key } of Objects) {
    const { Body } = await client.call<{ readonly Body: string }>('GetObject', { Bucket: 'lake', Key });
    text += Buffer.from(Body, 'base64').toString();
  }
  return text;
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + DELIVERS_MS_MAX; !(await look());) {
    assert.ok(performance.now() < endMs, 'it takes too long');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
