/**
 * The road of a request, in AWS's order of checks:
 *
 *   transport -> target -> authentication -> deserialization -> validation -> authorization -> the operation
 *
 * It turns bytes into bytes and never throws: an error of the model is answered with its code, anything else that is thrown is our
 * bug, is reported to `onFailure`, and is answered as InternalFailure without a word of what happened.
 * What AWS answers to requests that do not get as far as a service was recorded by kinesalite (docs/decisions/0100).
 */
import type { ByteBudget, Hold } from '../base/byte-budget.ts';
import { Arenas } from '../base/arena.ts';
import { BudgetExhausted } from '../base/byte-budget.ts';
import type { Clock, Dice } from '../host/host.ts';
import { crossOriginHeaders, preflight } from './cross-origin.ts';
import type { HandleRequest, WireRequest, WireResponse } from './message.ts';
import { createRefusalPace } from './refusal-pace.ts';
import { createRequestIds } from './request-ids.ts';
import { type Route, compileRoutes } from './routes.ts';
import { answerStream, isAbort } from './stream-answer.ts';
import { type Transport, readTransport } from './transport.ts';
import type { Authenticate, Authenticated, Authorize } from './shape/authentication.ts';
import type { AnyService, Call, Caller } from './shape/operation.ts';
import { ServiceError } from './shape/service-error.ts';

/** One line of the access log. */
export type Served = {
  readonly requestId: string;
  /** The signature's service name; undefined when the request named no operation of ours. */
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly status: number;
  /** The code of the error that was answered. */
  readonly errorCode: string | undefined;
  readonly account: string | undefined;
  readonly durationMs: number;
  readonly requestBytes: number;
  /** Of the body; of an event stream nothing is known yet. */
  readonly responseBytes: number;
};

export type RoadParts = {
  readonly services: readonly AnyService[];
  readonly authenticate: Authenticate;
  readonly authorize: Authorize;
  readonly dice: Dice;
  readonly clock: Clock;
  readonly budget: ByteBudget;
  /** Told of every error that is our bug. */
  readonly onFailure: (
    error: unknown,
    where: { readonly requestId: string; readonly operation: string | undefined },
  ) => void;
  /** Told of every answer but those to preflights, for the access log. */
  readonly onAnswer?: (served: Served) => void;
  /** Told of every call that reached an operation, for the metrics. `bytes` are those of the answer's body. */
  readonly onServed?: (
    service: string,
    operation: string,
    status: number,
    durationMs: number,
    bytes: number,
  ) => void;
};

/** What became known of a request on its way. */
type Progress = {
  route: Route | undefined;
  caller: Authenticated | undefined;
  errorCode: string | undefined;
};

export function createHandleRequest(parts: RoadParts): HandleRequest {
  const routes = compileRoutes(parts.services);
  const nextIds = createRequestIds(parts.dice);
  const refusalDelayMs = createRefusalPace(parts.clock);

  return async (request) => {
    const startedMs = parts.clock.monotonic();
    const ids = nextIds();
    if (request.method === 'OPTIONS' && request.headers.has('origin')) return preflight(request, ids);
    const progress: Progress = { route: undefined, caller: undefined, errorCode: undefined };
    const answer = await answerOf(request, ids.requestId, progress);
    // Who called is not known: the request was refused before that.
    const delayMs = progress.caller === undefined ? refusalDelayMs() : 0;
    const response: WireResponse = {
      status: answer.status,
      headers: {
        'x-amzn-requestid': ids.requestId,
        'x-amz-id-2': ids.id2,
        ...crossOriginHeaders(request),
        ...answer.headers,
      },
      body: request.method === 'HEAD' ? new Uint8Array() : answer.body,
      ...(delayMs > 0 ? { delayMs } : undefined),
      ...(answer.release === undefined ? undefined : { release: answer.release }),
    };
    report(request, ids.requestId, progress, response, startedMs);
    return response;
  };

  async function answerOf(
    request: WireRequest,
    requestId: string,
    progress: Progress,
  ): Promise<WireResponse> {
    const transport = readTransport(request, routes);
    if (transport.kind === 'refused') {
      progress.errorCode = transport.errorCode;
      return transport.response;
    }
    progress.route = transport.route;
    try {
      return await serve(parts, request, transport, requestId, progress);
    } catch (error) {
      const told = tellable(error, request.signal);
      if (told === undefined) parts.onFailure(error, { requestId, operation: transport.route.name });
      else if (told.cause !== undefined)
        parts.onFailure(told.cause, { requestId, operation: transport.route.name });
      const answered = told ?? INTERNAL_FAILURE;
      progress.errorCode = answered.code;
      return {
        status: answered.status,
        headers: { 'content-type': transport.protocol.contentType },
        body: transport.protocol.encodeError(answered),
      };
    }
  }

  function report(
    request: WireRequest,
    requestId: string,
    { route, caller, errorCode }: Progress,
    response: WireResponse,
    startedMs: number,
  ): void {
    const durationMs = parts.clock.monotonic() - startedMs;
    const responseBytes = response.body instanceof Uint8Array ? response.body.length : 0;
    const { status } = response;
    parts.onAnswer?.({
      requestId,
      service: route?.signingName,
      operation: route?.name,
      status,
      errorCode,
      account: caller?.caller.account,
      durationMs,
      requestBytes: request.body.length,
      responseBytes,
    });
    if (route !== undefined)
      parts.onServed?.(route.signingName, route.name, status, durationMs, responseBytes);
  }
}

/** From the target on: the request names an operation of ours in a protocol of ours. */
async function serve(
  parts: RoadParts,
  request: WireRequest,
  { route, protocol }: Transport & { kind: 'accepted' },
  requestId: string,
  progress: Progress,
): Promise<WireResponse> {
  const { decode, encode } = route.codecOf(protocol);
  const { caller, region, service } = (progress.caller = parts.authenticate(request));
  if (service !== route.signingName) throw wrongScope(route.signingName);
  const arena = inputs.take();
  let hold: Hold | undefined;
  try {
    const input = decode(request.body, arena);
    route.validate(input);
    const call = new RequestCall(caller, region, requestId, request);
    parts.authorize(caller, route.operation.action, route.operation.resources(input as never, call));
    if (route.largeAnswer) {
      hold =
        parts.budget.take(LARGE_ANSWER_BYTES) ??
        (await parts.budget.reserve(LARGE_ANSWER_BYTES, request.signal));
    }
    const output = await route.handle(input, call);
    if (route.events !== undefined)
      return answerStream(route, protocol, output, parts, requestId, request.signal);
    // HTTP/2 may still hold bytes of a stream that was reset.
    const answer = request.httpVersion === '1.1' ? (route.largeAnswer ? pages : answers) : undefined;
    const room = answer?.take();
    const body = encode(output, room);
    return answerWhole(protocol.contentType, body, hold, () => room !== undefined && answer?.give(room));
  } catch (error) {
    hold?.release();
    throw error;
  } finally {
    inputs.give(arena);
  }
}

class RequestCall implements Call {
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
  readonly #request: WireRequest;

  constructor(caller: Caller, region: string, requestId: string, request: WireRequest) {
    this.caller = caller;
    this.region = region;
    this.requestId = requestId;
    this.#request = request;
  }

  /** Not looked at before it is needed: making one costs as much as reading the request, and most calls never ask. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }
}

const MIB = 1024 * 1024;
/** What an operation is given is good until it has answered. */
const inputs = new Arenas(16 * MIB);
/** What it answers, until that is written. */
const answers = new Arenas(2 * MIB);
const pages = new Arenas(16 * MIB);

/** A page of ten MiB of records in base64, with their keys and sequence numbers. */
const LARGE_ANSWER_BYTES = 16 * 1024 * 1024;

function answerWhole(
  contentType: string,
  body: Uint8Array,
  hold: Hold | undefined,
  free: () => void,
): WireResponse {
  hold?.shrink(body.length);
  return {
    status: 200,
    headers: { 'content-type': contentType },
    body,
    release: () => {
      hold?.release();
      free();
    },
  };
}

const INTERNAL_FAILURE = new ServiceError('InternalFailure', '', { fault: 'server' });

/** Every AWS SDK tries again on 503; the code is one of AWS's common errors. */
const UNAVAILABLE = new ServiceError(
  'ServiceUnavailable',
  'The request has failed due to a temporary failure of the server.',
  { fault: 'server', status: 503 },
);

/** The error that the caller is told; undefined for our bugs. */
function tellable(error: unknown, signal: AbortSignal): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  return error instanceof BudgetExhausted || isAbort(error, signal) ? UNAVAILABLE : undefined;
}

function wrongScope(signingName: string): ServiceError {
  return new ServiceError(
    'InvalidSignatureException',
    `Credential should be scoped to correct service: '${signingName}'. `,
  );
}
