/** Deliveries to other destinations than S3, from PutRecordBatch to what is left of what could not be delivered. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpAnswer, HttpRequest } from '../host/http.ts';
import type { SimulatedServer } from '../host/simulated/http.ts';
import { SqlError, type SqlClient } from '../host/sql.ts';
import { S3, ROLE, openTestFirehose } from './firehose.testing.ts';

type Test = Awaited<ReturnType<typeof openTestFirehose>>;
type Line = Readonly<Record<string, unknown>>;

const HINTS = { SizeInMBs: 1, IntervalInSeconds: 1 };
const S3_BACKUP = { ...S3, BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 } };

/** A server that answers as it is told to at the moment. */
function server(answer: (request: HttpRequest) => Partial<HttpAnswer>) {
  const requests: HttpRequest[] = [];
  const state = { answer };
  const serve: SimulatedServer = async (request) => {
    requests.push(request);
    const body = state.answer(request).body ?? new Uint8Array();
    const headers = new Map([
      ['content-type', 'application/json'],
      ['content-length', String(body.length)],
    ]);
    return { status: 200, headers, ...state.answer(request), body };
  };
  return { requests, state, serve };
}

async function put(test: Test, name: string, texts: readonly string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
  await test.client.PutRecordBatch({ DeliveryStreamName: name, Records });
  await test.turn();
}

/** Seconds go by, with all that happens in them. */
async function pass(test: Test, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await test.clock.advance(1000);
    await test.turn();
  }
}

async function linesBelow(test: Test, prefix: string): Promise<readonly Line[]> {
  const { objects } = await test.objects.list('lake', prefix, '', 1000);
  const bodies = await Promise.all(objects.map(({ key }) => test.objects.get('lake', key)));
  return bodies
    .flatMap(({ body }) => Buffer.from(body).toString().split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

const requestIdOf = ({ headers }: HttpRequest): string => headers['x-amz-firehose-request-id']!;
const accepted = (request: HttpRequest): Partial<HttpAnswer> => ({
  body: Buffer.from(JSON.stringify({ requestId: requestIdOf(request), timestamp: 1 })),
});

const httpEndpoint = (DurationInSeconds: number) => ({
  ExtendedS3DestinationConfiguration: undefined,
  HttpEndpointDestinationConfiguration: {
    EndpointConfiguration: { Url: 'https://collector.example.com/in' },
    BufferingHints: HINTS,
    RetryOptions: { DurationInSeconds },
    S3Configuration: S3_BACKUP,
  },
});

describe('Delivery to an HTTP endpoint', () => {
  it('is tried under one id until it is taken, also by another process', async () => {
    const collector = server(() => ({ status: 500 }));
    await using test = await openTestFirehose({
      servers: new Map([['https://collector.example.com', collector.serve]]),
    });
    await test.objects.createBucket('lake');
    await test.create('clicks', httpEndpoint(300));
    await put(test, 'clicks', ['one', 'two']);
    await pass(test, 20);
    const before = collector.requests.length;
    assert.ok(before >= 3, `${before} attempts`);
    await test.restart();
    await pass(test, 20);
    assert.ok(collector.requests.length > before);
    collector.state.answer = accepted;
    await pass(test, 130);
    assert.equal(new Set(collector.requests.map(requestIdOf)).size, 1);
    const last = collector.requests.length;
    await put(test, 'clicks', ['three']);
    await pass(test, 2);
    assert.equal(collector.requests.length, last + 1);
    assert.notEqual(requestIdOf(collector.requests.at(-1)!), requestIdOf(collector.requests[0]!));
    assert.deepEqual(await linesBelow(test, ''), []);
    assert.deepEqual(test.failures, []);
  });

  it('leaves error records once its duration is over, and holds back no other', async () => {
    const collector = server(() => ({ status: 500, body: Buffer.from('broken') }));
    await using test = await openTestFirehose({
      servers: new Map([['https://collector.example.com', collector.serve]]),
    });
    await test.objects.createBucket('lake');
    await test.create('failing', httpEndpoint(30));
    await test.create('fine', { ExtendedS3DestinationConfiguration: { ...S3_BACKUP, Prefix: 'fine/' } });
    await put(test, 'failing', ['one', 'two']);
    await put(test, 'fine', ['three']);
    await pass(test, 5);
    assert.equal((await test.objects.list('lake', 'fine/', '', 10)).objects.length, 1);
    await pass(test, 60);
    const lines = await linesBelow(test, 'http-endpoint-failed/');
    assert.deepEqual(
      lines.map(({ rawData }) => Buffer.from(String(rawData), 'base64').toString()),
      ['one', 'two'],
    );
    const [line] = lines as [Line];
    assert.equal(line['errorCode'], 'HttpEndpoint.DestinationException');
    assert.equal(
      line['errorMessage'],
      'Received the following response from the endpoint destination. broken',
    );
    assert.equal(line['attemptsMade'], collector.requests.length);
    assert.match(String(line['dataId']), /^\d{56}\.0$/);
  });

  it('drops what is too large for it without a trace, as AWS does', async () => {
    const collector = server(() => ({ status: 413 }));
    await using test = await openTestFirehose({
      servers: new Map([['https://collector.example.com', collector.serve]]),
    });
    await test.objects.createBucket('lake');
    await test.create('clicks', httpEndpoint(30));
    await put(test, 'clicks', ['one']);
    await pass(test, 60);
    assert.equal(collector.requests.length, 1);
    assert.deepEqual(await linesBelow(test, ''), []);
  });
});

describe('Delivery to Splunk', () => {
  it('waits for acknowledgements, and gives up those that never come', async () => {
    const indexed = { is: true };
    const splunk = server(({ url }) => ({
      body: Buffer.from(
        url.endsWith('/ack') ? `{"acks":{"0":${indexed.is}}}` : '{"text":"Success","code":0,"ackId":0}',
      ),
    }));
    await using test = await openTestFirehose({
      servers: new Map([['https://splunk.example.com:8088', splunk.serve]]),
    });
    await test.objects.createBucket('lake');
    await test.create('clicks', {
      ExtendedS3DestinationConfiguration: undefined,
      SplunkDestinationConfiguration: {
        HECEndpoint: 'https://splunk.example.com:8088',
        HECEndpointType: 'Raw',
        HECToken: 'token',
        HECAcknowledgmentTimeoutInSeconds: 180,
        BufferingHints: HINTS,
        RetryOptions: { DurationInSeconds: 0 },
        S3Configuration: S3_BACKUP,
      },
    });
    const sent = () =>
      splunk.requests
        .filter(({ url }) => url.endsWith('/raw'))
        .map(({ body }) => Buffer.concat(body!).toString());
    await put(test, 'clicks', ['one\n', 'two\n']);
    await pass(test, 5);
    assert.deepEqual(sent(), ['one\ntwo\n']);
    assert.deepEqual(await linesBelow(test, ''), []);
    indexed.is = false;
    for (let batch = 0; batch < 20; batch++) {
      await put(test, 'clicks', [`late ${batch}\n`]);
      await pass(test, 1);
    }
    await pass(test, 2);
    assert.equal(sent().length, 21, 'none waits for the acknowledgement of another');
    await pass(test, 200);
    const lines = await linesBelow(test, 'splunk-failed/');
    assert.equal(lines.length, 20);
    for (const { errorCode, attemptsMade } of lines) {
      assert.deepEqual([errorCode, attemptsMade], ['Splunk.AckTimeout', 1]);
    }
    assert.equal(sent().length, 21);
  });
});

describe('Delivery to OpenSearch', () => {
  it('puts refused documents aside, and sends the others again', async () => {
    let calls = 0;
    const ids: (readonly string[])[] = [];
    const item = (status: number, type: string) => ({ index: { status, error: { type } } });
    const cluster = server(() => ({}));
    const answers = [
      [{ index: { status: 201 } }, item(400, 'mapper_parsing_exception'), item(429, 'rejected')],
      [{ index: { status: 201 } }],
    ];
    const serve: SimulatedServer = async (request) => {
      const lines = Buffer.concat(request.body!).toString().trimEnd().split('\n');
      const actions = lines.filter((_, index) => index % 2 === 0);
      ids.push(actions.map((line) => (JSON.parse(line) as { index: { _id: string } }).index._id));
      const items = answers[calls++]!;
      return { ...(await cluster.serve(request)), body: Buffer.from(JSON.stringify({ items })) };
    };
    await using test = await openTestFirehose({
      servers: new Map([['https://logs.internal', serve]]),
      endpoints: { domains: { 'search.example.com': { url: 'https://logs.internal' } } },
    });
    await test.objects.createBucket('lake');
    await test.create('clicks', {
      ExtendedS3DestinationConfiguration: undefined,
      AmazonopensearchserviceDestinationConfiguration: {
        RoleARN: ROLE,
        ClusterEndpoint: 'https://search.example.com',
        IndexName: 'clicks',
        BufferingHints: HINTS,
        RetryOptions: { DurationInSeconds: 600 },
        S3Configuration: S3_BACKUP,
      },
    });
    await put(test, 'clicks', ['{"n":1}', '{"n":"x"}', '{"n":3}']);
    await pass(test, 400);
    assert.equal(ids.length, 2);
    assert.deepEqual(ids[1], [ids[0]![2]]);
    const lines = await linesBelow(test, 'AmazonOpenSearchService-failed/');
    assert.equal(lines.length, 1);
    assert.equal(lines[0]!['errorCode'], '400');
    assert.equal(lines[0]!['esDocumentId'], ids[0]![1]);
  });
});

describe('Delivery to Redshift', () => {
  it('puts the object once, copies until its duration is over, and leaves a manifest', async () => {
    const statements: string[] = [];
    const works = { does: false };
    const sql: SqlClient = {
      run: (_, work) =>
        work({
          async query(text) {
            statements.push(text);
            if (!works.does) throw new SqlError('refused', 'relation does not exist', '42P01');
            return { columns: [], rows: [] };
          },
          copyIn: () => assert.fail('no rows'),
        }),
    };
    await using test = await openTestFirehose({ sql });
    await test.objects.createBucket('lake');
    await test.create('clicks', {
      ExtendedS3DestinationConfiguration: undefined,
      RedshiftDestinationConfiguration: {
        RoleARN: ROLE,
        ClusterJDBCURL: 'jdbc:redshift://w.abc.us-east-1.redshift.amazonaws.com:5439/dev',
        CopyCommand: { DataTableName: 'clicks' },
        Username: 'user',
        Password: 'password',
        RetryOptions: { DurationInSeconds: 400 },
        S3Configuration: S3_BACKUP,
      },
    });
    await put(test, 'clicks', ['1|a\n']);
    await pass(test, 450);
    assert.equal(statements.length, 3, 'at once, after five minutes, and at the end');
    assert.equal(new Set(statements).size, 1);
    assert.equal((await linesBelow(test, 'errors/manifests/')).length, 1);
    const keys = (await test.objects.list('lake', '2', '', 10)).objects.map(({ key }) => key);
    assert.equal(keys.length, 1);

    works.does = true;
    await put(test, 'clicks', ['2|b\n']);
    await pass(test, 5);
    assert.equal(statements.length, 4);
    const found = (await test.objects.list('lake', '2', '', 10)).objects.map(({ key }) => key);
    assert.equal(found.length, 2);
    assert.equal((await linesBelow(test, 'errors/')).length, 1);
    assert.deepEqual(test.failures, []);
  });
});
