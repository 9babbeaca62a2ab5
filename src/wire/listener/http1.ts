/**
 * HTTP/1.1 over connections that are handed in. Node's parser and writer do the framing; this file decides what is
 * accepted, in what order, and how long it may take. The requests of one connection run one after the other, pipelined or
 * not, so a connection holds one body and one answer at a time and the answers leave in order.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HandleRequest, WireResponse } from '../message.ts';
import { readBody, type BodyParts } from './body.ts';
import { sendChunks } from './chunked-answer.ts';
import { ClientPresence, headersFrom, IncomingRequest, type ListenerLog, type Peer } from './incoming.ts';
import type { Watched } from './sweep.ts';
import {
  EXPECTATION_UNKNOWN,
  FAILED,
  HEADERS_TOO_LARGE,
  MALFORMED,
  TOO_SLOW,
  transportErrorAnswer,
  type TransportError,
} from './transport-error.ts';

export type ProtocolParts = BodyParts & {
  readonly handle: HandleRequest;
  readonly log: ListenerLog;
  /** The value of the `date` header, now. */
  readonly date: () => string;
  readonly timer: (delayMs: number, callback: () => void) => { cancel(): void };
};

/** What a connection speaks, once that is known. */
export interface Protocol {
  accept(socket: Duplex, peer: Peer): void;
  /** Lets requests in flight finish, then closes their connections; closes the idle ones now. */
  drain(): void;
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly expects: 'nothing' | 'continue' | 'unknown';
};

/** Requests after the last that will be taken; one read of the socket may bring some thousands. */
const UNWANTED_MAX = 10_000;
const EMPTY = new Uint8Array(0);
/** Has no length either (RFC 9110, 8.6). */
const NO_CONTENT = 204;

export function createHttp1(parts: ProtocolParts): Protocol {
  const connections = new Map<Duplex, Http1Connection>();
  const server = createServer({
    maxHeaderSize: parts.limits.headerBytesMax,
    // Node checks these only for servers that listen; the connection checks its own.
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
  });
  // A client may end its side once it has asked, and still gets its answer.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const on =
    (expects: Exchange['expects']) =>
    (request: IncomingMessage, response: ServerResponse): void =>
      connections.get(request.socket)?.enqueue({ request, response, expects });
  server.on('request', on('nothing'));
  server.on('checkContinue', on('continue'));
  server.on('checkExpectation', on('unknown'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const connection = connections.get(socket);
    if (connection === undefined || error.code === 'ECONNRESET') socket.destroy();
    else connection.fail(error.code === 'HPE_HEADER_OVERFLOW' ? HEADERS_TOO_LARGE : MALFORMED);
  });
  return {
    accept(socket, peer) {
      const connection = new Http1Connection(socket, peer, parts);
      connections.set(socket, connection);
      socket.on('close', () => connections.delete(socket));
      server.emit('connection', socket);
    },
    drain() {
      for (const connection of connections.values()) connection.drain();
    },
  };
}

class Http1Connection implements Watched {
  readonly #socket: Duplex & { readonly bytesRead?: number };
  readonly #peer: Peer;
  readonly #parts: ProtocolParts;
  #waiting: Exchange[] = [];
  #current: Exchange | undefined;
  #presence: ClientPresence | undefined;
  /** The last request that will be taken has come. */
  #last = false;
  #draining = false;
  #unwanted = 0;
  /** Bytes that are not HTTP came; answered when the requests before them are. */
  #failure: TransportError | undefined;
  #failed = false;
  #idleSinceMs: number;
  /** What the socket had read when the connection became idle: more means that a request has begun. */
  #idleBytesRead: number | undefined;
  #headersSinceMs: number | undefined;
  /** A whole answer being written: since when, and how long. */
  #writing: { readonly sinceMs: number; readonly bytes: number } | undefined;

  #streaming = false;
  #resolveFinished: (() => void) | undefined;

  constructor(socket: Duplex, peer: Peer, parts: ProtocolParts) {
    this.#socket = socket;
    this.#peer = peer;
    this.#parts = parts;
    this.#idleSinceMs = parts.sweep.now();
    this.#idleBytesRead = 0;
    parts.sweep.watch(this);
    socket.on('close', this.#onClose);
    socket.on('end', this.#onEnd);
  }

  enqueue(exchange: Exchange): void {
    if (this.#last) {
      // Node keeps each of these until the connection closes, so a flood of them is cut off.
      this.#unwanted += 1;
      if (this.#unwanted > UNWANTED_MAX) this.#socket.destroy();
      return;
    }
    exchange.request.on('error', () => {});
    exchange.response.on('error', () => {});
    if (this.#current === undefined) {
      this.#start(exchange);
      return;
    }
    this.#waiting.push(exchange);
    if (this.#waiting.length >= this.#parts.limits.pipelinedMax) this.#last = true;
  }

  fail(error: TransportError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#last = true;
    // The fault is in a later request, and this one still gets its answer; or in this one's body, of which no more can come.
    if (this.#current === undefined || !this.#current.request.complete) this.#answerFailure();
  }

  drain(): void {
    this.#draining = true;
    if (this.#current === undefined) this.#socket.destroy();
  }

  check(nowMs: number): void {
    const { limits } = this.#parts;
    if (this.#writing !== undefined) {
      const contended = this.#parts.budget.waiting > 0;
      const rate = contended ? limits.contendedBytesPerSecondMin : limits.transferBytesPerSecondMin;
      const allowedMs = limits.transferGraceMs + (this.#writing.bytes * 1000) / rate;
      if (nowMs - this.#writing.sinceMs > allowedMs) this.#socket.destroy();
    } else if (this.#current === undefined) {
      if (this.#socket.bytesRead !== this.#idleBytesRead) {
        this.#headersSinceMs ??= nowMs;
        if (nowMs - this.#headersSinceMs > limits.headerMs) this.fail(TOO_SLOW);
      } else if (nowMs - this.#idleSinceMs > limits.idleMs) this.#socket.destroy();
    }
  }

  #start(exchange: Exchange): void {
    this.#current = exchange;
    void this.#run(exchange).catch((error: unknown) => {
      this.#parts.log.error({ error }, 'a request failed in the listener');
      this.#socket.destroy();
    });
  }

  async #run(exchange: Exchange): Promise<void> {
    const answer = await this.#handle(exchange);
    if (answer === undefined) return;
    if (answer.delayMs !== undefined) await waited(this.#parts, answer.delayMs);
    try {
      await this.#answer(exchange.response, answer);
    } finally {
      answer.release?.();
    }
  }

  /** Reads the request and has it handled; undefined when it was refused or its client left. Apart, so that the body can go. */
  async #handle({ request, response, expects }: Exchange): Promise<WireResponse | undefined> {
    if (expects === 'unknown') {
      this.#refuse(request, response, EXPECTATION_UNKNOWN);
      return undefined;
    }
    // Node's own `headers` are made when first looked at, which costs as much again; so they are not.
    const headers = headersFrom(request.rawHeaders);
    const chunked = headers.has('transfer-encoding');
    const declared = chunked ? undefined : Number(headers.get('content-length') ?? 0);
    let body: Uint8Array = EMPTY;
    let release: (() => void) | undefined;
    if (declared !== 0) {
      const outcome = await readBody(request, declared, this.#parts, () => {
        if (expects === 'continue') response.writeContinue();
      });
      if (outcome.kind === 'gone') return undefined;
      if (outcome.kind === 'refused') {
        this.#refuse(request, response, outcome.error);
        return undefined;
      }
      body = outcome.bytes;
      release = outcome.release;
    }
    this.#presence = new ClientPresence();
    const line = { method: request.method ?? '', target: request.url ?? '', httpVersion: '1.1' as const };
    try {
      return await this.#parts.handle(new IncomingRequest(line, headers, body, this.#peer, this.#presence));
    } catch (error) {
      this.#parts.log.error({ error }, 'a request handler threw');
      return transportErrorAnswer(FAILED);
    } finally {
      release?.();
    }
  }

  async #answer(response: ServerResponse, answer: WireResponse): Promise<void> {
    if (this.#socket.destroyed) {
      if (!(answer.body instanceof Uint8Array)) await discard(answer.body);
      return;
    }
    if (this.#draining || (this.#last && this.#waiting.length === 0 && this.#failure === undefined)) {
      response.shouldKeepAlive = false;
    }
    const whole = answer.body instanceof Uint8Array ? answer.body : undefined;
    const head = ['date', this.#parts.date()];
    if (whole !== undefined && answer.status !== NO_CONTENT)
      head.push('content-length', String(whole.length));
    for (const name in answer.headers) head.push(name, answer.headers[name]!);
    response.sendDate = false;
    response.writeHead(answer.status, head);
    if (whole !== undefined) {
      await this.#writeWhole(response, whole);
      return;
    }
    response.flushHeaders();
    this.#streaming = true;
    const finished = this.#finished(response);
    try {
      await sendChunks(answer.body as AsyncIterable<Uint8Array>, response, {
        sweep: this.#parts.sweep,
        stallMs: this.#parts.limits.stallMs,
        giveUp: () => this.#socket.destroy(),
      });
    } catch (error) {
      // The status is gone already; a cut connection is how HTTP/1.1 says that the rest will not come.
      this.#parts.log.error({ error }, 'the source of an answer failed');
      this.#socket.destroy();
    }
    await finished;
  }

  async #writeWhole(response: ServerResponse, body: Uint8Array): Promise<void> {
    this.#writing = { sinceMs: this.#parts.sweep.now(), bytes: body.length };
    const finished = this.#finished(response);
    response.end(body);
    await finished;
  }

  /** Resolves when the answer was handed to the machine, or the connection is gone. */
  #finished(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      this.#resolveFinished = resolve;
      response.on('finish', () => {
        resolve();
        this.#next();
      });
    });
  }

  #next(): void {
    this.#writing = undefined;
    this.#streaming = false;
    this.#current = undefined;
    this.#presence = undefined;
    if (this.#socket.destroyed) return;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      this.#start(next);
      return;
    }
    this.#headersSinceMs = undefined;
    this.#idleSinceMs = this.#parts.sweep.now();
    this.#idleBytesRead = this.#socket.bytesRead;
    if (this.#failure !== undefined) this.#answerFailure();
    else if (this.#draining) this.#socket.end();
  }

  /** Answers without the body having been read, then closes; but not before the sender could see the answer. */
  #refuse(request: IncomingMessage, response: ServerResponse, error: TransportError): void {
    this.#last = true;
    this.#waiting = [];
    response.shouldKeepAlive = false;
    response.sendDate = false;
    const { status, headers, body } = transportErrorAnswer(error);
    response.writeHead(status, { date: this.#parts.date(), 'content-length': body.length, ...headers });
    const finish = (): void => {
      lingering.cancel();
      response.end();
    };
    const lingering = this.#parts.timer(this.#parts.limits.lingerMs, finish);
    if (body.length > 0) response.write(body);
    else response.flushHeaders();
    if (request.complete) finish();
    else {
      request.on('end', finish);
      request.on('close', () => lingering.cancel());
      request.resume();
    }
  }

  /** What came is not HTTP, so there is no response object to answer with. */
  #answerFailure(): void {
    if (this.#failed || this.#failure === undefined) return;
    this.#failed = true;
    const started = this.#current?.response.headersSent === true;
    if (started || !this.#socket.writable) {
      this.#socket.destroy();
      return;
    }
    const { status, headers, body } = transportErrorAnswer(this.#failure);
    const lines = [
      `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
      `date: ${this.#parts.date()}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `content-length: ${body.length}`,
      'connection: close',
    ];
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    this.#socket.end(body);
    const lingering = this.#parts.timer(this.#parts.limits.lingerMs, () => this.#socket.destroy());
    this.#socket.on('close', () => lingering.cancel());
  }

  readonly #onEnd = (): void => {
    // Whoever reads an event stream keeps its side open, so this one has left. Others may still wait for their answer.
    if (this.#streaming) this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#parts.sweep.forget(this);
    this.#waiting = [];
    this.#presence?.leave();
    this.#resolveFinished?.();
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** The answer waits; the body of its request is gone by then. */
export function waited({ timer }: Pick<ProtocolParts, 'timer'>, delayMs: number): Promise<void> {
  return new Promise((resolve) => void timer(delayMs, resolve));
}

/** Lets a source go that nobody will read. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}
