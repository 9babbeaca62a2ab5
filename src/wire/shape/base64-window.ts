/**
 * Decodes long base64 texts of a body by the runtime, which takes strings only. A string of many texts at once, of which each is a slice,
 * costs half of a string for each, and strings of the whole body would be too large for the collector's young generation.
 */
import { decodeTail } from './base64.ts';

const WINDOW_BYTES = 64 * 1024;

export class Base64Window {
  readonly #bytes: Buffer;
  #text = '';
  #start = 0;
  #end = 0;
  /** Where the next of these letters stands, which the runtime takes and AWS does not; at the window's end when there is none. */
  #dashAt = -1;
  #underscoreAt = -1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * Decodes what stands from `start` to `end` into `target`; `length` is what `decodedLength` gave. False when the text is not well
   * formed: the runtime skips what it does not know, so what it wrote must have the full length, and the last group
   * is decoded once more, strictly. Calls come in the order of the texts.
   */
  decode(start: number, end: number, target: Buffer, offset: number, length: number): boolean {
    if (end > this.#end) this.#move(start, end);
    const text = this.#text.slice(start - this.#start, end - this.#start);
    if (target.write(text, offset, length, 'base64') !== length) return false;
    if (this.#dashAt < start) this.#dashAt = this.#next('-', start);
    if (this.#underscoreAt < start) this.#underscoreAt = this.#next('_', start);
    if (this.#dashAt < end || this.#underscoreAt < end) return false;
    const rest = length % 3;
    return rest === 0 || decodeTail(this.#bytes, end - 4, target, offset + length - rest, rest);
  }

  #move(start: number, end: number): void {
    this.#start = start;
    this.#end = Math.min(Math.max(end, start + WINDOW_BYTES), this.#bytes.length);
    this.#text = this.#bytes.toString('latin1', start, this.#end);
    this.#dashAt = -1;
    this.#underscoreAt = -1;
  }

  #next(letter: string, start: number): number {
    const found = this.#text.indexOf(letter, start - this.#start);
    return found === -1 ? this.#end : this.#start + found;
  }
}
