/** Gathers a head that comes in pieces, and finds its end. Each byte is looked at once, however small the pieces are. */
import { mayBecomeHead } from './http1-head.ts';

const END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const CR = 0x0d;
const LF = 0x0a;

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
