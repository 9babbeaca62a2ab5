/** FIRST_VALUE, LAST_VALUE, NTH_VALUE and LAG where nothing ever leaves the frame: only the values that can still be asked for are kept. */
import type { Accumulator } from '../functions/function.ts';
import type { SqlValue } from '../value.ts';
import type { Position } from './frame-position.ts';
import type { Arguments, Entry, FrameResult } from './frame.ts';
import type { Plain } from './operator.ts';

export class RunningPosition implements FrameResult {
  readonly #position: Position;
  readonly #args: Arguments;
  readonly #count: number;
  readonly #isIgnoringNulls: boolean;
  readonly #isFromLast: boolean;
  #kept: SqlValue[] = [];
  /** Of the row that was entered last. */
  #lagged: SqlValue = null;

  /** `count`: how many rows back LAG looks, or the place of NTH_VALUE; 1 for the others. */
  constructor(
    position: Position,
    args: Arguments,
    count: number,
    options: { readonly isIgnoringNulls: boolean; readonly isFromLast: boolean },
  ) {
    this.#position = position;
    this.#args = args;
    this.#count = count;
    this.#isIgnoringNulls = options.isIgnoringNulls;
    this.#isFromLast = options.isFromLast || position === 'LAST_VALUE';
  }

  enter(entry: Entry): void {
    const { from, count: args } = this.#args;
    const value = entry[from] as SqlValue;
    const isCounted = value !== null || !this.#isIgnoringNulls;
    if (this.#position === 'LAG') {
      const otherwise = args > 2 ? (entry[from + 2] as SqlValue) : null;
      const lagged = this.#kept[this.#kept.length - this.#count];
      this.#lagged = this.#count === 0 ? value : lagged === undefined ? otherwise : lagged;
    }
    if (!isCounted) return;
    if (this.#position === 'LAG' || this.#isFromLast) {
      this.#kept.push(value);
      if (this.#kept.length > this.#count) this.#kept.shift();
    } else if (this.#kept.length < this.#count) this.#kept.push(value);
  }

  leave(): void {
    // Nothing leaves.
  }

  clear(): void {
    // Nothing leaves.
  }

  result(): SqlValue {
    if (this.#position === 'LAG') return this.#lagged;
    return this.#kept[this.#isFromLast ? this.#kept.length - this.#count : this.#count - 1] ?? null;
  }

  save(): Plain {
    return [...this.#kept] as Plain;
  }

  restore(state: Plain): void {
    this.#kept = [...(state as SqlValue[])];
  }
}

/** The same for a group, as an accumulator. */
export const positionAccumulator = (position: RunningPosition): Accumulator => ({
  add: (args) => position.enter(args),
  remove: () => undefined,
  result: () => position.result(),
  save: () => position.save(),
  restore: (state) => position.restore(state as Plain),
});
