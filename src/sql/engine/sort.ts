/**
 * ORDER BY on a stream: sorts the rows of one period of its first key, which only grows, and gives them when the period is over. Time does not go back:
 * a row behind one with a later ROWTIME has that one's.
 */
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { Period, type PeriodKey } from './period.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';
import { Queue } from './state/queue.ts';

/** Nulls are higher than all values: they come last, and first where it is descending. */
export type SortBy = {
  readonly key: (row: Row) => SqlValue;
  readonly isBefore: (left: never, right: never) => boolean;
  readonly isDescending: boolean;
};

/** The row and its keys. */
type Kept = readonly [Row, readonly SqlValue[]];

export class Sort implements Operator, Receiver {
  readonly inputs = [this];
  readonly #by: readonly SortBy[];
  readonly #errors: RowErrors;
  readonly #out: Receiver;
  readonly #period: Period;
  readonly #kept = new Queue<Kept & Plain>();
  #isDirty = false;

  constructor(by: readonly SortBy[], period: PeriodKey, errors: RowErrors, out: Receiver) {
    this.#by = by;
    this.#period = new Period(period);
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    this.#isDirty = true;
    try {
      const keys = this.#by.map(({ key }) => key(row));
      if (!this.#period.holds(row)) {
        this.#give();
        this.#period.open(row);
      }
      this.#kept.push([row, keys] as Kept & Plain);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
    }
    this.#pass(row[ROWTIME_INDEX] as number);
  }

  bound(timeMs: number): void {
    if (this.#period.isOverAt(timeMs)) {
      this.#isDirty = true;
      this.#give();
      this.#period.close();
    }
    this.#pass(timeMs);
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('sort', [this.#period.save(), this.#kept.save('row', changes)]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('sort') as [Plain, Plain] | undefined;
    if (state === undefined) return;
    this.#period.restore(state[0]);
    this.#kept.restore('row', state[1], cells);
  }

  /** The rows that wait may come out with the first one's time. */
  #pass(timeMs: number): void {
    const waitingMs =
      this.#kept.length === 0 ? Infinity : (this.#kept.at(this.#kept.first)[0][ROWTIME_INDEX] as number);
    this.#out.bound(Math.min(timeMs, waitingMs));
  }

  #give(): void {
    const kept: Kept[] = [];
    while (this.#kept.length > 0) kept.push(this.#kept.shift());
    kept.sort(([, left], [, right]) => this.#compare(left, right));
    let highMs = -Infinity;
    for (const [row] of kept) {
      const timeMs = row[ROWTIME_INDEX] as number;
      if (timeMs >= highMs) {
        highMs = timeMs;
        this.#out.row(row);
      } else this.#out.row([highMs, ...row.slice(1)]);
    }
  }

  #compare(left: readonly SqlValue[], right: readonly SqlValue[]): number {
    for (const [index, { isBefore, isDescending }] of this.#by.entries()) {
      const order = compare(left[index] as SqlValue, right[index] as SqlValue, isBefore);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  }
}

const compare = (
  left: SqlValue,
  right: SqlValue,
  isBefore: (left: never, right: never) => boolean,
): number => {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (isBefore(left as never, right as never)) return -1;
  return isBefore(right as never, left as never) ? 1 : 0;
};
