/**
 * Reads request heads from a connection: where one ends, and that it does not grow too large. Most lie whole in what was read
 * and are parsed where they lie; one that comes in pieces is gathered, and each byte is looked at once, however small they are.
 */
import { HeadParser, mayBecomeHead, type RequestHead } from './http1-head.ts';
import type { Http1Input } from './http1-input.ts';
import type { Sweep } from './sweep.ts';
import { HEADERS_TOO_LARGE, MALFORMED, type TransportError } from './transport-error.ts';

const END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const CR = 0x0d;
const LF = 0x0a;

export class HeadReader {
  readonly #input: Http1Input;
  readonly #bytesMax: number;
  readonly #sweep: Sweep;
  readonly #parser = new HeadParser();
  readonly #pieces = new HeadPieces();
  #sinceMs: number | undefined;

  constructor(input: Http1Input, bytesMax: number, sweep: Sweep) {
    this.#input = input;
    this.#bytesMax = bytesMax;
    this.#sweep = sweep;
  }

  /** When something of a head, or an empty line before it, first came, whose end has not come; undefined when nothing has. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  /** Some of a head has come, and its end has not. */
  get begun(): boolean {
    return this.#pieces.length > 0;
  }

  /** A head that has not wholly come is given its time anew. */
  restartTime(nowMs: number): void {
    if (this.#sinceMs !== undefined) this.#sinceMs = nowMs;
  }

  /** The head that ends in what was read; undefined when none does. `over`: as `HeadParser` takes it. */
  read(over: boolean): RequestHead | TransportError | undefined {
    const input = this.#input;
    const { bytes } = input;
    if (this.#pieces.length === 0) {
      const start = skipEmptyLines(bytes, input.at);
      const end = headEnd(bytes, start);
      if (end !== -1 && end - start <= this.#bytesMax) {
        input.at = end;
        return this.#parse(bytes, start, end, over);
      }
      input.at = start;
      this.#sinceMs ??= this.#sweep.now();
      if (start === bytes.length) return undefined;
    }
    const next = this.#pieces.take(bytes, input.at, this.#bytesMax);
    if (next === -1) return MALFORMED;
    input.at = next;
    if (this.#pieces.complete) {
      const head = this.#pieces.whole();
      return this.#parse(head, 0, head.length, over);
    }
    return this.#pieces.length >= this.#bytesMax ? HEADERS_TOO_LARGE : undefined;
  }

  #parse(bytes: Buffer, start: number, end: number, over: boolean): RequestHead | TransportError {
    this.#sinceMs = undefined;
    return this.#parser.parse(bytes, start, end, over);
  }
}

/** Where a head that lies whole in `bytes` ends, its empty line included; -1 when it does not. */
export function headEnd(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(END, from);
  return found === -1 ? -1 : found + END.length;
}

/** Empty lines before a head are skipped, as llhttp does. */
export function skipEmptyLines(bytes: Buffer, at: number): number {
  while (at < bytes.length && (bytes[at] === CR || bytes[at] === LF)) at += 1;
  return at;
}

export class HeadPieces {
  #bytes = NOTHING;
  #length = 0;

  /** So far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Takes from `bytes` at `at` what is the head's, no more than `bytesMax` in all. Returns where its own bytes end;
   * `complete` then tells whether that is the head's end. -1 when no head begins so.
   */
  take(bytes: Buffer, at: number, bytesMax: number): number {
    const before = this.#length;
    const to = Math.min(bytes.length, at + bytesMax - before);
    this.#append(bytes, at, to);
    const end = headEnd(this.#bytes.subarray(0, this.#length), Math.max(0, before - END.length + 1));
    if (end !== -1) {
      this.#length = end;
      return at + end - before;
    }
    return mayBecomeHead(this.#bytes, before, this.#length) ? to : -1;
  }

  get complete(): boolean {
    const length = this.#length;
    return length >= END.length && this.#bytes.compare(END, 0, END.length, length - END.length, length) === 0;
  }

  /** The head, which is forgotten here. */
  whole(): Buffer {
    const head = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return head;
  }

  #append(bytes: Buffer, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length, from, to);
    this.#length = length;
  }
}
