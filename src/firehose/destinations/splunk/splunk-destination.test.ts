import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createHecReceiver } from '../../../../test/splunk/hec-receiver.ts';
import { NO_ENDPOINTS } from '../../../config/endpoints.ts';
import { HttpError, type HttpAnswer, type HttpRequest } from '../../../host/http.ts';
import { realClock } from '../../../host/real/clock.ts';
import { createRealHttpClient } from '../../../host/real/http.ts';
import { createSimulatedClock } from '../../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../../host/simulated/dice.ts';
import { createSimulatedHttpClient } from '../../../host/simulated/http.ts';
import type { Outcome } from '../../delivery/destination.ts';
import { attemptWhole, describeDestination } from '../contract.testing.ts';
import { deliveryOf, failedRecordOf } from '../deliveries.testing.ts';
import { createSplunkDestination } from './splunk-destination.ts';

type Settings = Parameters<typeof createSplunkDestination>[0];

const TOKEN = 'b0221cd8-c4b4-465a-9a3c-273e3a75aa29';
const ID = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';
const TOKENS = {
  [TOKEN]: { isEnabled: true, acknowledges: true, indexes: ['main'] },
  disabled: { isEnabled: false, acknowledges: true, indexes: ['main'] },
  silent: { isEnabled: true, acknowledges: false, indexes: ['main'] },
};
const dice = createSimulatedDice(1);
const client = createRealHttpClient();
after(() => client.close());

const settingsWith = (more: Partial<Settings> = {}): Settings => ({
  HECEndpoint: 'https://splunk.example.com:8088',
  HECEndpointType: 'Raw',
  HECToken: TOKEN,
  HECAcknowledgmentTimeoutInSeconds: 180,
  RetryOptions: { DurationInSeconds: 300 },
  ...more,
});

const openAt = (port: number, settings: Settings, responseTimeoutMs?: number) =>
  createSplunkDestination(settings, {
    http: client,
    clock: realClock,
    dice,
    endpoints: {
      ...NO_ENDPOINTS,
      hosts: new Map([
        ['splunk.example.com:8088', { url: `http://127.0.0.1:${port}`, certificateAuthority: undefined }],
      ]),
    },
    refusesAddress: () => true,
    ...(responseTimeoutMs === undefined ? {} : { responseTimeoutMs }),
  });

describeDestination({
  name: 'splunk',
  open: (port, timeoutMs) => openAt(port, settingsWith(), timeoutMs),
  serve(socket, onDelivery) {
    const receiver = createHecReceiver(TOKENS);
    const push = receiver.taken.push.bind(receiver.taken);
    receiver.taken.push = (...items) => {
      for (const { channel } of items) onDelivery(String(channel));
      return push(...items);
    };
    receiver.server.emit('connection', socket);
  },
  nonsense: [
    'HTTP/1.1 200 OK\r\n\r\n{"text":"Success"}',
    'HTTP/1.1 200 OK\r\n\r\n{"text":"Success","code":0,"ackId":"0"}',
    'HTTP/1.1 200 OK\r\n\r\n[]',
    `HTTP/1.1 503 No\r\ncontent-length: ${TOKEN.length}\r\n\r\n${TOKEN}`,
  ],
  texts: ['one\n', 'two\n'],
  secrets: [TOKEN],
});

describe('The Splunk destination at a strict collector', () => {
  const receiver = createHecReceiver(TOKENS);
  let port = 0;
  before(async () => {
    await new Promise<void>((resolve) => void receiver.server.listen(0, '127.0.0.1', resolve));
    port = (receiver.server.address() as AddressInfo).port;
  });
  beforeEach(() => receiver.taken.splice(0));
  after(() => receiver.server.close());
  const attempt = (settings: Settings, texts: readonly string[]): Promise<Outcome> =>
    attemptWhole(openAt(port, settings), deliveryOf(texts));

  it('sends raw data in a row on the channel of the delivery', async () => {
    assert.equal((await attempt(settingsWith(), ['one\n', 'two', 'three\n'])).kind, 'done');
    const [taken] = receiver.taken;
    assert.equal(taken!.endpoint, 'raw');
    assert.equal(taken!.body, 'one\ntwothree\n');
    assert.equal(taken!.channel, ID);
  });

  it('sends events, also below a path that was already given', async () => {
    const HECEndpoint = 'https://splunk.example.com:8088/services/collector/event/';
    const settings = settingsWith({ HECEndpoint, HECEndpointType: 'Event' });
    const texts = ['{"event":"one","index":"main"}', '{"event":{"two":2}}\n'];
    assert.equal((await attempt(settings, texts)).kind, 'done');
    assert.deepEqual(receiver.taken[0]!.events, [{ event: 'one', index: 'main' }, { event: { two: 2 } }]);
  });

  it("names what the collector refuses by AWS's codes", async () => {
    const event = settingsWith({ HECEndpointType: 'Event' });
    const cases: readonly (readonly [string, Settings, string])[] = [
      ['InvalidDataFormat', event, 'no JSON'],
      ['InvalidDataFormat', event, '{"time":1}'],
      ['InvalidDataFormat', event, '{"event":""}'],
      ['InvalidDataFormat', settingsWith(), '\n'],
      ['InvalidIndex', event, '{"event":"x","index":"other"}'],
      ['InvalidToken', settingsWith({ HECToken: 'wrong' }), 'x'],
      ['InvalidToken', settingsWith({ HECToken: 'not\u0001sent' }), 'x'],
      ['DisabledToken', settingsWith({ HECToken: 'disabled' }), 'x'],
      ['DisabledAck', settingsWith({ HECToken: 'silent' }), 'x'],
    ];
    for (const [code, settings, text] of cases) {
      const outcome = await attempt(settings, [text]);
      assert.ok(outcome.kind === 'retry' && outcome.error.code === `Splunk.${code}`, `${code}: ${text}`);
      assert.equal(outcome.uncountedMs, undefined);
    }
    for (const [status, code] of [
      [500, 8],
      [503, 9],
      [503, 18],
      [503, 23],
    ] as const) {
      receiver.refusals.push({ status, code, text: 'busy' });
      const outcome = await attempt(settingsWith(), ['x']);
      assert.ok(outcome.kind === 'retry' && outcome.error.code === 'Splunk.ServerError');
    }
  });
});

describe('The Splunk destination', () => {
  type Answering = (request: HttpRequest) => Partial<HttpAnswer> | HttpError;
  /** Plays an attempt in simulated time; `answering` is asked for each request after the first. */
  async function play(answering: Answering, first: Partial<HttpAnswer> = {}) {
    const clock = createSimulatedClock();
    const requests: HttpRequest[] = [];
    const answer = (some: Partial<HttpAnswer>): HttpAnswer => ({
      status: 200,
      headers: new Map(),
      body: Buffer.from('{"text":"Success","code":0,"ackId":7}'),
      ...some,
    });
    const server = async (request: HttpRequest): Promise<HttpAnswer> => {
      const given = requests.push(request) === 1 ? first : answering(request);
      if (given instanceof HttpError) throw given;
      return answer(given);
    };
    const destination = createSplunkDestination(
      settingsWith({ HECEndpoint: 'https://splunk.example.com:8088/' }),
      {
        http: createSimulatedHttpClient(clock, new Map([['https://splunk.example.com:8088', server]])),
        clock,
        dice,
        endpoints: NO_ENDPOINTS,
        refusesAddress: undefined,
      },
    );
    const startMs = clock.monotonic();
    const result: { outcome?: Outcome; tookMs?: number } = {};
    const attempting = (async () => {
      result.outcome = await attemptWhole(destination, deliveryOf(['x']), undefined, (delayMs) =>
        clock.sleep(delayMs),
      );
      result.tookMs = clock.monotonic() - startMs;
    })();
    for (let turns = 0; result.outcome === undefined && turns < 10_000; turns++) await clock.advance(100);
    await attempting;
    return { outcome: result.outcome!, requests, tookMs: result.tookMs! };
  }
  const acks = (indexed: boolean): Partial<HttpAnswer> => ({
    body: Buffer.from(`{"acks":{"7":${indexed}}}`),
  });

  it('waits for the acknowledgement, with the cookies of the node that it sent to', async () => {
    let asked = 0;
    const headers = new Map([
      ['set-cookie', 'AWSELB=a1=; path=/; expires=Thu, 01 Jan 2026 00:00:00 GMT, b=2'],
    ]);
    const { outcome, requests } = await play(() => acks(++asked === 5), { headers });
    assert.deepEqual(outcome, { kind: 'done', refused: [] });
    assert.equal(requests.length, 6);
    const poll = requests.at(-1)!;
    assert.equal(poll.url, 'https://splunk.example.com:8088/services/collector/ack');
    assert.equal(poll.headers['cookie'], 'AWSELB=a1=; b=2');
    assert.equal(poll.headers['x-splunk-request-channel'], ID);
    assert.equal(Buffer.concat(poll.body!).toString(), '{"acks":[7]}');
  });

  it('gives up waiting after the acknowledgement timeout, which the duration of retries does not count', async () => {
    const { outcome, requests, tookMs } = await play(() => acks(false));
    assert.ok(outcome.kind === 'retry' && outcome.error.code === 'Splunk.AckTimeout');
    assert.equal(outcome.uncountedMs, 180_000);
    assert.ok(tookMs >= 180_000 && tookMs < 181_000);
    assert.ok(requests.length > 15 && requests.length < 40);
  });

  it('asks again when a question fails, and not when it is refused', async () => {
    const odd = [
      new HttpError('broken', 'cut'),
      { status: 503 },
      { body: Buffer.from('{}') },
      { status: 404, body: Buffer.from('no') },
      acks(true),
    ];
    assert.equal((await play(() => odd.shift()!)).outcome.kind, 'done');
    for (const [code, name] of [
      [14, 'DisabledAck'],
      [11, 'ProxyWithoutStickySessions'],
      [4, 'InvalidToken'],
    ] as const) {
      const { outcome, requests } = await play(() => ({
        status: 400,
        body: Buffer.from(`{"code":${code}}`),
      }));
      assert.ok(outcome.kind === 'retry' && outcome.error.code === `Splunk.${name}`);
      assert.equal(requests.length, 2);
    }
  });

  it('names failures of the connection as AWS does', async () => {
    for (const [failure, message, code] of [
      ['timeout', '', 'ConnectionTimeout'],
      ['unreachable', '', 'InvalidEndpoint'],
      ['refused-address', '', 'InvalidEndpoint'],
      ['untrusted', "Hostname/IP does not match certificate's altnames", 'SSLUnverified'],
      ['untrusted', 'self-signed certificate', 'SSLHandshake'],
      ['broken', '', 'ConnectionClosed'],
      ['too-long', '', 'ServerError'],
    ] as const) {
      const clock = createSimulatedClock();
      const destination = createSplunkDestination(settingsWith(), {
        http: { send: () => Promise.reject(new HttpError(failure, message)), close() {} },
        clock,
        dice,
        endpoints: NO_ENDPOINTS,
        refusesAddress: undefined,
      });
      const outcome = await destination.attempt(deliveryOf(['x']), new AbortController().signal);
      assert.ok(outcome.kind === 'retry' && outcome.error.code === `Splunk.${code}`, code);
    }
  });

  it("leaves AWS's error record", () => {
    const line = openAt(1, settingsWith()).errorRecord(failedRecordOf('data'));
    assert.deepEqual(Object.entries(line), [
      ['attemptsMade', 5],
      ['arrivalTimestamp', Date.UTC(2016, 1, 25, 13)],
      ['errorCode', 'Code'],
      ['errorMessage', 'Message.'],
      ['attemptEndingTimestamp', 1_594_266_081_318],
      ['rawData', 'ZGF0YQ=='],
      ['EventId', '49607357361271740811418664280693044274821622880012337186.0'],
    ]);
  });
});
