/** Numbers as if by chance, from a seed, with a state that goes into a checkpoint: xorshift128, which is enough for cuts and samples. */
import type { Plain } from '../engine/operator.ts';

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9 | 0;
    this.#c = 0x243f6a88 | 0;
    this.#d = 0xb7e15162 | 0;
    // Near seeds give unlike numbers only after some rounds.
    for (let round = 0; round < 20; round++) this.#word();
  }

  /** From 0 up to 1, with 53 random bits. */
  next(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  save(): Plain {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  restore(state: Plain): void {
    [this.#a, this.#b, this.#c, this.#d] = state as [number, number, number, number];
  }

  #word(): number {
    let mixed = this.#d;
    const first = this.#a;
    this.#d = this.#c;
    this.#c = this.#b;
    this.#b = first;
    mixed ^= mixed << 11;
    mixed ^= mixed >>> 8;
    this.#a = mixed ^ first ^ (first >>> 19);
    return this.#a;
  }
}
