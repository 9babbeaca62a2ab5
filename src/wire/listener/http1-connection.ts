/**
 * One HTTP/1.1 connection: which request's turn it is, and how it ends. Its requests run one after the other, pipelined or not, so it
 * holds one body and one answer at a time and the answers leave in order. Heads that were sent ahead are read at once, up to a
 * bound; at a body that was, reading stops until its turn comes. What comes is an `Http1Input`, from which a `HeadReader` and an
 * `Http1Body` take; an `AnswerWriter` writes.
 */
import type { Duplex } from 'node:stream';
import type { WireResponse } from '../message.ts';
import type { BodyOutcome } from './body.ts';
import { AnswerWriter } from './http1-answer-writer.ts';
import { Http1Body } from './http1-body.ts';
import type { RequestHead } from './http1-head.ts';
import { HeadReader } from './http1-head-reader.ts';
import { Http1Input } from './http1-input.ts';
import { ClientPresence, IncomingRequest, type Peer } from './incoming.ts';
import type { ProtocolParts } from './protocol.ts';
import type { Watched } from './sweep.ts';
import {
  BODY_TOO_LARGE,
  EXPECTATION_UNKNOWN,
  FAILED,
  MALFORMED,
  TOO_SLOW,
  transportErrorAnswer,
  type TransportError,
} from './transport-error.ts';

/** What is read and thrown away behind the last request that will be taken, while that is still being handled. */
const UNWANTED_BYTES_MAX = 256 * 1024;
const NOTHING = Buffer.alloc(0);
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

export class Http1Connection implements Watched {
  readonly #socket: Duplex;
  readonly #peer: Peer;
  readonly #parts: ProtocolParts;
  readonly #input: Http1Input;
  readonly #heads: HeadReader;
  /** Of the current request. */
  readonly #body: Http1Body;
  readonly #answers: AnswerWriter;
  #advancing = false;

  #current: RequestHead | undefined;
  #presence: ClientPresence | undefined;
  /** Heads that were sent ahead. */
  #waiting: RequestHead[] = [];

  /** The last request that will be taken has come. */
  #last = false;
  #draining = false;
  #unwantedBytes = 0;
  /** Bytes that are not HTTP came; answered when the requests before them are. */
  #failure: TransportError | undefined;
  /** Closes when what is thrown away has come, or after a while. */
  #lingering: { cancel(): void } | undefined;
  #closing = false;

  #idleSinceMs: number;

  constructor(socket: Duplex, peer: Peer, parts: ProtocolParts) {
    this.#socket = socket;
    this.#peer = peer;
    this.#parts = parts;
    this.#input = new Http1Input(socket);
    this.#heads = new HeadReader(this.#input, parts.limits.headerBytesMax, parts.sweep);
    this.#body = new Http1Body(this.#input, parts);
    this.#answers = new AnswerWriter(socket, parts, this.#onWritten);
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
    if (this.#answers.writingWhole) this.#answers.check(nowMs);
    else if (this.#current === undefined) {
      const { sinceMs } = this.#heads;
      if (sinceMs !== undefined) {
        if (nowMs - sinceMs > limits.headerMs) this.#fail(TOO_SLOW);
      } else if (nowMs - this.#idleSinceMs > limits.idleMs) this.#socket.destroy();
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#input.add(chunk);
    this.#advance();
  };

  /** Looks at what was read, as far as it may be looked at now. */
  #advance(): void {
    // What is done below may call this again.
    if (this.#advancing) return;
    this.#advancing = true;
    const input = this.#input;
    while (!input.empty && !input.paused) {
      if (this.#body.expected) this.#readBody();
      else if (this.#waiting.length > 0 && this.#waiting.at(-1)!.bodyBytes !== 0) input.pause();
      else if (this.#last || this.#closing) this.#throwAway();
      else this.#readHead();
    }
    this.#advancing = false;
    if (!input.empty) return;
    input.clear();
    if (input.ended) this.#missRest();
  }

  #readHead(): void {
    const head = this.#heads.read(this.#current === undefined);
    if (head === undefined) return;
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
    this.#body.expect(head);
    if (expects === 'unknown') this.#refuse(EXPECTATION_UNKNOWN);
    else if (bodyBytes === 0) this.#handle(head, NOTHING);
    else if (bodyBytes !== undefined && bodyBytes > this.#parts.limits.bodyBytesMax)
      this.#refuse(BODY_TOO_LARGE);
    else {
      const body = bodyBytes === undefined || expects === 'continue' ? undefined : this.#body.take(bodyBytes);
      if (body === undefined) this.#gatherBody(head);
      else this.#handle(head, body);
    }
  }

  #gatherBody(head: RequestHead): void {
    const source = { pause: () => this.#input.pause(), resume: () => this.#resume() };
    let accepted = false;
    const onAccepted = (): void => {
      accepted = true;
      if (head.expects === 'continue') this.#socket.write(CONTINUE);
      if (this.#input.paused) this.#resume();
    };
    this.#body.gather(head.bodyBytes, source, onAccepted, (outcome) => this.#onBody(head, outcome));
    if (!accepted) this.#input.pause();
  }

  #readBody(): void {
    const met = this.#body.readOn();
    if (met === 'malformed') {
      if (this.#lingering === undefined) this.#fail(MALFORMED);
      else {
        this.#body.forget();
        this.#close();
      }
    } else if (met === 'skipped' && this.#lingering !== undefined) this.#close();
  }

  #onBody(head: RequestHead, outcome: BodyOutcome): void {
    if (outcome.kind === 'refused') this.#refuse(outcome.error);
    else if (outcome.kind === 'whole') this.#handle(head, outcome.bytes);
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
    this.#body.release();
    if (answer.delayMs === undefined) this.#send(answer);
    else this.#parts.timer(answer.delayMs, () => this.#send(answer));
  };

  #send(answer: WireResponse): void {
    const head = this.#current!;
    const endsByItself = answer.body instanceof Uint8Array || head.version === '1.1';
    this.#closing = !endsByItself || this.#isLastAnswer();
    this.#answers.send(answer, head, !this.#closing);
  }

  #isLastAnswer(): boolean {
    if (this.#draining) return true;
    if (this.#waiting.length > 0 || this.#failure !== undefined) return false;
    return this.#last || (this.#input.ended && this.#input.empty);
  }

  readonly #onWritten = (): void => {
    this.#current = undefined;
    this.#presence = undefined;
    if (this.#socket.destroyed) return;
    if (this.#closing) {
      this.#close();
      return;
    }
    this.#idleSinceMs = this.#parts.sweep.now();
    this.#heads.restartTime(this.#idleSinceMs);
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next);
    else if (this.#failure !== undefined) {
      this.#answerFailure(this.#failure);
      return;
    } else if (this.#draining) {
      this.#close();
      return;
    }
    if (this.#input.paused && !this.#body.gathering) this.#resume();
  };

  /** What came is not HTTP; or, of a head or a body, no more can come. */
  #fail(error: TransportError): void {
    if (this.#failure !== undefined || this.#lingering !== undefined) return;
    this.#failure = error;
    this.#last = true;
    // The fault is in a later request, and this one still gets its answer; or in this one's body.
    if (this.#current === undefined || this.#body.expected) this.#answerFailure(error);
  }

  #answerFailure(error: TransportError): void {
    this.#body.forget();
    this.#body.drop();
    this.#answers.refuse(error);
    this.#socket.end();
    this.#linger(() => this.#socket.destroy());
  }

  /** Answers without the body having been read, then closes; but not before the sender could see the answer. */
  #refuse(error: TransportError): void {
    this.#last = true;
    this.#waiting = [];
    this.#answers.refuse(error);
    if (!this.#body.expected || this.#input.ended) this.#close();
    else this.#linger(() => this.#close());
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
    if (this.#unwantedBytes === 0 && this.#input.empty) {
      if (this.#socket.writableFinished) this.#socket.destroy();
      else this.#socket.once('finish', () => this.#socket.destroy());
    } else this.#linger(() => this.#socket.destroy());
  }

  #throwAway(): void {
    const { bytes, at } = this.#input;
    this.#unwantedBytes += bytes.length - at;
    this.#input.clear();
    if (this.#unwantedBytes > UNWANTED_BYTES_MAX && this.#lingering === undefined) this.#socket.destroy();
  }

  #resume(): void {
    this.#input.resume();
    this.#advance();
  }

  readonly #onEnd = (): void => {
    this.#input.ended = true;
    // Whoever reads an event stream keeps its side open, so this one has left. Others may still wait for their answer.
    if (this.#answers.streaming) this.#socket.destroy();
    else if (!this.#input.paused) this.#missRest();
  };

  /** The client has ended its side, and all that it sent was looked at. */
  #missRest(): void {
    if (this.#closing) return;
    if (this.#lingering !== undefined) this.#close();
    else if (this.#body.expected || this.#heads.begun) this.#fail(MALFORMED);
    else if (this.#current === undefined) this.#socket.end();
  }

  readonly #onClose = (): void => {
    this.#parts.sweep.forget(this);
    this.#lingering?.cancel();
    this.#waiting = [];
    this.#body.drop();
    this.#presence?.leave();
    this.#answers.release();
  };
}
