/** AWS's durations at their true length, on a whole simulated server that is left in peace while what it delivers to is not there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openSqliteCatalog } from '../../src/catalog/sqlite/open.ts';
import type { SeenError } from '../../src/firehose/delivery/activity.ts';
import type { HttpAnswer, HttpClient } from '../../src/host/http.ts';
import { HttpError } from '../../src/host/http.ts';
import { createSimulatedClock } from '../../src/host/simulated/clock.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { createSimulatedDisk } from '../../src/host/simulated/disk.ts';
import { createSimulatedHttpClient } from '../../src/host/simulated/http.ts';
import { ObjectStoreError } from '../../src/objects/object-store-error.ts';
import { createMemoryObjectStore } from '../../src/objects/memory/memory-object-store.ts';
import { FIREHOSE, signedRequest, type Answer } from '../client.ts';
import { openServer } from '../server.ts';
import { never } from './around.ts';
import { ENDPOINT } from './endpoint.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const PLACE = {
  RoleARN: ROLE,
  BucketARN: 'arn:aws:s3:::lake',
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
};
const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1000, 60_000, 3_600_000];
const OPERATOR = { service: 'millrace', targetPrefix: 'Millrace_20261123' };

async function openPeacefulServer(
  answer: () => Promise<HttpAnswer> = () => Promise.reject(new HttpError('unreachable', 'refused')),
) {
  const clock = createSimulatedClock();
  const dice = createSimulatedDice(1);
  const http: HttpClient = createSimulatedHttpClient(clock, new Map([[ENDPOINT, () => answer()]]));
  const objects = createMemoryObjectStore(clock);
  const catalog = await openSqliteCatalog({ host: { disk: createSimulatedDisk() }, path: ':memory:' });
  const errors: SeenError[] = [];
  const failures: unknown[] = [];
  const server = await openServer({
    host: { clock, dice, disk: createSimulatedDisk(), http },
    catalog,
    openObjects: async () => objects,
    functions: { invoke: () => never(), unavailable: () => undefined },
    deliveryMemoryBytesMax: 2 ** 28,
    durability: 'fsync',
    wrapLog: (log) => log,
    wrapGate: (gate) => gate,
    onFailure: (_what, error) => failures.push(error),
    onDeliveryError: (_name, error) => errors.push(error),
  });

  /** Lets time pass as far as `isOver`, and no further than `msMax`. */
  async function pass(msMax: number, isOver: () => boolean = () => false): Promise<void> {
    const endMs = clock.monotonic() + msMax;
    while (!isOver()) {
      for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
      const nextMs = clock.nextTimerMs() ?? Infinity;
      if (isOver() || clock.monotonic() + nextMs > endMs) break;
      await clock.advance(nextMs);
    }
    if (!isOver()) await clock.advance(endMs - clock.monotonic());
  }

  async function call(operation: string, input: object, api = FIREHOSE): Promise<Answer> {
    const body = Buffer.from(JSON.stringify({ DeliveryStreamName: 'clicks', ...input }));
    const signal = new AbortController().signal;
    let text: string | undefined;
    void server
      .handle(signedRequest(clock.now(), api, operation, body, signal))
      .then((response) => (text = Buffer.from(response.body as Uint8Array).toString()));
    await pass(MINUTE_MS, () => text !== undefined);
    return JSON.parse(text || '{}') as Answer;
  }

  return {
    ...{ clock, objects, errors, failures, pass, call },
    /** Makes the delivery stream and puts one record. */
    async put(destination: object, text = 'one\n'): Promise<void> {
      await call('CreateDeliveryStream', destination);
      await pass(SECOND_MS);
      const answer = await call('PutRecord', { Record: { Data: Buffer.from(text).toString('base64') } });
      assert.ok(answer['RecordId'] !== undefined, JSON.stringify(answer));
    },
    lost: async () => Number((await call('DescribeDelivery', {}, OPERATOR))['RecordsLost']),
    async errorLines(): Promise<readonly Answer[]> {
      const { objects: listed } = await objects.list('lake', 'errors/', '', 10);
      const bodies = await Promise.all(listed.map(({ key }) => objects.get('lake', key)));
      return bodies.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as Answer);
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await catalog[Symbol.asyncDispose]();
      assert.deepEqual(failures, []);
    },
  };
}

const S3 = { ExtendedS3DestinationConfiguration: PLACE };
const PARTITIONED = {
  ExtendedS3DestinationConfiguration: {
    ...PLACE,
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 1 },
    Prefix: 'of-!{partitionKeyFromQuery:k}/',
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: 'MetadataExtraction',
          Parameters: [
            { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{k:.k}' },
            { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
          ],
        },
      ],
    },
  },
};
const endpoint = (DurationInSeconds: number) => ({
  HttpEndpointDestinationConfiguration: {
    EndpointConfiguration: { Url: `${ENDPOINT}/in` },
    BufferingHints: PLACE.BufferingHints,
    RetryOptions: { DurationInSeconds },
    S3Configuration: { ...PLACE, ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/' },
  },
});

describe('Durations at their true length', () => {
  it('an object is tried again for 24 hours, then it is lost and counted', async () => {
    await using server = await openPeacefulServer();
    await server.put(S3);
    await server.pass(24 * HOUR_MS - 5 * SECOND_MS);
    assert.equal(await server.lost(), 0);
    assert.ok(server.errors.length > 12 * 60 * 0.5, `${server.errors.length} attempts`);
    await server.pass(15 * SECOND_MS);
    assert.equal(await server.lost(), 1);
    const attempts = server.errors.length;
    await server.objects.createBucket('lake');
    await server.pass(HOUR_MS);
    assert.equal(server.errors.length, attempts);
    assert.deepEqual((await server.objects.list('lake', '', '', 10)).objects, []);
  });

  it('a partition that is refused is tried again for 300 seconds, then its records go to the error output', async () => {
    await using server = await openPeacefulServer();
    await server.objects.createBucket('lake');
    let puts = 0;
    server.objects.onCall = ({ kind, key }) => {
      if (kind !== 'put' || !key.startsWith('of-')) return undefined;
      puts++;
      throw new ObjectStoreError('AccessDenied', 'Not here.');
    };
    await server.put(PARTITIONED, '{"k":"a"}');
    await server.pass(300 * SECOND_MS);
    assert.deepEqual(await server.errorLines(), []);
    await server.pass(5 * SECOND_MS);
    const [line, ...others] = await server.errorLines();
    assert.deepEqual(others, []);
    assert.deepEqual([line!['errorCode'], line!['attemptsMade']], ['S3.AccessDenied', puts]);
    assert.equal(Buffer.from(String(line!['rawData']), 'base64').toString(), '{"k":"a"}');
    assert.equal(await server.lost(), 0);
  });

  it('a bucket that is made after 6 hours has the object within two minutes', async () => {
    await using server = await openPeacefulServer();
    await server.put(S3);
    await server.pass(6 * HOUR_MS);
    await server.objects.createBucket('lake');
    await server.pass(2 * MINUTE_MS + SECOND_MS);
    assert.equal((await server.objects.list('lake', '', '', 10)).objects.length, 1);
    assert.equal(await server.lost(), 0);
  });

  it('a clock that is set 30 hours forth loses nothing that is tried again', async () => {
    await using server = await openPeacefulServer();
    await server.put(S3);
    await server.pass(HOUR_MS);
    server.clock.setWallTime(server.clock.now() + 30 * HOUR_MS);
    await server.pass(HOUR_MS);
    await server.objects.createBucket('lake');
    await server.pass(3 * MINUTE_MS);
    assert.equal((await server.objects.list('lake', '', '', 10)).objects.length, 1);
    assert.equal(await server.lost(), 0);
  });

  for (const seconds of [0, 300, 7200]) {
    it(`an endpoint that is down is tried again for ${seconds} seconds, then the error output says so`, async () => {
      await using server = await openPeacefulServer();
      await server.objects.createBucket('lake');
      await server.put(endpoint(seconds));
      await server.pass(SECOND_MS + Math.max(0, seconds - 2) * SECOND_MS);
      if (seconds > 0) assert.deepEqual(await server.errorLines(), []);
      await server.pass(5 * SECOND_MS);
      const [line, ...others] = await server.errorLines();
      assert.deepEqual(others, []);
      assert.equal(line!['errorCode'], 'HttpEndpoint.ConnectionFailed');
      assert.equal(Buffer.from(String(line!['rawData']), 'base64').toString(), 'one\n');
      const usedMs = Number(line!['attemptEndingTimestamp']) - Number(line!['arrivalTimestamp']);
      assert.ok(usedMs >= (seconds + 1) * SECOND_MS && usedMs < (seconds + 3) * SECOND_MS, `${usedMs} ms`);
      const attempts = Number(line!['attemptsMade']);
      assert.ok(seconds === 0 ? attempts === 1 : attempts > Math.log2(seconds), `${attempts} attempts`);
    });
  }

  it('a domain that is down is asked every five minutes for two hours, then the error output says so', async () => {
    await using server = await openPeacefulServer();
    await server.objects.createBucket('lake');
    await server.put(
      {
        AmazonopensearchserviceDestinationConfiguration: {
          RoleARN: ROLE,
          ClusterEndpoint: 'https://search.example.com',
          IndexName: 'logs',
          BufferingHints: PLACE.BufferingHints,
          RetryOptions: { DurationInSeconds: 7200 },
          S3Configuration: { ...PLACE, ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/' },
        },
      },
      '{"id":1}',
    );
    await server.pass(2 * HOUR_MS);
    assert.deepEqual(await server.errorLines(), []);
    await server.pass(10 * SECOND_MS);
    const [line] = await server.errorLines();
    assert.deepEqual([line!['errorCode'], line!['attemptsMade']], ['ConnectionFailed', 1 + 2 * 12]);
    const usedMs = Number(line!['attemptEndingTimestamp']) - Number(line!['arrivalTimestamp']);
    assert.ok(usedMs >= 2 * HOUR_MS && usedMs < 2 * HOUR_MS + 3 * SECOND_MS, `${usedMs} ms`);
  });

  it('an endpoint has three minutes to answer', async () => {
    await using server = await openPeacefulServer(() => never());
    await server.objects.createBucket('lake');
    await server.put(endpoint(0));
    await server.pass(3 * MINUTE_MS);
    assert.deepEqual(await server.errorLines(), []);
    await server.pass(5 * SECOND_MS);
    const [line] = await server.errorLines();
    assert.equal(line!['errorCode'], 'HttpEndpoint.RequestTimeout');
    const usedMs = Number(line!['attemptEndingTimestamp']) - Number(line!['arrivalTimestamp']);
    assert.ok(usedMs >= 3 * MINUTE_MS && usedMs < 3 * MINUTE_MS + 3 * SECOND_MS, `${usedMs} ms`);
  });

  it('a store that hangs is given up after a quarter of an hour, and asked again', async () => {
    await using server = await openPeacefulServer();
    await server.objects.createBucket('lake');
    let calls = 0;
    server.objects.onCall = ({ kind }) => (kind === 'put' && ++calls === 1 ? never() : undefined);
    await server.put(S3);
    await server.pass(15 * MINUTE_MS);
    assert.equal(calls, 1);
    await server.pass(10 * SECOND_MS);
    assert.equal(calls, 2);
    assert.equal((await server.objects.list('lake', '', '', 10)).objects.length, 1);
  });
});
