/** Functions at a Lambda-shaped endpoint: Invoke, "Lambda API reference", synchronous and without its log. */
import { createHash } from 'node:crypto';
import { encodePath, signedHeaders } from '../../base/signature-v4.ts';
import type { FunctionEndpoint } from '../../config/endpoints.ts';
import type { Clock } from '../../host/host.ts';
import { HttpError, type HttpAnswer, type HttpClient } from '../../host/http.ts';
import { parseFunctionArn } from '../function-arn.ts';
import { FUNCTION_LIMITS } from '../function-limits.ts';
import { FunctionFailure, type FunctionAnswer } from '../functions.ts';

export async function invokeAtEndpoint(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  endpoint: FunctionEndpoint,
  arn: string,
  payload: Uint8Array,
  signal?: AbortSignal,
): Promise<FunctionAnswer> {
  const url = new URL(urlOf(endpoint.url, arn));
  const headers = {
    host: url.host,
    'content-type': 'application/json',
    'x-amz-invocation-type': 'RequestResponse',
    'x-amz-log-type': 'None',
  };
  const query = Object.fromEntries(url.searchParams);
  const bodyHash = createHash('sha256').update(payload).digest('hex');
  const request = { method: 'POST', path: url.pathname, query, headers, bodyHash };
  const scope = { region: endpoint.region, service: 'lambda' };
  const { credentials } = endpoint;
  let answer: HttpAnswer;
  try {
    answer = await http.send({
      method: 'POST',
      url: url.href,
      headers: credentials === undefined ? headers : signedHeaders(request, credentials, scope, clock.now()),
      body: [payload],
      timeoutMs: FUNCTION_LIMITS.timeoutMs,
      answerBytesMax: FUNCTION_LIMITS.payloadBytesMax,
      certificateAuthority: endpoint.certificateAuthority,
      signal,
    });
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.failure === 'too-long') return { kind: 'function-error', payload: TOO_LONG };
    throw failureOf(error);
  }
  if (answer.status !== 200) throw refusalOf(answer);
  const kind = answer.headers.has('x-amz-function-error') ? 'function-error' : 'ok';
  return { kind, payload: answer.body };
}

const TOO_LONG = new TextEncoder().encode(
  '{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}',
);

/** An endpoint that serves one function only, such as Lambda's runtime interface emulator, is named with its whole path. */
function urlOf(base: string, arn: string): string {
  if (base.endsWith('/invocations')) return base;
  const { name, qualifier } = parseFunctionArn(arn) ?? { name: arn, qualifier: undefined };
  const path = encodePath(`/2015-03-31/functions/${name}/invocations`);
  return `${base}${path}${qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(qualifier)}`}`;
}

function failureOf({ failure, message }: HttpError): FunctionFailure {
  const code = failure === 'timeout' ? 'Timeout' : 'Unreachable';
  return new FunctionFailure(code, message, failure !== 'refused-address' && failure !== 'untrusted');
}

function refusalOf({ status, headers, body }: HttpAnswer): FunctionFailure {
  let told: { __type?: unknown; Type?: unknown; code?: unknown; message?: unknown; Message?: unknown } = {};
  try {
    told = (JSON.parse(new TextDecoder().decode(body)) ?? {}) as typeof told;
  } catch {
    // Whoever answers so is no Lambda; the status says enough.
  }
  const named = [headers.get('x-amzn-errortype'), told.__type, told.code].find(
    (name): name is string => typeof name === 'string' && name !== '',
  );
  const code = named?.split(':')[0]!.split('#').at(-1);
  const message = [told.message, told.Message].find((text): text is string => typeof text === 'string');
  return new FunctionFailure(
    code ?? (status === 429 ? 'TooManyRequestsException' : `Http${status}`),
    message ?? `The function's endpoint answered with status ${status}.`,
    status === 429 || status >= 500,
  );
}
