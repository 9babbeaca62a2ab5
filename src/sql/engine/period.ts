/**
 * The time in which a key that only grows keeps its value: what groups, distinct rows and sorted batches last for. Where the key is computed from
 * ROWTIME alone, the period's end is known as soon as it begins: it is the least time at which the key has another value, found by looking at the key
 * of times further and further ahead, then by halving. So no key need be computed for the rows in between, and a bound can end the period.
 */
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import type { Plain } from './operator.ts';
import { rowErrorOf } from './row-errors.ts';

export type PeriodKey = { readonly of: 'rowtime' | 'row'; readonly key: (row: Row) => SqlValue };

/** Behind every TIMESTAMP: a period that lasts to here does not end. */
const LAST_MS = 8_640_000_000_000_000;

export class Period {
  readonly #of: 'rowtime' | 'row';
  readonly #key: (row: Row) => SqlValue;
  #value: SqlValue | undefined;
  #endMs = -Infinity;
  /** Of the last period whose end was looked for: a guess for the next one. */
  #lastEndMs = 0;
  #lengthMs = 0;

  constructor({ of, key }: PeriodKey) {
    this.#of = of;
    this.#key = key;
  }

  /** The key's value; undefined before the first row and after `close`. */
  get value(): SqlValue | undefined {
    return this.#value;
  }

  /** Where the key is of ROWTIME alone, the least time at which it has another value; else not finite. */
  get endMs(): number {
    return this.#endMs;
  }

  /** Whether the row belongs to the open period. Throws the key's row error. */
  holds(row: Row): boolean {
    return this.#of === 'rowtime'
      ? (row[ROWTIME_INDEX] as number) < this.#endMs
      : this.#value !== undefined && this.#key(row) === this.#value;
  }

  /** Begins the period of this row. */
  open(row: Row): void {
    const value = this.#key(row);
    if (this.#of === 'rowtime') this.#endMs = this.#endAfter(row[ROWTIME_INDEX] as number, value);
    this.#value = value;
  }

  close(): void {
    this.#value = undefined;
    this.#endMs = -Infinity;
  }

  /** Whether no row of the period can come at this time or later. */
  isOverAt(timeMs: number): boolean {
    return (
      this.#value !== undefined && (timeMs === Infinity || (this.#of === 'rowtime' && timeMs >= this.#endMs))
    );
  }

  save(): Plain {
    return this.#value === undefined ? null : [this.#value as Plain, this.#endMs];
  }

  restore(state: Plain): void {
    if (state !== null) [this.#value, this.#endMs] = state as [SqlValue, number];
  }

  #endAfter(timeMs: number, value: SqlValue): number {
    const isStill = (candidateMs: number): boolean => this.#isAt(candidateMs, value);
    const length = this.#lengthMs;
    if (length > 0) {
      // Periods are mostly equally long, so this one most likely ends a whole number of lengths behind the last known end.
      const guessMs = this.#lastEndMs + Math.ceil((timeMs + 1 - this.#lastEndMs) / length) * length;
      if (isStill(guessMs - 1) && !isStill(guessMs)) return guessMs;
    }
    let within = timeMs;
    let step = 1;
    while (within + step < LAST_MS && isStill(within + step)) {
      within += step;
      step *= 2;
    }
    let beyond = Math.min(within + step, LAST_MS);
    while (beyond - within > 1) {
      const middle = within + Math.floor((beyond - within) / 2);
      if (isStill(middle)) within = middle;
      else beyond = middle;
    }
    if (beyond === LAST_MS) return Infinity;
    this.#lastEndMs = beyond;
    this.#lengthMs = beyond - this.#startBefore(timeMs, isStill);
    return beyond;
  }

  #isAt(timeMs: number, value: SqlValue): boolean {
    try {
      return this.#key([timeMs]) === value;
    } catch (error) {
      // A time for which there is no key is certainly another period's.
      rowErrorOf(error);
      return false;
    }
  }

  #startBefore(timeMs: number, isStill: (candidateMs: number) => boolean): number {
    let within = timeMs;
    let step = 1;
    while (within - step > -LAST_MS && isStill(within - step)) {
      within -= step;
      step *= 2;
    }
    let before = Math.max(within - step, -LAST_MS);
    while (within - before > 1) {
      const middle = before + Math.floor((within - before) / 2);
      if (isStill(middle)) within = middle;
      else before = middle;
    }
    return within;
  }
}
