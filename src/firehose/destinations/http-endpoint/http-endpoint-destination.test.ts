import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { after, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { isForbiddenAddress } from '../../../base/network-address.ts';
import { NO_ENDPOINTS, type Endpoints } from '../../../config/endpoints.ts';
import { HttpError, type HttpAnswer, type HttpFailure, type HttpRequest } from '../../../host/http.ts';
import { createRealHttpClient } from '../../../host/real/http.ts';
import { createSimulatedClock } from '../../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../../host/simulated/dice.ts';
import { createSimulatedHttpClient } from '../../../host/simulated/http.ts';
import type { Outcome } from '../../delivery/destination.ts';
import { describeDestination } from '../contract.testing.ts';
import { deliveryOf, failedRecordOf } from '../deliveries.testing.ts';
import { createHttpEndpointDestination } from './http-endpoint-destination.ts';

const ARN = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/test';
const SECRET = 'sekret-of-the-endpoint';
const ID = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';
const clock = createSimulatedClock();
const dice = createSimulatedDice(1);

/** The simulated network asks about names too. */
const refusesAddress = (ip: string): boolean => isIP(ip) !== 0 && isForbiddenAddress(ip);
const client = createRealHttpClient();
after(() => client.close());
const hosts = (url: string): Endpoints => ({
  ...NO_ENDPOINTS,
  hosts: new Map([['collector.example.com', { url, certificateAuthority: undefined }]]),
});

type Settings = Parameters<typeof createHttpEndpointDestination>[0];
type Received = {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** Node's own server, that speaks the protocol. */
function endpoint(onRequest: (received: Received) => void) {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      onRequest({ url: request.url, headers: request.headers, body });
      const requestId = request.headers['x-amz-firehose-request-id'];
      const answer = JSON.stringify({ requestId, timestamp: 1_578_090_903_599 });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  });
}

const settingsWith = (more: Partial<Settings> = {}): Settings => ({
  EndpointConfiguration: { Url: 'https://collector.example.com/in?a=b%2Fc', AccessKey: SECRET },
  RequestConfiguration: { ContentEncoding: 'NONE' },
  RetryOptions: { DurationInSeconds: 300 },
  ...more,
});

describeDestination({
  name: 'http-endpoint',
  open: (port, responseTimeoutMs) =>
    createHttpEndpointDestination(settingsWith(), {
      http: client,
      clock,
      dice,
      endpoints: hosts(`http://127.0.0.1:${port}`),
      refusesAddress,
      deliveryStream: { arn: ARN },
      responseTimeoutMs,
    }),
  serve: (socket, onDelivery) =>
    void endpoint(({ body }) =>
      onDelivery((JSON.parse(body.toString()) as { requestId: string }).requestId),
    ).emit('connection', socket),
  nonsense: [
    'HTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nshort',
    'HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n',
    `HTTP/1.1 401 No\r\ncontent-length: ${SECRET.length}\r\n\r\n${SECRET}`,
  ],
  texts: ['hello', '', 'world'],
  secrets: [SECRET],
});

/** What came of an attempt at a server that answers so, and what that server saw. */
async function attemptAt(
  answer: Partial<HttpAnswer> | HttpError,
  settings: Settings = settingsWith(),
  endpoints: Endpoints = hosts('https://real.internal'),
): Promise<{ readonly outcome: Outcome; readonly requests: readonly HttpRequest[] }> {
  const requests: HttpRequest[] = [];
  const server = async (request: HttpRequest): Promise<HttpAnswer> => {
    requests.push(request);
    if (answer instanceof HttpError) throw answer;
    const body = answer.body ?? Buffer.from(`{"requestId":"${ID}","timestamp":1}`);
    const headers = new Map([
      ['content-type', 'application/json'],
      ['content-length', String(body.length)],
    ]);
    return { status: 200, headers, ...answer, body };
  };
  const servers = new Map(
    ['https://real.internal', 'https://collector.example.com', 'https://10.0.0.1'].map((origin) => [
      origin,
      server,
    ]),
  );
  const destination = createHttpEndpointDestination(settings, {
    http: createSimulatedHttpClient(clock, servers),
    clock,
    dice,
    endpoints,
    refusesAddress,
    deliveryStream: { arn: ARN },
  });
  const outcome = await destination.attempt(
    deliveryOf(['hello', 'hello world']),
    new AbortController().signal,
  );
  return { outcome, requests };
}

describe('The HTTP endpoint destination', () => {
  it("sends AWS's headers and body", async () => {
    const { requests } = await attemptAt(
      {},
      settingsWith({
        RequestConfiguration: {
          ContentEncoding: 'NONE',
          CommonAttributes: [
            { AttributeName: 'deployment -context', AttributeValue: 'pre-prod-gamma' },
            { AttributeName: 'größe', AttributeValue: '' },
          ],
        },
      }),
    );
    assert.equal(requests.length, 1);
    const [request] = requests as [HttpRequest];
    assert.equal(request.url, 'https://real.internal/in?a=b%2Fc');
    assert.deepEqual(request.headers, {
      'content-type': 'application/json',
      'x-amz-firehose-protocol-version': '1.0',
      'x-amz-firehose-request-id': ID,
      'x-amz-firehose-source-arn': ARN,
      'x-amz-firehose-access-key': SECRET,
      'x-amz-firehose-common-attributes':
        '{"commonAttributes":{"deployment -context":"pre-prod-gamma","gr\\u00f6\\u00dfe":""}}',
    });
    assert.equal(
      Buffer.concat(request.body!).toString(),
      `{"requestId":"${ID}","timestamp":${clock.now()},"records":[{"data":"aGVsbG8="},{"data":"aGVsbG8gd29ybGQ="}]}`,
    );
    assert.equal(request.timeoutMs, 180_000);
    assert.equal(request.refusesAddress, undefined);
  });

  it('compresses the body when it is to', async () => {
    const settings = settingsWith({ RequestConfiguration: { ContentEncoding: 'GZIP' } });
    const { outcome, requests } = await attemptAt({}, settings);
    assert.equal(outcome.kind, 'done');
    assert.equal(requests[0]!.headers['content-encoding'], 'gzip');
    const body = JSON.parse(gunzipSync(Buffer.concat(requests[0]!.body!)).toString()) as {
      records: unknown[];
    };
    assert.equal(body.records.length, 2);
  });

  it('takes only an answer by the rules for a delivery', async () => {
    const json = (body: string): Partial<HttpAnswer> => ({ body: Buffer.from(body) });
    const withHeaders = (headers: Record<string, string>): Partial<HttpAnswer> => ({
      headers: new Map(Object.entries(headers)),
    });
    const right = { 'content-type': 'application/json; charset=utf-8', 'content-length': '30' };
    for (const answer of [
      {},
      withHeaders(right),
      json(`{"requestId":"${ID}","timestamp":1578090903599,"errorMessage":""}`),
    ]) {
      assert.deepEqual((await attemptAt(answer)).outcome, { kind: 'done', refused: [] });
    }
    for (const answer of [
      json('{"requestId": null}'),
      json(`{"requestId":"${ID}"}`),
      json(`{"requestId":"${ID}","timestamp":"1578090903599"}`),
      json(`{"requestId":"${ID.toUpperCase()}","timestamp":1}`),
      json(`{"requestId":"${ID}","timestamp":1,"more":1}`),
      json(`["${ID}"]`),
      json('{'),
      json(''),
      { body: Buffer.from([0xff, 0xfe]) },
      withHeaders({}),
      withHeaders({ ...right, 'content-type': 'text/json' }),
      withHeaders({ ...right, 'content-encoding': 'gzip' }),
      withHeaders({ 'content-type': 'application/json' }),
      { status: 302 },
    ]) {
      const { outcome } = await attemptAt(answer);
      assert.equal(outcome.kind, 'retry', JSON.stringify(answer));
      assert.ok('error' in outcome && outcome.error.code === 'HttpEndpoint.InvalidResponseFromDestination');
    }
    const { outcome } = await attemptAt(json('{"requestId": null}'));
    assert.equal(
      (outcome as { error: { message: string } }).error.message,
      'The response received from the specified endpoint is invalid. Contact the owner of the endpoint to resolve the issue. ' +
        `Response for request ${ID} is not recognized as valid JSON or has unexpected fields. Raw response received: 200 {"requestId": null}`,
    );
  });

  it('tries every other status again, but 413', async () => {
    for (const status of [201, 204, 400, 401, 429, 500, 503]) {
      const { outcome } = await attemptAt({ status, body: Buffer.from(`no: ${SECRET}`) });
      assert.deepEqual(outcome, {
        kind: 'retry',
        error: {
          code: 'HttpEndpoint.DestinationException',
          message: `The following response was received from the endpoint destination. ${status}: no: ***`,
        },
        remaining: [0, 1],
        refused: [],
      });
    }
    assert.equal((await attemptAt({ status: 413 })).outcome.kind, 'lost');
  });

  it('names failures of the connection as AWS does', async () => {
    const codes: Readonly<Record<HttpFailure, string>> = {
      timeout: 'RequestTimeout',
      'too-long': 'ResponseTooLarge',
      unreachable: 'ConnectionFailed',
      'refused-address': 'ConnectionFailed',
      untrusted: 'SSLHandshakeFailure',
      broken: 'ConnectionReset',
    };
    for (const [failure, code] of Object.entries(codes)) {
      const { outcome } = await attemptAt(new HttpError(failure as HttpFailure, 'why'));
      assert.ok(outcome.kind === 'retry' && outcome.error.code === `HttpEndpoint.${code}`, failure);
    }
  });

  it('reaches unmapped hosts at port 443 only, and no private address', async () => {
    const settings = (Url: string) => settingsWith({ EndpointConfiguration: { Url } });
    const at = (Url: string) => attemptAt({}, settings(Url), NO_ENDPOINTS);
    assert.equal((await at('https://collector.example.com:443/x')).outcome.kind, 'done');
    assert.equal((await at('https://collector.example.com/x')).requests[0]!.refusesAddress, refusesAddress);
    for (const url of [
      'https://10.0.0.1/x',
      'https://collector.example.com:8443/x',
      'https://',
      'https://a b',
    ]) {
      const { outcome, requests } = await at(url);
      assert.equal(outcome.kind, 'retry', url);
      assert.equal(requests.length, 0, url);
    }
  });

  it('backs off by 1 s * 2^n with a jitter of 15 %, two minutes at most', () => {
    const { retry } = createHttpEndpointDestination(settingsWith(), {
      http: client,
      clock,
      dice,
      endpoints: NO_ENDPOINTS,
      refusesAddress: undefined,
      deliveryStream: { arn: ARN },
    });
    assert.equal(retry.durationMs, 300_000);
    for (let attempt = 2; attempt < 100; attempt++) {
      const ideal = 1_000 * 2 ** (attempt - 2);
      const pause = retry.pauseMs(attempt);
      assert.ok(pause >= Math.min(120_000, ideal * 0.85) && pause <= Math.min(120_000, ideal * 1.15));
    }
    assert.ok(new Set(Array.from({ length: 9 }, () => retry.pauseMs(2))).size > 3);
  });

  it("leaves AWS's error record", () => {
    const destination = createHttpEndpointDestination(settingsWith(), {
      http: client,
      clock,
      dice,
      endpoints: NO_ENDPOINTS,
      refusesAddress: undefined,
      deliveryStream: { arn: ARN },
    });
    const raw = `{"requestId": "${ID}", "timestamp": 1594266081268, "errorMessage": "Unauthorized"}`;
    const line = destination.errorRecord(
      failedRecordOf('sample raw data', {
        error: {
          code: 'HttpEndpoint.DestinationException',
          message: `The following response was received from the endpoint destination. 401: ${raw}`,
        },
      }),
    );
    assert.deepEqual(Object.entries(line), [
      ['attemptsMade', 5],
      ['arrivalTimestamp', Date.UTC(2016, 1, 25, 13)],
      ['errorCode', 'HttpEndpoint.DestinationException'],
      ['errorMessage', `Received the following response from the endpoint destination. ${raw}`],
      ['attemptEndingTimestamp', 1_594_266_081_318],
      ['rawData', 'c2FtcGxlIHJhdyBkYXRh'],
      ['subsequenceNumber', 0],
      ['dataId', '49607357361271740811418664280693044274821622880012337186.0'],
    ]);
  });
});
