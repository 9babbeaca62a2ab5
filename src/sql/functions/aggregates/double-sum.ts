/**
 * The exact sum of doubles, from which values can be taken back: nothing drifts, however long a window slides, and the result does not depend on the
 * order. Two components hold most sums exactly (every addition's rounding error is itself a double: Knuth's two-sum); what they cannot hold spills
 * into further ones (Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997). Values near the end of the range are kept scaled down.
 */
import type { Plain } from '../../engine/operator.ts';

const LARGE = 2 ** 960;
const SCALE = 2 ** -100;

class Expansion {
  #high = 0;
  #low = 0;
  #spilled: number[] = [];

  add(value: number): void {
    const high = this.#high + value;
    const shifted = high - this.#high;
    const error = this.#high - (high - shifted) + (value - shifted);
    this.#high = high;
    if (error === 0) return;
    const low = this.#low + error;
    const lowShifted = low - this.#low;
    const rest = this.#low - (low - lowShifted) + (error - lowShifted);
    this.#low = low;
    if (rest !== 0) this.#spill(rest);
  }

  /** The components are kept apart from one another, smallest first. */
  #spill(value: number): void {
    let carried = value;
    const kept: number[] = [];
    for (const part of this.#spilled) {
      const sum = carried + part;
      const shifted = sum - carried;
      const error = carried - (sum - shifted) + (part - shifted);
      if (error !== 0) kept.push(error);
      carried = sum;
    }
    if (carried !== 0) kept.push(carried);
    this.#spilled = kept;
  }

  /** The sum as two doubles, the second below the last place of the first. */
  get pair(): readonly [number, number] {
    let [high, low] = quickSum(this.#high, this.#low);
    for (const part of this.#spilled.toReversed()) {
      const [sum, error] = twoSum(high, part);
      [high, low] = quickSum(sum, low + error);
    }
    return [high, low];
  }

  get parts(): readonly number[] {
    return [this.#high, this.#low, ...this.#spilled];
  }

  set parts([high, low, ...spilled]: readonly number[]) {
    this.#high = high!;
    this.#low = low!;
    this.#spilled = spilled;
  }
}

export const twoSum = (a: number, b: number): readonly [number, number] => {
  const sum = a + b;
  const shifted = sum - a;
  return [sum, a - (sum - shifted) + (b - shifted)];
};

const quickSum = twoSum;

export class DoubleSum {
  readonly #usual = new Expansion();
  readonly #large = new Expansion();
  #largeCount = 0;

  add(value: number): void {
    if (value < LARGE && value > -LARGE) this.#usual.add(value);
    else {
      this.#large.add(value * SCALE);
      this.#largeCount++;
    }
  }

  remove(value: number): void {
    if (value < LARGE && value > -LARGE) this.#usual.add(-value);
    else {
      this.#large.add(-value * SCALE);
      this.#largeCount--;
    }
  }

  /** An infinity where the sum is beyond all doubles. */
  get pair(): readonly [number, number] {
    const usual = this.#usual.pair;
    if (this.#largeCount === 0) return usual;
    const large = this.#large.pair;
    const [high, error] = twoSum(large[0], usual[0] * SCALE);
    return [(high + (error + large[1])) / SCALE, 0];
  }

  save(): Plain {
    return [this.#largeCount, [...this.#usual.parts], [...this.#large.parts]];
  }

  restore(state: unknown): void {
    const [count, usual, large] = state as readonly [number, readonly number[], readonly number[]];
    this.#largeCount = count;
    this.#usual.parts = usual;
    this.#large.parts = large;
  }
}
