/**
 * What an answer of an HTTP endpoint means. Sources: "HTTP Endpoint Delivery Request and Response Specifications" and "Troubleshooting HTTP
 * Endpoints", Firehose developer guide; where they leave a choice, decision 0470.
 */
import type { HttpAnswer } from '../../../host/http.ts';
import type { DeliveryError } from '../../delivery/destination.ts';
import { jsonObjectOf, quoted } from '../exchange.ts';

export type Judgement =
  | { readonly kind: 'delivered' }
  /** `lost`: 413, after which AWS neither tries again nor keeps the records. */
  | { readonly kind: 'refused' | 'lost'; readonly error: DeliveryError };

const RAW_CHARACTERS_MAX = 8192;
const RESPONSE_RECEIVED = 'The following response was received from the endpoint destination. ';

/** `secret` is never quoted, should the endpoint echo it. */
export function judge(answer: HttpAnswer, requestId: string, secret: string | undefined): Judgement {
  const { status } = answer;
  const raw = quoted(answer.body, [secret], RAW_CHARACTERS_MAX);
  const isRedirect = status < 200 || (status >= 300 && status < 400) || status >= 600;
  if (status !== 200 && !isRedirect) {
    const error = {
      code: 'HttpEndpoint.DestinationException',
      message: `${RESPONSE_RECEIVED}${status}: ${raw}`,
    };
    return { kind: status === 413 ? 'lost' : 'refused', error };
  }
  const fault = isRedirect ? 'has a status code that is not 2XX, 4XX or 5XX' : faultOf(answer, requestId);
  if (fault === undefined) return { kind: 'delivered' };
  const message =
    'The response received from the specified endpoint is invalid. Contact the owner of the endpoint to resolve the issue. ' +
    `Response for request ${requestId} ${fault}. Raw response received: ${status} ${raw}`;
  return { kind: 'refused', error: { code: 'HttpEndpoint.InvalidResponseFromDestination', message } };
}

/** Why an answer of 200 is none, as the end of a sentence. */
function faultOf({ headers, body }: HttpAnswer, requestId: string): string | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')) {
    return 'does not contain a "content-type: application/json" header';
  }
  if (headers.has('content-encoding')) return 'is content-encoded';
  if (!headers.has('content-length')) return 'does not contain a content-length header';
  const members = jsonObjectOf(body);
  const { requestId: answered, timestamp, errorMessage, ...others } = members ?? { requestId: null };
  const isText = errorMessage === undefined || errorMessage === null || typeof errorMessage === 'string';
  if (answered === null || !isText || Object.keys(others).length > 0) {
    return 'is not recognized as valid JSON or has unexpected fields';
  }
  if (answered === undefined) return 'does not contain a requestId';
  if (answered !== requestId) return 'has a requestId that does not match';
  return Number.isInteger(timestamp) ? undefined : 'does not contain a timestamp that is a number';
}

/** The same in an error record, where AWS words it otherwise and leaves the status out. */
export function messageInRecord(message: string): string {
  if (!message.startsWith(RESPONSE_RECEIVED)) return message;
  const raw = message.slice(RESPONSE_RECEIVED.length).replace(/^\d+: /, '');
  return `Received the following response from the endpoint destination. ${raw}`;
}
