import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import { NO_ENDPOINTS, type DomainEndpoint } from '../../../config/endpoints.ts';
import { HttpError, type HttpAnswer, type HttpRequest } from '../../../host/http.ts';
import { createRealHttpClient } from '../../../host/real/http.ts';
import { createSimulatedClock } from '../../../host/simulated/clock.ts';
import { createSimulatedHttpClient } from '../../../host/simulated/http.ts';
import type { Delivery, Outcome } from '../../delivery/destination.ts';
import { describeDestination } from '../contract.testing.ts';
import { ARRIVAL_MS, deliveryOf, failedRecordOf } from '../deliveries.testing.ts';
import { documentLine } from './document.ts';
import { createIndexNaming, type RotationPeriod } from './index-name.ts';
import { createSearchDestination, type SearchSettings } from './search-destination.ts';

const ARN = 'arn:aws:es:eu-west-1:123456789012:domain/logs';
const SECRET = 'password-of-the-cluster';
const clock = createSimulatedClock();
const client = createRealHttpClient();
after(() => client.close());
const deliveryStream = { id: 'stream-1', region: 'us-east-1' };

type Parts = Parameters<typeof createSearchDestination>[1];
type Elastic = Extract<SearchSettings, { kind: 'Elasticsearch' }>['settings'];

/** Of what the settings hold, only what is read here. */
function settingsWith(
  more: Partial<Elastic> & { CollectionEndpoint?: string } = {},
  kind: SearchSettings['kind'] = 'Elasticsearch',
): SearchSettings {
  const settings = {
    DomainARN: ARN,
    IndexName: 'clicks',
    IndexRotationPeriod: 'OneDay',
    RetryOptions: { DurationInSeconds: 7200 },
    ...more,
  };
  return { kind, settings } as unknown as SearchSettings;
}

const endpointsWith = (url: string, credentials?: DomainEndpoint['credentials']): Parts['endpoints'] => ({
  ...NO_ENDPOINTS,
  domains: new Map([
    [ARN, { url, certificateAuthority: undefined, credentials }],
    ['x.us-east-1.aoss.amazonaws.com', { url, certificateAuthority: undefined, credentials }],
  ]),
});

type Line = Readonly<Record<string, unknown>>;

/** The actions and documents of a bulk request. */
function linesOf(body: string): readonly { readonly action: Line; readonly document: Line }[] {
  assert.ok(body.endsWith('\n'));
  const lines = body.slice(0, -1).split('\n');
  assert.equal(lines.length % 2, 0);
  const values = lines.map((line) => JSON.parse(line) as Line);
  return Array.from({ length: values.length / 2 }, (_, index) => ({
    action: values[index * 2]!['index'] as Line,
    document: values[index * 2 + 1]!,
  }));
}

describeDestination({
  name: 'search',
  open: (port, responseTimeoutMs) =>
    createSearchDestination(settingsWith(), {
      http: client,
      clock,
      endpoints: endpointsWith(`http://127.0.0.1:${port}`, { user: 'u', password: SECRET }),
      refusesAddress: () => true,
      deliveryStream,
      responseTimeoutMs,
    }),
  serve(socket, onDelivery) {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const lines = linesOf(Buffer.concat(chunks).toString());
        onDelivery(lines.map(({ action }) => action['_id']).join());
        const items = lines.map(() => ({ index: { status: 201 } }));
        response.end(JSON.stringify({ took: 1, errors: false, items }));
      });
    });
    server.emit('connection', socket);
  },
  nonsense: [
    'HTTP/1.1 200 OK\r\n\r\n{"errors":false}',
    'HTTP/1.1 200 OK\r\n\r\n{"errors":false,"items":[]}',
    'HTTP/1.1 200 OK\r\n\r\n{"errors":false,"items":[null,7]}',
    'HTTP/1.1 200 OK\r\n\r\n{"errors":true,"items":[{"index":{"status":"201"}},{}]}',
    'HTTP/1.1 401 No\r\n\r\n' + SECRET,
  ],
  texts: ['{"a":1}', '{"a":2}\n'],
  secrets: [SECRET, Buffer.from(`u:${SECRET}`).toString('base64')],
});

type Answering = (
  request: HttpRequest,
  count: number,
) => Partial<HttpAnswer> | readonly unknown[] | HttpError;

/** An attempt at a server that answers so: by whole answers, or by items. */
async function attemptAt(
  answering: Answering,
  texts: readonly (string | Uint8Array)[],
  options: {
    readonly settings?: SearchSettings;
    readonly credentials?: DomainEndpoint['credentials'];
    readonly delivery?: Partial<Delivery>;
  } = {},
): Promise<{ readonly outcome: Outcome; readonly requests: readonly HttpRequest[] }> {
  const requests: HttpRequest[] = [];
  const server = async (request: HttpRequest): Promise<HttpAnswer> => {
    requests.push(request);
    const count = linesOf(Buffer.concat(request.body!).toString()).length;
    const answer = answering(request, count);
    if (answer instanceof HttpError) throw answer;
    const whole = Array.isArray(answer) ? { body: Buffer.from(JSON.stringify({ items: answer })) } : answer;
    return { status: 200, headers: new Map(), body: new Uint8Array(), ...whole };
  };
  const destination = createSearchDestination(options.settings ?? settingsWith(), {
    http: createSimulatedHttpClient(clock, new Map([['https://real.internal', server]])),
    clock,
    endpoints: endpointsWith('https://real.internal', options.credentials),
    refusesAddress: undefined,
    deliveryStream,
  });
  const outcome = await destination.attempt(
    deliveryOf(texts, options.delivery),
    new AbortController().signal,
  );
  return { outcome, requests };
}

const taken: Answering = (_, count) => Array.from({ length: count }, () => ({ index: { status: 201 } }));
const failing = (status: number, type: string): unknown => ({
  index: { status, error: { type, reason: 'r' } },
});

describe('The search destination', () => {
  it('sends an action and a document for each record', async () => {
    const texts = ['{"a":1}', ' {"a":\n2}\n'];
    const { outcome, requests } = await attemptAt(taken, texts, {
      settings: settingsWith({ TypeName: 'event' }),
    });
    assert.deepEqual(outcome, { kind: 'done', refused: [] });
    const [request] = requests as [HttpRequest];
    assert.equal(request.url, 'https://real.internal/_bulk');
    assert.deepEqual(request.headers, { host: 'real.internal', 'content-type': 'application/x-ndjson' });
    const lines = linesOf(Buffer.concat(request.body!).toString());
    assert.deepEqual(
      lines.map(({ document }) => document),
      [{ a: 1 }, { a: 2 }],
    );
    for (const [number, { action }] of lines.entries()) {
      assert.deepEqual(Object.keys(action), ['_index', '_type', '_id']);
      assert.equal(action['_index'], 'clicks-2016-02-25');
      assert.match(String(action['_id']), new RegExp(`^\\d{56}\\.${number}$`));
    }
  });

  it('gives no ids when it is told so, and no type when there is none', async () => {
    const settings = settingsWith({ DocumentIdOptions: { DefaultDocumentIdFormat: 'NO_DOCUMENT_ID' } });
    const { requests } = await attemptAt(taken, ['{}'], { settings });
    const { action } = linesOf(Buffer.concat(requests[0]!.body!).toString())[0]!;
    assert.deepEqual(action, { _index: 'clicks-2016-02-25' });
  });

  it('tells what will never be taken from what may go better later', async () => {
    const items = [
      { index: { status: 201 } },
      failing(400, 'mapper_parsing_exception'),
      failing(429, 'es_rejected_execution_exception'),
      failing(403, 'cluster_block_exception'),
      failing(403, 'security_exception'),
      failing(503, 'unavailable_shards_exception'),
    ];
    const texts = items.map((_, index) => `{"n":${index}}`);
    const { outcome } = await attemptAt(() => items, texts);
    assert.ok(outcome.kind === 'retry');
    assert.deepEqual(outcome.remaining, [2, 3, 5]);
    assert.equal(outcome.error.code, '429');
    assert.deepEqual(outcome.refused, [
      { index: 1, error: { code: '400', message: '{"type":"mapper_parsing_exception","reason":"r"}' } },
      { index: 4, error: { code: '403', message: '{"type":"security_exception","reason":"r"}' } },
    ]);
    const delivery = { remaining: outcome.remaining, attempt: 2 };
    const again = await attemptAt(taken, texts, { delivery });
    const lines = linesOf(Buffer.concat(again.requests[0]!.body!).toString());
    assert.deepEqual(
      lines.map(({ document }) => document['n']),
      [2, 3, 5],
    );
    assert.equal(again.outcome.kind, 'done');
  });

  it('refuses by itself what would not be a line of JSON', async () => {
    const texts = ['', '\n', 'text', '[1]', '{"a":1', Buffer.from([0x7b, 0xff, 0x7d]), '{"a":1}'];
    const { outcome, requests } = await attemptAt(taken, texts);
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(
      outcome.refused.map(({ index }) => index),
      [0, 1, 2, 3, 4, 5],
    );
    assert.equal(requests.length, 1);
    assert.equal((await attemptAt(taken, ['x'])).requests.length, 0);
  });

  it('cannot be led to write another line', () => {
    const forged = '{"a":1}\n{"delete":{"_index":"other","_id":"1"}}';
    assert.equal(Buffer.from(documentLine(Buffer.from(forged))!).includes('\n'), false);
  });

  it('halves what is too large for the server', async () => {
    const sizes: number[] = [];
    const picky: Answering = (request, count) => {
      sizes.push(count);
      const body = Buffer.concat(request.body!).toString();
      return count > 2 || body.includes('"n":4') ? { status: 413 } : taken(request, count);
    };
    const texts = Array.from({ length: 7 }, (_, index) => `{"n":${index}}`);
    const { outcome } = await attemptAt(picky, texts);
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(
      outcome.refused.map(({ index, error }) => [index, error.code]),
      [[4, '413']],
    );
    assert.deepEqual(sizes, [7, 4, 2, 2, 3, 2, 1, 1, 1]);
  });

  it('stops at a server that is not well, and keeps what it took', async () => {
    let calls = 0;
    const texts = Array.from({ length: 4 }, (_, index) => `{"n":${index}}`);
    const { outcome, requests } = await attemptAt((request, count) => {
      if (count === 4) return { status: 413 };
      return ++calls === 1 ? taken(request, count) : { status: 503, body: Buffer.from('busy') };
    }, texts);
    assert.ok(outcome.kind === 'retry');
    assert.deepEqual(outcome.remaining, [2, 3]);
    assert.deepEqual(outcome.error, { code: '503', message: 'busy' });
    assert.equal(requests.length, 3);
  });

  it('signs for its service and region, or sends a user and password', async () => {
    const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET, sessionToken: undefined };
    const signed = await attemptAt(taken, ['{}'], { credentials: keys });
    const authorization = /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/([\w-]+\/\w+)\/aws4_request/;
    assert.equal(authorization.exec(signed.requests[0]!.headers['authorization']!)?.[1], 'eu-west-1/es');
    const settings = settingsWith(
      { CollectionEndpoint: 'https://x.us-east-1.aoss.amazonaws.com' },
      'AmazonOpenSearchServerless',
    );
    const serverless = await attemptAt(taken, ['{}'], { credentials: keys, settings });
    assert.equal(
      authorization.exec(serverless.requests[0]!.headers['authorization']!)?.[1],
      'us-east-1/aoss',
    );
    const basic = await attemptAt(taken, ['{}'], { credentials: { user: 'u', password: 'p' } });
    assert.equal(basic.requests[0]!.headers['authorization'], 'Basic dTpw');
  });

  it('says that a domain has no endpoint', async () => {
    const settings = settingsWith({ DomainARN: 'arn:aws:es:eu-west-1:123456789012:domain/other' });
    const { outcome, requests } = await attemptAt(taken, ['{}'], { settings });
    assert.ok(outcome.kind === 'retry');
    assert.match(outcome.error.message, /no endpoint is configured for arn:aws:es:.*other/);
    assert.equal(requests.length, 0);
  });

  it("leaves AWS's error records", () => {
    const open = (settings: SearchSettings) =>
      createSearchDestination(settings, {
        http: client,
        clock,
        endpoints: NO_ENDPOINTS,
        refusesAddress: undefined,
        deliveryStream,
      });
    const elastic = open(settingsWith());
    const serverless = open(
      settingsWith({ CollectionEndpoint: 'https://x.example.com' }, 'AmazonOpenSearchServerless'),
    );
    const line = elastic.errorRecord(failedRecordOf('{}'));
    const id = line['esDocumentId'];
    assert.match(String(id), /^\d{56}\.0$/);
    assert.deepEqual(Object.entries(line), [
      ['attemptsMade', 5],
      ['arrivalTimestamp', ARRIVAL_MS],
      ['errorCode', 'Code'],
      ['errorMessage', 'Message.'],
      ['attemptEndingTimestamp', 1_594_266_081_318],
      ['esDocumentId', id],
      ['esIndexName', 'clicks-2016-02-25'],
      ['esTypeName', ''],
      ['rawData', 'e30='],
    ]);
    const members = Object.keys(serverless.errorRecord(failedRecordOf('{}')));
    assert.deepEqual(members.slice(5), ['osDocumentId', 'osIndexName', 'rawData']);
    assert.equal(elastic.errorOutputType, 'elasticsearch-failed');
    assert.equal(serverless.errorOutputType, 'AmazonOpenSearchServerless-failed');
  });

  it('waits five minutes, and less where it is given less', () => {
    const retryOf = (DurationInSeconds: number) =>
      createSearchDestination(settingsWith({ RetryOptions: { DurationInSeconds } }), {
        http: client,
        clock,
        endpoints: NO_ENDPOINTS,
        refusesAddress: undefined,
        deliveryStream,
      }).retry;
    assert.equal(retryOf(7200).pauseMs(2), 300_000);
    assert.equal(retryOf(60).pauseMs(2), 60_000);
    assert.equal(retryOf(0).durationMs, 0);
  });
});

describe('The name of an index', () => {
  it("rotates by AWS's rules", () => {
    const name = (period: RotationPeriod, time: string) =>
      createIndexNaming('myindex', period)(Date.parse(time));
    const cases: readonly (readonly [RotationPeriod, string, string])[] = [
      ['NoRotation', '2016-02-25T13:00:00Z', 'myindex'],
      ['OneHour', '2016-02-25T13:00:00Z', 'myindex-2016-02-25-13'],
      ['OneDay', '2016-02-25T13:00:00Z', 'myindex-2016-02-25'],
      ['OneMonth', '2016-02-25T13:00:00Z', 'myindex-2016-02'],
      ['OneWeek', '2020-08-13T12:00:00Z', 'myindex-2020-w33'],
      // 2 January 2016 is a Saturday: the first week ends on it.
      ['OneWeek', '2016-01-02T23:59:59.999Z', 'myindex-2016-w01'],
      ['OneWeek', '2016-01-03T00:00:00Z', 'myindex-2016-w02'],
      // The Saturday of this week is in the next year.
      ['OneWeek', '2018-12-30T00:00:00Z', 'myindex-2019-w01'],
      ['OneWeek', '2018-12-29T23:59:59Z', 'myindex-2018-w52'],
    ];
    for (const [period, time, expected] of cases) assert.equal(name(period, time), expected, time);
  });

  it('changes with the hour of the record', () => {
    const naming = createIndexNaming('i', 'OneHour');
    assert.deepEqual([0, 3_599_999, 3_600_000, 0].map(naming), [
      'i-1970-01-01-00',
      'i-1970-01-01-00',
      'i-1970-01-01-01',
      'i-1970-01-01-00',
    ]);
  });
});
