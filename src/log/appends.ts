/** Appends that were used and will be again, with their memory: whoever appends often needs no fresh one each time. */
import { Append } from './append.ts';

export class Appends {
  readonly #keptBytesMax: number;
  readonly #kept: Append[] = [];
  #keptBytes = 0;

  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  take(): Append {
    const append = this.#kept.pop();
    if (append === undefined) return new Append();
    this.#keptBytes -= append.bytes.length;
    append.reset();
    return append;
  }

  give(append: Append): void {
    if (this.#keptBytes + append.bytes.length > this.#keptBytesMax) return;
    this.#keptBytes += append.bytes.length;
    this.#kept.push(append);
  }
}
