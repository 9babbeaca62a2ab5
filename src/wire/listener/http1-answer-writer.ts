/**
 * Writes the answers of an HTTP/1.1 connection, one at a time: whole ones, which the client must take at the least rate, and
 * streams. Gives an answer's memory back when its bytes are not looked at any more, and cuts the connection when one cannot be
 * written to its end.
 */
import type { Duplex } from 'node:stream';
import type { WireResponse } from '../message.ts';
import { sendChunks } from './chunked-answer.ts';
import { AnswerChunks, answerHead, hasNoBody, writeWhole } from './http1-answer.ts';
import type { RequestHead } from './http1-head.ts';
import type { ProtocolParts } from './protocol.ts';
import { transportErrorAnswer, type TransportError } from './transport-error.ts';

const NOTHING = Buffer.alloc(0);

export class AnswerWriter {
  readonly #socket: Duplex;
  readonly #parts: ProtocolParts;
  readonly #written: () => void;
  #release: (() => void) | undefined;
  #streaming = false;
  /** A whole answer is being written: since when, and how long. */
  #writingSinceMs: number | undefined;
  #writingBytes = 0;

  /** `written` is called when the machine has taken all of an answer that was sent. */
  constructor(socket: Duplex, parts: ProtocolParts, written: () => void) {
    this.#socket = socket;
    this.#parts = parts;
    this.#written = written;
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  get writingWhole(): boolean {
    return this.#writingSinceMs !== undefined;
  }

  /** Cuts the connection when its client takes a whole answer too slowly. */
  check(nowMs: number): void {
    if (this.#writingSinceMs === undefined) return;
    const { limits, budget } = this.#parts;
    const rate = budget.waiting > 0 ? limits.contendedBytesPerSecondMin : limits.transferBytesPerSecondMin;
    const allowedMs = limits.transferGraceMs + (this.#writingBytes * 1000) / rate;
    if (nowMs - this.#writingSinceMs > allowedMs) this.#socket.destroy();
  }

  send(answer: WireResponse, { method, version }: RequestHead, keepAlive: boolean): void {
    const { body } = answer;
    this.#release = answer.release;
    const whole = body instanceof Uint8Array ? body : undefined;
    if (this.#socket.destroyed) {
      this.release();
      if (whole === undefined) void discard(body as AsyncIterable<Uint8Array>).catch(() => {});
      return;
    }
    try {
      const head = answerHead(answer, this.#parts.date(), { bodyBytes: whole?.length, version, keepAlive });
      const bare = method === 'HEAD' || hasNoBody(answer.status);
      if (whole !== undefined) this.#writeWhole(head, bare ? NOTHING : whole);
      else if (bare) {
        void discard(body as AsyncIterable<Uint8Array>).catch(() => {});
        this.#writeWhole(head, NOTHING);
      } else void this.#stream(head, body as AsyncIterable<Uint8Array>, version);
    } catch (error) {
      this.release();
      this.#cut(error, 'a request failed in the listener');
    }
  }

  /** Behind this nothing is sent, and nobody is told that it was written. */
  refuse(error: TransportError): void {
    const { body, ...answer } = transportErrorAnswer(error);
    const head = answerHead(answer, this.#parts.date(), {
      bodyBytes: body.length,
      version: '1.1',
      keepAlive: false,
    });
    writeWhole(this.#socket, head, body, () => {});
  }

  /** Nothing looks at the answer's bytes any more. */
  release(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }

  #writeWhole(head: string, body: Uint8Array): void {
    this.#writingSinceMs = this.#parts.sweep.now();
    this.#writingBytes = body.length;
    if (writeWhole(this.#socket, head, body, this.#onWritten)) this.release();
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
    this.release();
    this.#writingSinceMs = undefined;
    this.#streaming = false;
    this.#written();
  };

  #cut(error: unknown, message: string): void {
    this.#parts.log.error({ error }, message);
    this.#socket.destroy();
  }
}

/** Lets a source go that nobody will read. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}
