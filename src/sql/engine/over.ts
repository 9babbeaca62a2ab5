/**
 * Analytic functions: one row out for each row in, at once, with what the functions see in the window that ends with it. A RANGE has both ends inside;
 * rows of equal ROWTIMEs are processed in the order in which they came, and each sees itself and those before it. Each window keeps its own partitions,
 * with no more of a row than the arguments; a partition whose last row has left its range is forgotten.
 */
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import type { KeyOf } from './key-map.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { OverFrames, type FrameBounds } from './over-frames.ts';
import type { FrameResult } from './frame.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';

export type OverWindowParts = {
  readonly keys: readonly KeyOf[];
  readonly bounds: FrameBounds;
  /** One of the keys, if it only grows: when it changes, no row can come for the partitions that there are. */
  readonly epochOf: KeyOf | undefined;
  /** Nothing ever leaves the frame, and no result needs to see its entries: they are not kept. */
  readonly isRunning: boolean;
  /** The row's entry: [rowtime, ...arguments of all calls]. */
  readonly entryOf: (row: Row) => Row;
  /** New results for a new partition, one for each call. */
  readonly results: () => readonly FrameResult[];
};

export class Over implements Operator, Receiver {
  readonly inputs = [this];
  readonly #windows: readonly OverFrames[];
  readonly #errors: RowErrors;
  readonly #out: Receiver;

  constructor(windows: readonly OverWindowParts[], errors: RowErrors, out: Receiver) {
    this.#windows = windows.map((window, index) => new OverFrames(`w${index}`, window));
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    const made: SqlValue[] = row.slice();
    try {
      // All windows read the row before one of them takes it in: a row with an error is in none of them.
      for (const window of this.#windows) window.read(row);
      for (const window of this.#windows) window.add(row, made);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
      this.#out.bound(row[ROWTIME_INDEX] as number);
      return;
    }
    this.#out.row(made);
  }

  bound(timeMs: number): void {
    for (const window of this.#windows) window.expire(timeMs);
    this.#out.bound(timeMs);
  }

  save(changes: StateChanges): void {
    for (const window of this.#windows) window.save(changes);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    for (const window of this.#windows) window.restore(cells);
  }
}
