/**
 * Splunk, by its HTTP event collector with indexer acknowledgement: the records of a delivery are sent in a row, and delivered once Splunk says that
 * they are indexed. The channel is the delivery's id, so that a channel never waits for more than one delivery. Sources: "Data Delivery Failure
 * Handling", Firehose developer guide; "About HTTP Event Collector Indexer Acknowledgment", Splunk's "Getting Data In"; decision 0472.
 */
import type { Clock, Dice } from '../../../host/host.ts';
import { HttpError, type HttpAnswer, type HttpClient } from '../../../host/http.ts';
import type { Delivery, DeliveryError, Destination, Outcome } from '../../delivery/destination.ts';
import type { SettingsOf } from '../../settings/destination-settings.ts';
import { backOff } from '../back-off.ts';
import { exchange, headerValue, jsonObjectOf, targetOf, type Addresses } from '../exchange.ts';
import { remainingPieces } from '../remaining.ts';
import { failedAttempt, rawDataOf } from '../failed-attempt.ts';
import { errorOfAnswer, errorOfFailure, splunkError } from './error-codes.ts';

export type SplunkParts = Addresses & {
  readonly http: HttpClient;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly dice: Pick<Dice, 'integer'>;
  readonly responseTimeoutMs?: number;
};

type Settings = Pick<
  SettingsOf<'Splunk'>,
  'HECEndpoint' | 'HECEndpointType' | 'HECToken' | 'HECAcknowledgmentTimeoutInSeconds' | 'RetryOptions'
>;

/** What the acknowledgement is asked for by; the cookies lead to the node that knows of it. */
type Sent = { readonly ackId: number; readonly cookie: string | undefined };

/** Kept in a delivery's memory from one question to the next. */
type Waiting = { readonly sent: Sent; readonly sentMs: number; readonly pauseMs: number };

const WAITING = 'splunk: waiting';

/** AWS publishes none for Splunk; that of HTTP endpoints is taken. */
const RESPONSE_TIMEOUT_MS = 180_000;
/** Of a question about an acknowledgement. */
const POLL_TIMEOUT_MS = 30_000;
const POLL_FIRST_MS = 100;
const POLL_MAX_MS = 10_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
/** The buffer of 5 MB, and room for what a function made of it. */
const DATA_BYTES_MAX = 16 * 1024 * 1024;

export function createSplunkDestination(settings: Settings, parts: SplunkParts): Destination {
  const { clock } = parts;
  const base = settings.HECEndpoint.replace(/\/+(services\/collector.*)?$/, '');
  const collector = targetOf(`${base}/services/collector`, parts);
  const isRaw = settings.HECEndpointType === 'Raw';
  const authorization = headerValue(`Splunk ${settings.HECToken}`);

  /** The collector's answer, or why there is none. */
  async function post(
    path: string,
    delivery: Delivery,
    body: readonly Uint8Array[],
    contentType: string,
    cookie: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer | DeliveryError> {
    if (collector === undefined) return splunkError('InvalidEndpoint');
    if (authorization === undefined) return splunkError('InvalidToken');
    const answer = await exchange(parts.http, {
      method: 'POST',
      ...collector,
      url: `${collector.url}/${path}`,
      headers: {
        authorization,
        'content-type': contentType,
        'x-splunk-request-channel': delivery.id,
        ...(cookie === undefined ? {} : { cookie }),
      },
      body,
      timeoutMs: path === 'ack' ? POLL_TIMEOUT_MS : (parts.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS),
      answerBytesMax: ANSWER_BYTES_MAX,
      signal,
    });
    return answer instanceof HttpError ? errorOfFailure(answer) : answer;
  }

  async function send(delivery: Delivery, signal: AbortSignal): Promise<Sent | DeliveryError> {
    const answer = await post(
      isRaw ? 'raw' : 'event',
      delivery,
      remainingPieces(delivery),
      isRaw ? 'text/plain' : 'application/json',
      undefined,
      signal,
    );
    if ('code' in answer) return answer;
    const members = jsonObjectOf(answer.body);
    const code = members?.['code'];
    if (answer.status !== 200 || code !== 0) {
      return errorOfAnswer(answer.status, typeof code === 'number' ? code : undefined);
    }
    const ackId = members?.['ackId'];
    if (!Number.isSafeInteger(ackId)) return splunkError('DisabledAck');
    return { ackId: ackId as number, cookie: cookieOf(answer) };
  }

  /** Asks once. Undefined when Splunk does not say that it has indexed it, and may still do so. */
  async function ask(
    sent: Sent,
    delivery: Delivery,
    signal: AbortSignal,
  ): Promise<'indexed' | DeliveryError | undefined> {
    const question = Buffer.from(JSON.stringify({ acks: [sent.ackId] }));
    const answer = await post('ack', delivery, [question], 'application/json', sent.cookie, signal);
    // A question that got no answer says nothing about what was indexed.
    if ('code' in answer || answer.status >= 500) return undefined;
    const members = jsonObjectOf(answer.body);
    const acks = members?.['acks'];
    if (answer.status === 200 && typeof acks === 'object' && acks !== null) {
      return (acks as Readonly<Record<string, unknown>>)[sent.ackId] === true ? 'indexed' : undefined;
    }
    const code = members?.['code'];
    return typeof code === 'number' ? errorOfAnswer(answer.status, code) : undefined;
  }

  async function goOn(
    { sent, sentMs, pauseMs }: Waiting,
    delivery: Delivery,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { memory, remaining } = delivery;
    const answer = await ask(sent, delivery, signal);
    const waitedMs = clock.monotonic() - sentMs;
    const leftMs = settings.HECAcknowledgmentTimeoutInSeconds * 1000 - waitedMs;
    if (answer === undefined && leftMs > 0)
      return waitFor(delivery, { sent, sentMs, pauseMs: pauseMs * 2 }, leftMs);
    memory.delete(WAITING);
    if (answer === 'indexed') return { kind: 'done', refused: [] };
    const error = answer ?? splunkError('AckTimeout');
    return { kind: 'retry', error, remaining, refused: [], uncountedMs: waitedMs };
  }

  function waitFor({ memory }: Delivery, waiting: Waiting, leftMs: number): Outcome {
    const pauseMs = Math.min(waiting.pauseMs, POLL_MAX_MS);
    memory.set(WAITING, { ...waiting, pauseMs });
    return { kind: 'waiting', afterMs: Math.min(pauseMs, leftMs) };
  }

  return {
    recordsMax: Number.MAX_SAFE_INTEGER,
    bytesMax: DATA_BYTES_MAX,
    errorOutputType: 'splunk-failed',
    retry: {
      durationMs: settings.RetryOptions.DurationInSeconds * 1000,
      pauseMs: (attempt) => backOff(attempt - 2, parts.dice),
    },
    async attempt(delivery, signal): Promise<Outcome> {
      signal.throwIfAborted();
      const waiting = delivery.memory.get(WAITING) as Waiting | undefined;
      if (waiting !== undefined) return goOn(waiting, delivery, signal);
      const sent = await send(delivery, signal);
      if ('code' in sent) return { kind: 'retry', error: sent, remaining: delivery.remaining, refused: [] };
      return waitFor(delivery, { sent, sentMs: clock.monotonic(), pauseMs: POLL_FIRST_MS }, POLL_FIRST_MS);
    },
    errorRecord(failed) {
      const { record, sequenceNumber } = failed;
      return {
        ...failedAttempt(failed),
        rawData: rawDataOf(failed),
        EventId: `${sequenceNumber}.${record.identity.sub}`,
      };
    },
  };
}

/** What a load balancer wants to see again, to lead the next request to the same node. Several cookies come joined by commas. */
function cookieOf({ headers }: HttpAnswer): string | undefined {
  const pairs = (headers.get('set-cookie') ?? '').matchAll(/(?:^|,)\s*([^=;,\s]+=[^;,]*)/g);
  return [...pairs].map((match) => match[1]!).join('; ') || undefined;
}
