/**
 * How many distinct texts there were, from the longest runs of zeros in their hashes (Flajolet et al., 2007), with the estimator of Ertl ("New cardinality
 * estimation algorithms for HyperLogLog sketches", 2017), which needs no table of corrections and is unbiased for all counts.
 */
import type { Plain } from '../engine/operator.ts';

const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;
/** Zeros are counted in what is left of 64 bits. */
const RUN_BITS = 64 - INDEX_BITS;

export class HyperLogLog {
  #registers = new Uint8Array(REGISTERS);

  add(text: string): void {
    const [high, low] = hash(text);
    const index = high >>> (32 - INDEX_BITS);
    const rest = (high << INDEX_BITS) >>> 0;
    const zeros = rest === 0 ? 32 - INDEX_BITS + Math.clz32(low) : Math.clz32(rest);
    const rank = Math.min(zeros, RUN_BITS) + 1;
    if (rank > (this.#registers[index] as number)) this.#registers[index] = rank;
  }

  count(): number {
    const histogram = Array<number>(RUN_BITS + 2).fill(0);
    for (const rank of this.#registers) histogram[rank] = (histogram[rank] as number) + 1;
    let z = REGISTERS * tau(1 - (histogram[RUN_BITS + 1] as number) / REGISTERS);
    for (let rank = RUN_BITS; rank >= 1; rank--) z = 0.5 * (z + (histogram[rank] as number));
    z += REGISTERS * sigma((histogram[0] as number) / REGISTERS);
    return (REGISTERS / (2 * Math.LN2)) * (REGISTERS / z);
  }

  save(): Plain {
    return this.#registers.slice();
  }

  restore(state: Plain): void {
    this.#registers = Uint8Array.from(state as Uint8Array);
  }
}

const sigma = (x: number): number => {
  if (x === 1) return Infinity;
  let [power, factor, sum, previous] = [x, 1, x, 0];
  while (sum !== previous) {
    power *= power;
    previous = sum;
    sum += power * factor;
    factor += factor;
  }
  return sum;
};

const tau = (x: number): number => {
  if (x === 0 || x === 1) return 0;
  let [root, factor, sum, previous] = [x, 1, 1 - x, 0];
  while (sum !== previous) {
    root = Math.sqrt(root);
    previous = sum;
    factor *= 0.5;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
};

/** 64 bits of a text: two lanes of multiplications over its units, mixed at the end (MurmurHash3's finisher). */
const hash = (text: string): readonly [number, number] => {
  let high = 0x9747b28c;
  let low = 0x1b873593;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0xcc9e2d51);
    high = (high << 13) | (high >>> 19);
    low = Math.imul(low + unit, 0x85ebca6b);
    low ^= low >>> 15;
  }
  return [mix(high ^ text.length) >>> 0, mix(low ^ Math.imul(high, 0x9e3779b1)) >>> 0];
};

const mix = (word: number): number => {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
