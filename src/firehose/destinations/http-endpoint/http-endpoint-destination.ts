/**
 * An HTTP endpoint, by AWS's delivery protocol: one request with all records of a delivery, whose id is the request's at every attempt. Sources:
 * "HTTP Endpoint Delivery Request and Response Specifications", "Troubleshooting HTTP Endpoints" and "Data Delivery Failure Handling", Firehose
 * developer guide.
 */
import type { Clock, Dice } from '../../../host/host.ts';
import { HttpError, type HttpClient, type HttpFailure } from '../../../host/http.ts';
import type { DeliveryStream } from '../../delivery-stream.ts';
import type { DeliveryError, Destination, Outcome } from '../../delivery/destination.ts';
import type { SettingsOf } from '../../settings/destination-settings.ts';
import { backOff } from '../back-off.ts';
import { exchange, targetOf, type Addresses } from '../exchange.ts';
import { failedAttempt, rawDataOf } from '../failed-attempt.ts';
import { judge, messageInRecord } from './answer.ts';
import { bodyOf, headersOf } from './request.ts';

type Settings = Pick<
  SettingsOf<'HttpEndpoint'>,
  'EndpointConfiguration' | 'RequestConfiguration' | 'RetryOptions'
>;

export type HttpEndpointParts = Addresses & {
  readonly http: HttpClient;
  readonly clock: Pick<Clock, 'now' | 'turn'>;
  readonly dice: Pick<Dice, 'integer'>;
  readonly deliveryStream: Pick<DeliveryStream, 'arn'>;
  readonly responseTimeoutMs?: number;
};

/** "HTTP endpoints have 3 minutes to respond". */
const RESPONSE_TIMEOUT_MS = 180_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const RECORDS_MAX = 10_000;
/** A body may have 64 MiB before compression: three quarters of that in Base64, and room for what stands around each record. */
const DATA_BYTES_MAX = 47 * 1024 * 1024;

const ERRORS: Readonly<Record<HttpFailure, DeliveryError>> = {
  timeout: {
    code: 'HttpEndpoint.RequestTimeout',
    message:
      'The delivery timed out before a response was received and will be retried. If this error persists, contact the AWS Firehose service team.',
  },
  'too-long': {
    code: 'HttpEndpoint.ResponseTooLarge',
    message:
      'The response received from the endpoint is too large. Contact the owner of the endpoint to resolve this issue.',
  },
  unreachable: {
    code: 'HttpEndpoint.ConnectionFailed',
    message:
      'Unable to connect to the destination endpoint. Contact the owner of the endpoint to resolve this issue.',
  },
  'refused-address': {
    code: 'HttpEndpoint.ConnectionFailed',
    message:
      'Unable to connect to the destination endpoint: its address is private to this server, and no endpoint is configured for it.',
  },
  untrusted: {
    code: 'HttpEndpoint.SSLHandshakeFailure',
    message:
      'Unable to complete an SSL handshake with the endpoint. Contact the owner of the endpoint to resolve this issue.',
  },
  broken: {
    code: 'HttpEndpoint.ConnectionReset',
    message:
      'Unable to maintain connection with the endpoint. Contact the owner of the endpoint to resolve this issue.',
  },
};

export function createHttpEndpointDestination(settings: Settings, parts: HttpEndpointParts): Destination {
  const { Url, AccessKey } = settings.EndpointConfiguration;
  const target = targetOf(Url, parts);
  return {
    recordsMax: RECORDS_MAX,
    bytesMax: DATA_BYTES_MAX,
    errorOutputType: 'http-endpoint-failed',
    retry: {
      durationMs: settings.RetryOptions.DurationInSeconds * 1000,
      pauseMs: (attempt) => backOff(attempt - 2, parts.dice),
    },
    async attempt(delivery, signal) {
      signal.throwIfAborted();
      const retry = (error: DeliveryError): Outcome => ({
        kind: 'retry',
        error,
        remaining: delivery.remaining,
        refused: [],
      });
      if (target === undefined) return retry(unusable('the URL of the endpoint is none'));
      if (!target.isMapped && target.port !== 443) {
        return retry(unusable('only port 443 is supported for data delivery to HTTP endpoints'));
      }
      const headers = headersOf(settings, delivery, parts.deliveryStream.arn);
      if (headers === undefined) return retry(unusable('the access key cannot be sent in a header'));
      const answer = await exchange(parts.http, {
        method: 'POST',
        ...target,
        headers,
        body: await bodyOf(settings, delivery, parts.clock),
        timeoutMs: parts.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS,
        answerBytesMax: ANSWER_BYTES_MAX,
        signal,
      });
      if (answer instanceof HttpError) return retry(ERRORS[answer.failure]);
      const judgement = judge(answer, delivery.id, AccessKey);
      if (judgement.kind === 'delivered') return { kind: 'done', refused: [] };
      return judgement.kind === 'lost' ? { kind: 'lost', error: judgement.error } : retry(judgement.error);
    },
    errorRecord(failed) {
      const { error, record, sequenceNumber } = failed;
      const { sub } = record.identity;
      return {
        ...failedAttempt(failed),
        errorMessage: messageInRecord(error.message),
        rawData: rawDataOf(failed),
        subsequenceNumber: sub,
        dataId: `${sequenceNumber}.${sub}`,
      };
    },
  };
}

function unusable(why: string): DeliveryError {
  return {
    code: 'HttpEndpoint.ConnectionFailed',
    message: `Unable to connect to the destination endpoint: ${why}.`,
  };
}
