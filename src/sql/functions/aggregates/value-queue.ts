/** The values of a frame in their order: the newest comes in at one end, the oldest goes out at the other. */
import type { SqlValue } from '../../value.ts';

/** What has gone out is let go of once it is more than what is left. */
const SLACK = 32;

export class ValueQueue {
  #values: SqlValue[] = [];
  #first = 0;

  push(value: SqlValue): void {
    this.#values.push(value);
  }

  shift(): void {
    this.#values[this.#first++] = null;
    if (this.#first < SLACK || this.#first * 2 < this.#values.length) return;
    this.#values = this.#values.slice(this.#first);
    this.#first = 0;
  }

  get length(): number {
    return this.#values.length - this.#first;
  }

  /** Zero is the oldest. */
  at(index: number): SqlValue {
    return this.#values[this.#first + index]!;
  }

  save(): readonly SqlValue[] {
    return this.#values.slice(this.#first);
  }

  restore(values: readonly SqlValue[]): void {
    this.#values = [...values];
    this.#first = 0;
  }
}
