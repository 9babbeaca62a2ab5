/** An aggregate of the distinct values of a group: COUNT(DISTINCT x), AVG(DISTINCT x). */
import type { Accumulator } from '../functions/function.ts';
import type { SqlValue } from '../value.ts';
import { comparable } from './key-map.ts';

export class DistinctAccumulator implements Accumulator {
  readonly #inner: Accumulator;
  #seen = new Set<unknown>();

  constructor(inner: Accumulator) {
    this.#inner = inner;
  }

  add(args: readonly SqlValue[]): void {
    const value = comparable(args.length === 1 ? (args[0] as SqlValue) : args);
    if (this.#seen.has(value)) return;
    this.#seen.add(value);
    this.#inner.add(args);
  }

  remove(): void {
    // A frame takes back distinct values itself: see `DistinctResult`.
  }

  result(): SqlValue {
    return this.#inner.result();
  }

  save(): unknown {
    return [[...this.#seen], this.#inner.save()];
  }

  restore(state: unknown): void {
    const [seen, inner] = state as [unknown[], unknown];
    this.#seen = new Set(seen);
    this.#inner.restore(inner);
  }
}
