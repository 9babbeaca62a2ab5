/**
 * WINDOWED BY STAGGER: each key has its own window, which opens with the first row and closes a fixed time later, with one row whose ROWTIME is that
 * end. A row that comes at the end itself opens the next window. All windows are equally long, so they close in the order in which they opened.
 */
import type { Accumulator } from '../functions/function.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import { KeyMap, type KeyOf } from './key-map.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';
import { Slots, type Cell, type Slotted } from './state/slots.ts';
import { addAll, newAccumulators, readAll, restoredAccumulators, type Tally } from './tally.ts';

export type StaggerParts = {
  readonly keys: readonly KeyOf[];
  readonly rangeMs: number;
  readonly tallies: readonly Tally[];
};

class StaggerWindow implements Slotted {
  cell!: Cell;
  slot = 0;
  /** Counts on, so that windows that end at one time keep their order in a checkpoint. */
  readonly number: number;
  readonly endMs: number;
  readonly keys: readonly SqlValue[];
  readonly accumulators: readonly Accumulator[];

  constructor(
    number: number,
    endMs: number,
    keys: readonly SqlValue[],
    accumulators: readonly Accumulator[],
  ) {
    this.number = number;
    this.endMs = endMs;
    this.keys = keys;
    this.accumulators = accumulators;
  }
}

export class Stagger implements Operator, Receiver {
  readonly inputs = [this];
  readonly #tallies: readonly Tally[];
  readonly #rangeMs: number;
  readonly #errors: RowErrors;
  readonly #groupErrors: RowErrors;
  readonly #out: Receiver;
  readonly #index: KeyMap<StaggerWindow>;
  readonly #slots = new Slots<StaggerWindow>('w');
  /** By their ends, the first at `#head`. */
  #open: StaggerWindow[] = [];
  #head = 0;
  #opened = 0;
  #timeMs = -Infinity;

  constructor(parts: StaggerParts, errors: RowErrors, groupErrors: RowErrors, out: Receiver) {
    this.#tallies = parts.tallies;
    this.#rangeMs = parts.rangeMs;
    this.#index = new KeyMap(parts.keys);
    this.#errors = errors;
    this.#groupErrors = groupErrors;
    this.#out = out;
  }

  row(row: Row): void {
    const timeMs = row[ROWTIME_INDEX] as number;
    this.#closeUpTo(timeMs);
    try {
      readAll(this.#tallies, row);
      let window = this.#index.find(row);
      if (window === undefined) {
        window = new StaggerWindow(
          this.#opened++,
          timeMs + this.#rangeMs,
          this.#index.valuesOf(row),
          newAccumulators(this.#tallies),
        );
        this.#index.set(window.keys, window);
        this.#slots.add(window);
        this.#open.push(window);
      }
      window.cell.isDirty = true;
      addAll(this.#tallies, window.accumulators);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
    }
    this.#pass(timeMs);
  }

  bound(timeMs: number): void {
    this.#closeUpTo(timeMs);
    this.#pass(timeMs);
  }

  save(changes: StateChanges): void {
    this.#slots.save(changes, ({ number, endMs, keys, accumulators }) => [
      number,
      endMs,
      keys as Plain,
      accumulators.map((accumulator) => accumulator.save() as Plain),
    ]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    this.#slots.restore(cells, (plain) => {
      const [number, endMs, keys, states] = plain as [number, number, SqlValue[], Plain[]];
      const window = new StaggerWindow(number, endMs, keys, restoredAccumulators(this.#tallies, states));
      this.#index.set(keys, window);
      return window;
    });
    this.#open = [...this.#slots].sort((left, right) => left.number - right.number);
    this.#opened = (this.#open.at(-1)?.number ?? -1) + 1;
  }

  #pass(timeMs: number): void {
    if (timeMs <= this.#timeMs) return;
    this.#timeMs = timeMs;
    this.#out.bound(timeMs);
  }

  #closeUpTo(timeMs: number): void {
    for (;;) {
      const window = this.#open[this.#head];
      if (window === undefined || window.endMs > timeMs) break;
      this.#head++;
      this.#index.delete(window.keys);
      this.#slots.delete(window);
      this.#give(window);
    }
    if (this.#head > 0 && this.#head * 2 >= this.#open.length) {
      this.#open = this.#open.slice(this.#head);
      this.#head = 0;
    }
  }

  #give({ endMs, keys, accumulators }: StaggerWindow): void {
    const row: SqlValue[] = [endMs, ...keys];
    try {
      for (const accumulator of accumulators) row.push(accumulator.result());
    } catch (error) {
      this.#groupErrors(rowErrorOf(error), row);
      return;
    }
    this.#out.row(row);
  }
}
