/**
 * HTTP/1.1 over connections that are handed in: parsed and written here, because Node's server costs as much CPU for a request
 * as all the rest of a PutRecord (decision 0320). The requests of one connection run one after the other, pipelined or not,
 * so a connection holds one body and one answer at a time and the answers leave in order. Heads that were sent ahead are
 * read at once, up to a bound; at a body that was, reading stops until its turn comes.
 */
import type { Duplex } from 'node:stream';
import type { WireResponse } from '../message.ts';
import { BodyReader, holdBody, type BodyOutcome } from './body.ts';
import { ChunkedFraming, LengthFraming, type BodyFraming } from './body-framing.ts';
import { sendChunks } from './chunked-answer.ts';
import { AnswerChunks, answerHead, hasNoBody, writeWhole } from './http1-answer.ts';
import { HeadParser, type RequestHead } from './http1-head.ts';
import { headEnd, HeadPieces, skipEmptyLines } from './incoming-head.ts';
import { ClientPresence, IncomingRequest, type Peer } from './incoming.ts';
import type { Protocol, ProtocolParts } from './protocol.ts';
import type { Watched } from './sweep.ts';
import {
  BODY_TOO_LARGE,
  EXPECTATION_UNKNOWN,
  FAILED,
  HEADERS_TOO_LARGE,
  MALFORMED,
  TOO_SLOW,
  transportErrorAnswer,
  type TransportError,
} from './transport-error.ts';

/** What is read and thrown away behind the last request that will be taken, while that is still being handled. */
const UNWANTED_BYTES_MAX = 256 * 1024;
const NOTHING = Buffer.alloc(0);
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

export function createHttp1(parts: ProtocolParts): Protocol {
  const connections = new Set<Http1Connection>();
  return {
    accept(socket, peer) {
      const connection = new Http1Connection(socket, peer, parts);
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
    },
    drain() {
      for (const connection of connections) connection.drain();
    },
  };
}

class Http1Connection implements Watched {
  readonly #socket: Duplex;
  readonly #peer: Peer;
  readonly #parts: ProtocolParts;
  readonly #parser = new HeadParser();
  readonly #pieces = new HeadPieces();
  /** What was read and not yet looked at begins here. */
  #bytes: Buffer = NOTHING;
  #at = 0;
  #paused = false;
  #advancing = false;
  /** The client has ended its side. */
  #ended = false;

  #waiting: RequestHead[] = [];
  #current: RequestHead | undefined;
  /** Of the current request, until its body has wholly come. */
  #framing: BodyFraming | undefined;
  /** Absent when the body is thrown away, as that of a refused request is. */
  #reader: BodyReader | undefined;
  #presence: ClientPresence | undefined;
  /** The body that is being handled. */
  #body: { release(): void } | undefined;
  #releaseAnswer: (() => void) | undefined;

  /** The last request that will be taken has come. */
  #last = false;
  #draining = false;
  #unwantedBytes = 0;
  /** Bytes that are not HTTP came; answered when the requests before them are. */
  #failure: TransportError | undefined;
  /** Closes when what is thrown away has come, or after a while. */
  #lingering: { cancel(): void } | undefined;
  #closing = false;
  #streaming = false;

  #idleSinceMs: number;
  #headSinceMs: number | undefined;
  /** A whole answer is being written: since when, and how long. */
  #writingSinceMs: number | undefined;
  #writingBytes = 0;

  constructor(socket: Duplex, peer: Peer, parts: ProtocolParts) {
    this.#socket = socket;
    this.#peer = peer;
    this.#parts = parts;
    this.#idleSinceMs = parts.sweep.now();
    parts.sweep.watch(this);
    socket.on('close', this.#onClose);
    socket.on('end', this.#onEnd);
    socket.on('data', this.#onData);
    socket.resume();
  }

  drain(): void {
    this.#draining = true;
    if (this.#current === undefined) this.#socket.destroy();
  }

  check(nowMs: number): void {
    const { limits } = this.#parts;
    if (this.#writingSinceMs !== undefined) {
      const contended = this.#parts.budget.waiting > 0;
      const rate = contended ? limits.contendedBytesPerSecondMin : limits.transferBytesPerSecondMin;
      const allowedMs = limits.transferGraceMs + (this.#writingBytes * 1000) / rate;
      if (nowMs - this.#writingSinceMs > allowedMs) this.#socket.destroy();
    } else if (this.#current === undefined) {
      if (this.#headSinceMs !== undefined) {
        if (nowMs - this.#headSinceMs > limits.headerMs) this.#fail(TOO_SLOW);
      } else if (nowMs - this.#idleSinceMs > limits.idleMs) this.#socket.destroy();
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#at === this.#bytes.length) this.#bytes = chunk;
    else {
      // A chunk that was under way when reading was paused.
      this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    }
    this.#at = 0;
    this.#advance();
  };

  /** Looks at what was read, as far as it may be looked at now. */
  #advance(): void {
    // What is done below may call this again.
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#at < this.#bytes.length && !this.#paused) {
      if (this.#framing !== undefined) this.#readBody(this.#framing);
      else if (this.#waiting.length > 0 && this.#waiting.at(-1)!.bodyBytes !== 0) this.#pause();
      else if (this.#last || this.#closing) this.#throwAway();
      else this.#readHead();
    }
    this.#advancing = false;
    if (this.#at < this.#bytes.length) return;
    this.#bytes = NOTHING;
    this.#at = 0;
    if (this.#ended) this.#missRest();
  }

  #readHead(): void {
    const { headerBytesMax } = this.#parts.limits;
    if (this.#pieces.length === 0) {
      const start = skipEmptyLines(this.#bytes, this.#at);
      const end = headEnd(this.#bytes, start);
      if (end !== -1 && end - start <= headerBytesMax) {
        this.#at = end;
        this.#takeHead(this.#bytes, start, end);
        return;
      }
      this.#at = start;
      this.#headSinceMs ??= this.#parts.sweep.now();
      if (start === this.#bytes.length) return;
    }
    const next = this.#pieces.take(this.#bytes, this.#at, headerBytesMax);
    if (next === -1) {
      this.#fail(MALFORMED);
      return;
    }
    this.#at = next;
    if (this.#pieces.complete) {
      const head = this.#pieces.whole();
      this.#takeHead(head, 0, head.length);
    } else if (this.#pieces.length >= headerBytesMax) this.#fail(HEADERS_TOO_LARGE);
  }

  #takeHead(bytes: Buffer, start: number, end: number): void {
    this.#headSinceMs = undefined;
    const head = this.#parser.parse(bytes, start, end, this.#current === undefined);
    if ('status' in head) {
      this.#fail(head);
      return;
    }
    if (head.method === 'CONNECT') {
      this.#last = true;
      this.#socket.destroy();
      return;
    }
    if (!head.keepAlive) this.#last = true;
    if (this.#current === undefined) this.#start(head);
    else {
      this.#waiting.push(head);
      if (this.#waiting.length >= this.#parts.limits.pipelinedMax) this.#last = true;
    }
  }

  #start(head: RequestHead): void {
    this.#current = head;
    const { bodyBytes, expects } = head;
    if (bodyBytes !== 0) {
      this.#framing =
        bodyBytes === undefined
          ? new ChunkedFraming(this.#parts.limits.headerBytesMax)
          : new LengthFraming(bodyBytes);
    }
    if (expects === 'unknown') this.#refuse(EXPECTATION_UNKNOWN);
    else if (bodyBytes === 0) this.#handle(head, NOTHING);
    else if (bodyBytes !== undefined && bodyBytes > this.#parts.limits.bodyBytesMax)
      this.#refuse(BODY_TOO_LARGE);
    else if (bodyBytes === undefined || expects === 'continue' || !this.#takeBody(head, bodyBytes))
      this.#awaitBody(head);
  }

  /** Most bodies have come with their head. False when this one has not, or has to wait for memory. */
  #takeBody(head: RequestHead, bodyBytes: number): boolean {
    const end = this.#at + bodyBytes;
    if (end > this.#bytes.length) return false;
    const hold = holdBody(bodyBytes, this.#parts.budget);
    if (hold === undefined) return false;
    const body = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    this.#framing = undefined;
    this.#body = hold;
    this.#handle(head, body);
    return true;
  }

  #awaitBody(head: RequestHead): void {
    const source = { pause: () => this.#pause(), resume: () => this.#resume() };
    this.#reader = new BodyReader(source, head.bodyBytes, this.#parts, (outcome) =>
      this.#onBody(head, outcome),
    );
    let accepted = false;
    this.#reader.start(() => {
      accepted = true;
      if (head.expects === 'continue') this.#socket.write(CONTINUE);
      if (this.#paused) this.#resume();
    });
    if (!accepted) this.#pause();
  }

  #readBody(framing: BodyFraming): void {
    const next = framing.next(this.#bytes, this.#at);
    if (next === -1) {
      if (this.#lingering === undefined) this.#fail(MALFORMED);
      else {
        this.#framing = undefined;
        this.#close();
      }
      return;
    }
    this.#at = next;
    if (framing.piece !== undefined) this.#reader?.take(framing.piece);
    if (framing.done) {
      this.#framing = undefined;
      if (this.#reader !== undefined) this.#reader.end();
      else if (this.#lingering !== undefined) this.#close();
    }
  }

  #onBody(head: RequestHead, outcome: BodyOutcome): void {
    this.#reader = undefined;
    if (outcome.kind === 'refused') this.#refuse(outcome.error);
    else if (outcome.kind === 'whole') {
      this.#body = outcome;
      this.#handle(head, outcome.bytes);
    }
  }

  #handle(head: RequestHead, body: Uint8Array): void {
    const presence = (this.#presence = new ClientPresence());
    const line = { method: head.method, target: head.target, httpVersion: '1.1' as const };
    const request = new IncomingRequest(line, head.headers, body, this.#peer, presence);
    this.#parts.handle(request).then(this.#onAnswer, this.#onThrown);
  }

  readonly #onThrown = (error: unknown): void => {
    this.#parts.log.error({ error }, 'a request handler threw');
    this.#onAnswer(transportErrorAnswer(FAILED));
  };

  readonly #onAnswer = (answer: WireResponse): void => {
    this.#body?.release();
    this.#body = undefined;
    if (answer.delayMs === undefined) this.#send(answer);
    else this.#parts.timer(answer.delayMs, () => this.#send(answer));
  };

  #send(answer: WireResponse): void {
    const { body } = answer;
    this.#releaseAnswer = answer.release;
    const whole = body instanceof Uint8Array ? body : undefined;
    if (this.#socket.destroyed) {
      this.#finish();
      if (whole === undefined) void discard(body as AsyncIterable<Uint8Array>).catch(() => {});
      return;
    }
    const { method, version } = this.#current!;
    const keepAlive = !this.#isLastAnswer() && (whole !== undefined || version === '1.1');
    this.#closing = !keepAlive;
    try {
      const head = answerHead(answer, this.#parts.date(), { bodyBytes: whole?.length, version, keepAlive });
      const bare = method === 'HEAD' || hasNoBody(answer.status);
      if (whole !== undefined) this.#writeWhole(head, bare ? NOTHING : whole);
      else if (bare) {
        void discard(body as AsyncIterable<Uint8Array>).catch(() => {});
        this.#writeWhole(head, NOTHING);
      } else void this.#stream(head, body as AsyncIterable<Uint8Array>, version);
    } catch (error) {
      this.#finish();
      this.#cut(error, 'a request failed in the listener');
    }
  }

  #isLastAnswer(): boolean {
    if (this.#draining) return true;
    if (this.#waiting.length > 0 || this.#failure !== undefined) return false;
    return this.#last || (this.#ended && this.#at === this.#bytes.length);
  }

  #writeWhole(head: string, body: Uint8Array): void {
    this.#writingSinceMs = this.#parts.sweep.now();
    this.#writingBytes = body.length;
    if (writeWhole(this.#socket, head, body, this.#onWritten)) this.#finish();
  }

  async #stream(head: string, body: AsyncIterable<Uint8Array>, version: '1.0' | '1.1'): Promise<void> {
    this.#streaming = true;
    this.#socket.write(head, 'latin1');
    try {
      await sendChunks(body, new AnswerChunks(this.#socket, version, this.#onWritten), {
        sweep: this.#parts.sweep,
        stallMs: this.#parts.limits.stallMs,
        giveUp: () => this.#socket.destroy(),
      });
    } catch (error) {
      // The status is gone already; a cut connection is how HTTP/1.1 says that the rest will not come.
      this.#cut(error, 'the source of an answer failed');
    }
  }

  readonly #onWritten = (): void => {
    this.#finish();
    this.#next();
  };

  /** Nothing looks at the answer's bytes any more. */
  #finish(): void {
    const release = this.#releaseAnswer;
    this.#releaseAnswer = undefined;
    release?.();
  }

  #next(): void {
    this.#writingSinceMs = undefined;
    this.#streaming = false;
    this.#current = undefined;
    this.#presence = undefined;
    if (this.#socket.destroyed) return;
    if (this.#closing) {
      this.#close();
      return;
    }
    this.#idleSinceMs = this.#parts.sweep.now();
    if (this.#headSinceMs !== undefined) this.#headSinceMs = this.#idleSinceMs;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next);
    else if (this.#failure !== undefined) {
      this.#answerFailure(this.#failure);
      return;
    } else if (this.#draining) {
      this.#close();
      return;
    }
    if (this.#paused && this.#reader === undefined) this.#resume();
  }

  /** What came is not HTTP; or, of a head or a body, no more can come. */
  #fail(error: TransportError): void {
    if (this.#failure !== undefined || this.#lingering !== undefined) return;
    this.#failure = error;
    this.#last = true;
    // The fault is in a later request, and this one still gets its answer; or in this one's body.
    if (this.#current === undefined || this.#framing !== undefined) this.#answerFailure(error);
  }

  #answerFailure(error: TransportError): void {
    this.#framing = undefined;
    this.#dropReader();
    this.#writeRefusal(error);
    this.#socket.end();
    this.#linger(() => this.#socket.destroy());
  }

  /** Answers without the body having been read, then closes; but not before the sender could see the answer. */
  #refuse(error: TransportError): void {
    this.#last = true;
    this.#waiting = [];
    this.#writeRefusal(error);
    if (this.#framing === undefined || this.#ended) this.#close();
    else this.#linger(() => this.#close());
  }

  #writeRefusal(error: TransportError): void {
    const { body, ...answer } = transportErrorAnswer(error);
    const head = answerHead(answer, this.#parts.date(), {
      bodyBytes: body.length,
      version: '1.1',
      keepAlive: false,
    });
    writeWhole(this.#socket, head, body, () => {});
  }

  /** Reads on, and throws away what comes, until `then`. */
  #linger(then: () => void): void {
    this.#lingering = this.#parts.timer(this.#parts.limits.lingerMs, then);
    this.#resume();
  }

  #close(): void {
    this.#closing = true;
    this.#lingering?.cancel();
    this.#socket.end();
    // Closing with bytes unread would reset the connection, and the client would never see the end of the answer.
    if (this.#unwantedBytes === 0 && this.#at === this.#bytes.length) {
      if (this.#socket.writableFinished) this.#socket.destroy();
      else this.#socket.once('finish', () => this.#socket.destroy());
    } else this.#linger(() => this.#socket.destroy());
  }

  #throwAway(): void {
    this.#unwantedBytes += this.#bytes.length - this.#at;
    this.#bytes = NOTHING;
    this.#at = 0;
    if (this.#unwantedBytes > UNWANTED_BYTES_MAX && this.#lingering === undefined) this.#socket.destroy();
  }

  #pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  #resume(): void {
    this.#paused = false;
    this.#socket.resume();
    this.#advance();
  }

  #cut(error: unknown, message: string): void {
    this.#parts.log.error({ error }, message);
    this.#socket.destroy();
  }

  #dropReader(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.close();
  }

  readonly #onEnd = (): void => {
    this.#ended = true;
    // Whoever reads an event stream keeps its side open, so this one has left. Others may still wait for their answer.
    if (this.#streaming) this.#socket.destroy();
    else if (!this.#paused) this.#missRest();
  };

  /** The client has ended its side, and all that it sent was looked at. */
  #missRest(): void {
    if (this.#closing) return;
    if (this.#lingering !== undefined) this.#close();
    else if (this.#framing !== undefined || this.#pieces.length > 0) this.#fail(MALFORMED);
    else if (this.#current === undefined) this.#socket.end();
  }

  readonly #onClose = (): void => {
    this.#parts.sweep.forget(this);
    this.#lingering?.cancel();
    this.#waiting = [];
    this.#dropReader();
    this.#presence?.leave();
    this.#finish();
  };
}

/** Lets a source go that nobody will read. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}
