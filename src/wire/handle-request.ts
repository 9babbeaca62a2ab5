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
import { Arenas, type Arena } from '../base/arena.ts';
import { BudgetExhausted } from '../base/byte-budget.ts';
import type { Clock, Dice } from '../host/host.ts';
import { crossOriginHeaders, preflight } from './cross-origin.ts';
import type { HandleRequest, WireRequest, WireResponse } from './message.ts';
import { createRefusalPace } from './refusal-pace.ts';
import { createRequestIds, type RequestIds } from './request-ids.ts';
import { type Codec, type Route, compileRoutes } from './routes.ts';
import type { Protocol } from './protocol/protocol.ts';
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

export function createHandleRequest(parts: RoadParts): HandleRequest {
  const routes = compileRoutes(parts.services);
  const nextIds = createRequestIds(parts.dice);
  const refusalDelayMs = createRefusalPace(parts.clock);

  return async (request) => {
    const startedMs = parts.clock.monotonic();
    const ids = nextIds();
    if (request.method === 'OPTIONS' && request.headers.has('origin')) return preflight(request, ids);
    const transport = readTransport(request, routes);
    if (transport.kind === 'refused') {
      const response = complete(request, ids, transport.response, refusalDelayMs());
      report(parts, request, ids.requestId, { errorCode: transport.errorCode }, response, startedMs);
      return response;
    }
    const { route } = transport;
    const serving = new Serving(parts, request, transport, ids.requestId);
    let answer: WireResponse;
    try {
      const input = serving.admit();
      if (route.largeAnswer) await serving.reserveAnswer();
      answer = serving.answer(await route.handle(input, serving));
    } catch (error) {
      answer = serving.fail(error);
    } finally {
      serving.freeInput();
    }
    // Who called is not known: the request was refused before that.
    const delayMs = serving.authenticated === undefined ? refusalDelayMs() : 0;
    const response = complete(request, ids, answer, delayMs);
    report(parts, request, ids.requestId, serving, response, startedMs);
    return response;
  };
}

/** The answer with the headers that all answers have. */
function complete(
  request: WireRequest,
  ids: RequestIds,
  { status, headers: own, body, release }: WireResponse,
  delayMs: number,
): WireResponse {
  const headers: Record<string, string> = { 'x-amzn-requestid': ids.requestId, 'x-amz-id-2': ids.id2 };
  const crossOrigin = crossOriginHeaders(request);
  if (crossOrigin !== undefined) Object.assign(headers, crossOrigin);
  for (const name in own) headers[name] = own[name]!;
  return {
    status,
    headers,
    body: request.method === 'HEAD' ? new Uint8Array() : body,
    delayMs: delayMs > 0 ? delayMs : undefined,
    release,
  };
}

/** What is told of a request; of one that reached no operation only the error. */
type Told = {
  readonly route?: Route;
  readonly authenticated?: Authenticated | undefined;
  readonly errorCode: string | undefined;
};

function report(
  parts: RoadParts,
  request: WireRequest,
  requestId: string,
  { route, authenticated, errorCode }: Told,
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
    account: authenticated?.caller.account,
    durationMs,
    requestBytes: request.body.length,
    responseBytes,
  });
  if (route !== undefined) parts.onServed?.(route.signingName, route.name, status, durationMs, responseBytes);
}

/**
 * A request that names an operation of ours in a protocol of ours, on its way from there. One object for all that is known of
 * it, which is also what the operation sees as its call: a small request is worth few objects.
 */
class Serving implements Call {
  readonly requestId: string;
  readonly route: Route;
  /** Undefined until the signature was found right. */
  authenticated: Authenticated | undefined;
  /** Of the error that was answered. */
  errorCode: string | undefined;
  readonly #parts: RoadParts;
  readonly #request: WireRequest;
  readonly #protocol: Protocol;
  readonly #codec: Codec;
  /** What the input lies in, once there is one. */
  #input: Arena | undefined;
  #hold: Hold | undefined;

  constructor(
    parts: RoadParts,
    request: WireRequest,
    { route, protocol }: Transport & { kind: 'accepted' },
    requestId: string,
  ) {
    this.requestId = requestId;
    this.route = route;
    this.#parts = parts;
    this.#request = request;
    this.#protocol = protocol;
    this.#codec = route.codecOf(protocol);
  }

  get caller(): Caller {
    return this.authenticated!.caller;
  }

  get region(): string {
    return this.authenticated!.region;
  }

  /** Not looked at before it is needed: making one costs as much as reading the request, and most calls never ask. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }

  /** The input of the operation, which may be called with it. */
  admit(): unknown {
    const { route } = this;
    const { operation } = route;
    const { caller, service } = (this.authenticated = this.#parts.authenticate(this.#request));
    if (service !== route.signingName) throw wrongScope(route.signingName);
    const input = this.#codec.decode(this.#request.body, (this.#input = inputs.take()));
    route.validate(input);
    this.#parts.authorize(caller, operation.action, operation.resources(input as never, this));
    return input;
  }

  /** Memory for an answer that may be large, waited for when there is none. */
  async reserveAnswer(): Promise<void> {
    const { budget } = this.#parts;
    this.#hold =
      budget.take(LARGE_ANSWER_BYTES) ?? (await budget.reserve(LARGE_ANSWER_BYTES, this.#request.signal));
  }

  answer(output: unknown): WireResponse {
    const { route } = this;
    if (route.events !== undefined)
      return answerStream(route, this.#protocol, output, this.#parts, this.requestId, this.signal);
    // HTTP/2 may still hold bytes of a stream that was reset.
    const rooms = this.#request.httpVersion === '1.1' ? (route.largeAnswer ? pages : answers) : undefined;
    const room = rooms?.take();
    const body = this.#codec.encode(output, room);
    const hold = this.#hold;
    hold?.shrink(body.length);
    const release = (): void => {
      hold?.release();
      if (room !== undefined) rooms?.give(room);
    };
    return { status: 200, headers: { 'content-type': this.#protocol.contentType }, body, release };
  }

  fail(error: unknown): WireResponse {
    this.#hold?.release();
    const where = { requestId: this.requestId, operation: this.route.name };
    const told = tellable(error, this.#request.signal);
    if (told === undefined) this.#parts.onFailure(error, where);
    else if (told.cause !== undefined) this.#parts.onFailure(told.cause, where);
    const answered = told ?? INTERNAL_FAILURE;
    this.errorCode = answered.code;
    return {
      status: answered.status,
      headers: { 'content-type': this.#protocol.contentType },
      body: this.#protocol.encodeError(answered),
    };
  }

  /** What the operation was given is not looked at any more. */
  freeInput(): void {
    if (this.#input !== undefined) inputs.give(this.#input);
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
