/**
 * A whole Millrace that delivers to an S3 which checks signatures and policies. Every line that was put is counted at the other end: while all is well, in
 * every format, and over a policy that denies for some seconds in the middle of it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { assemble, type Server } from '../../../src/assemble.ts';
import { signedHeaders } from '../../../src/base/signature-v4.ts';
import { createApiClient, type ApiClient } from '../../../src/cli/client/api-client.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { createRealHost } from '../../../src/host/real/host.ts';
import { createLog } from '../../../src/logging.ts';
import type { ObjectHead, ObjectStore } from '../../../src/objects/objects.ts';
import { createS3ObjectStore } from '../../../src/objects/s3/s3-object-store.ts';
import { told } from '../told.ts';

const USER = { accessKeyId: 'AKIADELIVERY', secretAccessKey: 'delivery-secret' };
const ROOT = {
  accessKeyId: told('VERSITYGW_ACCESS_KEY'),
  secretAccessKey: told('VERSITYGW_SECRET_KEY'),
  sessionToken: undefined,
};
const BUCKET = 'lake';
const url = told('VERSITYGW_URL');
const host = createRealHost();
const root: ObjectStore = createS3ObjectStore({
  ...host,
  endpoint: {
    url,
    certificateAuthority: undefined,
    region: 'us-east-1',
    addressing: 'path',
    credentials: ROOT,
  },
});

async function allow(effect: 'Allow' | 'Deny'): Promise<void> {
  const Resource = [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`];
  const statement = { Effect: effect, Principal: { AWS: [USER.accessKeyId] }, Action: 's3:*', Resource };
  const body = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const request = {
    method: 'PUT',
    path: `/${BUCKET}`,
    query: { policy: '' },
    headers: { host: new URL(url).host },
    bodyHash: createHash('sha256').update(body).digest('hex'),
  };
  const headers = signedHeaders(request, ROOT, { region: 'us-east-1', service: 's3' }, Date.now());
  const answer = await fetch(`${url}/${BUCKET}?policy=`, { method: 'PUT', headers, body });
  assert.ok(answer.ok, `${answer.status} ${await answer.text()}`);
}

describe('a server before versitygw', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-s3-delivery-'));
  const errors: unknown[] = [];
  let server: Server;
  let firehose: ApiClient;

  before(async () => {
    await promisify(execFile)(told('VERSITYGW'), [
      ...['admin', '-a', ROOT.accessKeyId, '-s', ROOT.secretAccessKey, '-er', url],
      ...['create-user', '-a', USER.accessKeyId, '-s', USER.secretAccessKey, '-r', 'user'],
    ]);
    await root.createBucket(BUCKET);
    await allow('Allow');
    const endpoints = JSON.stringify({ buckets: { '*': { url, credentials: USER } } });
    const flags = ['--port', '0', '--data', folder, '--state-duration-ms', '10', '--limits', 'none'];
    const config = readConfig([...flags, '--endpoints', 'endpoints.json'], {}, () => endpoints);
    const { logger } = createLog('silent', process.stdout);
    const watched = Object.assign(Object.create(logger) as typeof logger, {
      warn: (fields: unknown) => void errors.push(fields),
    });
    server = await assemble({ config, host, logger: watched, version: '0.0.0' });
    firehose = createApiClient({
      endpoint: new URL(`http://127.0.0.1:${server.port}`),
      credentials: { ...USER, sessionToken: undefined },
      region: 'us-east-1',
      service: 'firehose',
      targetPrefix: 'Firehose_20150804',
    });
  });
  after(async () => {
    firehose.close();
    await server[Symbol.asyncDispose]();
    host.http.close();
    rmSync(folder, { recursive: true });
  });

  async function create(name: string, CompressionFormat: string): Promise<void> {
    await firehose.call('CreateDeliveryStream', {
      DeliveryStreamName: name,
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        Prefix: `${name}/`,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
        CompressionFormat,
      },
    });
    type Described = { DeliveryStreamDescription: { DeliveryStreamStatus: string } };
    const isActive = async (): Promise<boolean> =>
      (await firehose.call<Described>('DescribeDeliveryStream', { DeliveryStreamName: name }))
        .DeliveryStreamDescription.DeliveryStreamStatus === 'ACTIVE';
    while (!(await isActive())) await sleep(20);
  }

  async function put(name: string, from: number, count: number): Promise<readonly string[]> {
    const lines = Array.from(
      { length: count },
      (_, index) => `{"n":${from + index},"page":"/shop/${index % 90}"}\n`,
    );
    const Records = lines.map((line) => ({ Data: Buffer.from(line).toString('base64') }));
    const answer = await firehose.call<{ FailedPutCount: number }>('PutRecordBatch', {
      DeliveryStreamName: name,
      Records,
    });
    assert.equal(answer.FailedPutCount, 0);
    return lines;
  }

  async function objects(
    name: string,
  ): Promise<readonly { head: ObjectHead; key: string; body: Uint8Array }[]> {
    const { objects: found } = await root.list(BUCKET, `${name}/`, '', 1000);
    return Promise.all(found.map(async ({ key }) => ({ key, ...(await root.get(BUCKET, key)) })));
  }

  async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (const deadlineMs = performance.now() + 60_000; performance.now() < deadlineMs; await sleep(100)) {
      const answer = await ask();
      if (answer !== undefined) return answer;
    }
    throw new Error(`Not in time: ${what}`);
  }

  for (const [format, extension, encoding] of [
    ['UNCOMPRESSED', '', undefined],
    ['GZIP', '.gz', 'gzip'],
    ['ZIP', '.zip', 'zip'],
    ['Snappy', '.snappy', 'snappy-java'],
    ['HADOOP_SNAPPY', '.snappy', 'hadoop-snappy'],
  ] as const) {
    it(`delivers ${format}, with its name and headers`, async () => {
      const name = `format-${format}`;
      await create(name, format);
      const lines = await put(name, 0, 500);
      const [object] = await until('an object', async () => {
        const found = await objects(name);
        return found.length > 0 ? found : undefined;
      });
      const { key, head, body } = object!;
      const pattern = `^${name}/\\d{4}/\\d\\d/\\d\\d/\\d\\d/${name}-1-\\d{4}(-\\d\\d){5}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}${extension.replace('.', '\\.')}$`;
      assert.match(key, new RegExp(pattern));
      assert.equal(head.contentType, 'application/octet-stream');
      assert.equal(head.contentEncoding, encoding);
      if (format === 'UNCOMPRESSED') assert.equal(Buffer.from(body).toString(), lines.join(''));
      if (format === 'GZIP') assert.equal(gunzipSync(body).toString(), lines.join(''));
    });
  }

  it('waits while a policy denies, holds back no puts, and then delivers every line once', async () => {
    await create('denied', 'GZIP');
    const lines = [...(await put('denied', 0, 500))];
    await until('the first object', async () => ((await objects('denied')).length > 0 ? true : undefined));
    await allow('Deny');
    errors.length = 0;
    for (let batch = 1; batch <= 10; batch++) lines.push(...(await put('denied', batch * 500, 500)));
    await until('an error that is told', async () => (errors.length > 0 ? true : undefined));
    assert.match(JSON.stringify(errors[0]), /S3\.AccessDenied|AccessDenied/);
    const before = (await objects('denied')).length;
    await sleep(1500);
    assert.equal((await objects('denied')).length, before);
    await allow('Allow');
    const arrived = await until('all lines', async () => {
      const found = await objects('denied');
      const all = found.map(({ body }) => gunzipSync(body).toString()).join('');
      return all.split('\n').length > lines.length ? all : undefined;
    });
    assert.deepEqual(arrived.split(/(?<=\n)/).toSorted(), lines.toSorted());
  });
});
