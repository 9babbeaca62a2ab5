/**
 * HTTP/2 over connections that are handed in. Floods are met by the bounds of Node and nghttp2 (resets a second, settings,
 * pings, continuation frames, header sizes); this file adds those on streams, bodies, answers and time.
 */
import {
  constants,
  createServer,
  type ServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { assert } from '../../base/assert.ts';
import type { WireResponse } from '../message.ts';
import { readBody } from './body.ts';
import { sendChunks } from './chunked-answer.ts';
import { ClientPresence, headersFrom, IncomingRequest, type Peer } from './incoming.ts';
import type { Protocol, ProtocolParts } from './protocol.ts';
import type { Watched } from './sweep.ts';
import {
  EXPECTATION_UNKNOWN,
  FAILED,
  MALFORMED,
  transportErrorAnswer,
  type TransportError,
} from './transport-error.ts';

const {
  NGHTTP2_FLAG_END_STREAM: END_STREAM,
  NGHTTP2_NO_ERROR: NO_ERROR,
  NGHTTP2_CANCEL: CANCEL,
  NGHTTP2_INTERNAL_ERROR: INTERNAL_ERROR,
} = constants;

/** What a client may send of one body before we have read it: bounds what a waiting request holds. */
const STREAM_WINDOW_BYTES = 256 * 1024;
/** What a client may send on one connection in a round trip, all streams together. */
const SESSION_WINDOW_BYTES = 4 * 1024 * 1024;

export function createHttp2(parts: ProtocolParts): Protocol {
  const connections = new Set<Http2Connection>();
  let accepting: { readonly socket: Duplex; readonly peer: Peer } | undefined;
  const options: ServerOptions = {
    settings: {
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: parts.limits.http2StreamsMax,
      maxHeaderListSize: parts.limits.headerBytesMax,
      enablePush: false,
    },
    // Counts queued answers too, and refuses new streams above it: Node's 10 MB is less than one answer of GetRecords.
    // Ours are bounded by the byte budget.
    maxSessionMemory: 1024,
  };
  const server = createServer(options);
  server.on('session', (session) => {
    assert(accepting !== undefined, 'a session begins while its connection is accepted');
    const connection = new Http2Connection(session, accepting.socket, accepting.peer, parts);
    connections.add(connection);
    session.on('close', () => connections.delete(connection));
  });
  server.on('sessionError', () => {});
  return {
    accept(socket, peer) {
      // Node refuses TLS sockets that did not agree on h2 by ALPN, but who sent the preface speaks it.
      if (peer.secure) (socket as Duplex & { alpnProtocol: string }).alpnProtocol = 'h2';
      // HTTP/2 has no half-closed connections: who ended its side has left.
      socket.on('end', () => socket.destroy());
      accepting = { socket, peer };
      server.emit('connection', socket);
      accepting = undefined;
    },
    drain() {
      for (const connection of connections) connection.drain();
    },
  };
}

class Http2Connection implements Watched {
  readonly #session: ServerHttp2Session;
  readonly #socket: Duplex;
  readonly #peer: Peer;
  readonly #parts: ProtocolParts;
  #streams = 0;
  #idleSinceMs: number;

  constructor(session: ServerHttp2Session, socket: Duplex, peer: Peer, parts: ProtocolParts) {
    this.#session = session;
    this.#socket = socket;
    this.#peer = peer;
    this.#parts = parts;
    this.#idleSinceMs = parts.sweep.now();
    session.on('error', () => {});
    session.on('stream', (stream, _headers, flags, rawHeaders) => this.#run(stream, flags, rawHeaders));
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    parts.sweep.watch(this);
    session.on('close', () => parts.sweep.forget(this));
  }

  check(nowMs: number): void {
    if (this.#streams > 0) return;
    const idleMs = nowMs - this.#idleSinceMs;
    if (idleMs > this.#parts.limits.idleMs + this.#parts.limits.lingerMs) this.#socket.destroy();
    else if (idleMs > this.#parts.limits.idleMs && !this.#session.closed) this.#session.close();
  }

  drain(): void {
    if (!this.#session.closed) this.#session.close();
  }

  #run(stream: ServerHttp2Stream, flags: number, rawHeaders: readonly string[]): void {
    this.#streams += 1;
    stream.on('error', () => {});
    stream.on('close', () => {
      this.#streams -= 1;
      this.#idleSinceMs = this.#parts.sweep.now();
    });
    void this.#exchange(stream, flags, rawHeaders).catch((error: unknown) => {
      this.#parts.log.error({ error }, 'a request failed in the listener');
      stream.close(INTERNAL_ERROR);
    });
  }

  async #exchange(stream: ServerHttp2Stream, flags: number, rawHeaders: readonly string[]): Promise<void> {
    const presence = new ClientPresence();
    const closed = new Promise<void>((resolve) => {
      stream.on('close', () => {
        presence.leave();
        resolve();
      });
    });
    const answer = await this.#handle(stream, flags, rawHeaders, presence);
    if (answer === undefined) return;
    if (answer.delayMs !== undefined) await waited(this.#parts, answer.delayMs);
    try {
      await this.#answer(stream, pseudo(rawHeaders, ':method') === 'HEAD', answer);
      await closed;
    } finally {
      answer.release?.();
    }
  }

  /** Reads the request and has it handled; undefined when it was refused or its client left. Apart, so that the body can go. */
  async #handle(
    stream: ServerHttp2Stream,
    flags: number,
    rawHeaders: readonly string[],
    presence: ClientPresence,
  ): Promise<WireResponse | undefined> {
    const headers = headersFrom(rawHeaders);
    const method = pseudo(rawHeaders, ':method');
    const target = pseudo(rawHeaders, ':path');
    const expects = headers.get('expect');
    if (method === undefined || target === undefined) {
      this.#refuse(stream, MALFORMED);
      return undefined;
    }
    if (expects !== undefined && expects.toLowerCase() !== '100-continue') {
      this.#refuse(stream, EXPECTATION_UNKNOWN);
      return undefined;
    }
    let body: Uint8Array = new Uint8Array(0);
    let release: (() => void) | undefined;
    if ((flags & END_STREAM) === 0) {
      const length = headers.get('content-length');
      const declared = length === undefined ? undefined : Number(length);
      const outcome = await readBody(stream, declared, this.#parts, () => {
        // The frame after its headers may have ended it already.
        if (expects !== undefined && !stream.destroyed && !stream.closed)
          stream.additionalHeaders({ ':status': 100 });
      });
      if (outcome.kind === 'gone') return undefined;
      if (outcome.kind === 'refused') {
        this.#refuse(stream, outcome.error);
        return undefined;
      }
      body = outcome.bytes;
      release = outcome.release;
    } else stream.resume();
    const line = { method, target, httpVersion: '2' as const };
    try {
      return await this.#parts.handle(new IncomingRequest(line, headers, body, this.#peer, presence));
    } catch (error) {
      this.#parts.log.error({ error }, 'a request handler threw');
      return transportErrorAnswer(FAILED);
    } finally {
      release?.();
    }
  }

  async #answer(stream: ServerHttp2Stream, isHead: boolean, answer: WireResponse): Promise<void> {
    const whole = answer.body instanceof Uint8Array ? answer.body : undefined;
    if (stream.destroyed || stream.closed) {
      if (whole === undefined)
        await (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().return?.();
      return;
    }
    const head: Record<string, string | number> = { ':status': answer.status, date: this.#parts.date() };
    if (whole !== undefined && answer.status !== constants.HTTP_STATUS_NO_CONTENT) {
      head['content-length'] = whole.length;
    }
    Object.assign(head, answer.headers);
    if (whole !== undefined) {
      const bare = whole.length === 0 || isHead;
      stream.respond(head, { endStream: bare });
      if (bare) return;
      this.#watchWriting(stream, whole.length);
      stream.end(whole);
      return;
    }
    stream.respond(head);
    try {
      await sendChunks(answer.body as AsyncIterable<Uint8Array>, stream, {
        sweep: this.#parts.sweep,
        stallMs: this.#parts.limits.stallMs,
        giveUp: () => stream.close(CANCEL),
      });
    } catch (error) {
      this.#parts.log.error({ error }, 'the source of an answer failed');
      stream.close(INTERNAL_ERROR);
    }
  }

  /** A whole answer must be taken at the least rate. */
  #watchWriting(stream: ServerHttp2Stream, bytes: number): void {
    const { sweep, limits, budget } = this.#parts;
    const sinceMs = sweep.now();
    const writing: Watched = {
      check(nowMs) {
        const contended = budget.waiting > 0;
        const rate = contended ? limits.contendedBytesPerSecondMin : limits.transferBytesPerSecondMin;
        if (nowMs - sinceMs > limits.transferGraceMs + (bytes * 1000) / rate) stream.close(CANCEL);
      },
    };
    sweep.watch(writing);
    stream.on('close', () => sweep.forget(writing));
  }

  /** Answers without the body having been read; the rest of it is thrown away for a while, then the stream is closed. */
  #refuse(stream: ServerHttp2Stream, error: TransportError): void {
    if (stream.destroyed || stream.closed) return;
    const { status, headers, body } = transportErrorAnswer(error);
    const head = { ':status': status, date: this.#parts.date(), 'content-length': body.length, ...headers };
    if (body.length === 0) stream.respond(head, { endStream: true });
    else {
      stream.respond(head);
      stream.end(body);
    }
    stream.resume();
    const lingering = this.#parts.timer(this.#parts.limits.lingerMs, () => stream.close(NO_ERROR));
    stream.on('close', () => lingering.cancel());
  }
}

function pseudo(rawHeaders: readonly string[], name: string): string | undefined {
  const index = rawHeaders.indexOf(name);
  return index === -1 ? undefined : rawHeaders[index + 1];
}

/** The answer waits; the body of its request is gone by then. */
function waited({ timer }: Pick<ProtocolParts, 'timer'>, delayMs: number): Promise<void> {
  return new Promise((resolve) => void timer(delayMs, resolve));
}
