/**
 * GROUP BY. All groups belong to one period of the key that only grows (see `period.ts`), and end together: by the first row of another period, or by a
 * bound. They are given in the order in which they began. Their ROWTIME is the earliest time at which they are known to be complete: the end of the
 * period where it is known, else the time of the row that began the next one.
 */
import type { Accumulator } from '../functions/function.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import { KeyMap, type KeyOf } from './key-map.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { Period, type PeriodKey } from './period.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';
import { Slots, type Cell, type Slotted } from './state/slots.ts';
import { addAll, newAccumulators, readAll, restoredAccumulators, type Tally } from './tally.ts';

export type AggregateParts = {
  /** Without the period's key. */
  readonly keys: readonly KeyOf[];
  readonly period: PeriodKey;
  /** Where the period's key stands among all keys. */
  readonly timeIndex: number;
  readonly tallies: readonly Tally[];
};

class Group implements Slotted {
  cell!: Cell;
  slot = 0;
  readonly keys: readonly SqlValue[];
  readonly accumulators: readonly Accumulator[];

  constructor(keys: readonly SqlValue[], accumulators: readonly Accumulator[]) {
    this.keys = keys;
    this.accumulators = accumulators;
  }
}

export class Aggregate implements Operator, Receiver {
  readonly inputs = [this];
  readonly #tallies: readonly Tally[];
  readonly #timeIndex: number;
  readonly #errors: RowErrors;
  readonly #groupErrors: RowErrors;
  readonly #out: Receiver;
  readonly #period: Period;
  readonly #index: KeyMap<Group>;
  readonly #groups = new Slots<Group>('g');
  #timeMs = -Infinity;
  #isDirty = false;

  constructor(parts: AggregateParts, errors: RowErrors, groupErrors: RowErrors, out: Receiver) {
    this.#tallies = parts.tallies;
    this.#timeIndex = parts.timeIndex;
    this.#period = new Period(parts.period);
    this.#index = new KeyMap(parts.keys);
    this.#errors = errors;
    this.#groupErrors = groupErrors;
    this.#out = out;
  }

  row(row: Row): void {
    const timeMs = row[ROWTIME_INDEX] as number;
    try {
      if (!this.#period.holds(row)) {
        this.#close(timeMs);
        this.#period.open(row);
        this.#isDirty = true;
      }
      readAll(this.#tallies, row);
      let group = this.#index.find(row);
      if (group === undefined) {
        const keys = this.#index.valuesOf(row);
        group = new Group(keys, newAccumulators(this.#tallies));
        this.#index.set(keys, group);
        this.#groups.add(group);
      }
      group.cell.isDirty = true;
      addAll(this.#tallies, group.accumulators);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
    }
    this.#pass(timeMs);
  }

  bound(timeMs: number): void {
    if (this.#period.isOverAt(timeMs)) this.#close(timeMs);
    this.#pass(timeMs);
  }

  save(changes: StateChanges): void {
    this.#groups.save(changes, ({ keys, accumulators }) => [
      keys as Plain,
      accumulators.map((accumulator) => accumulator.save() as Plain),
    ]);
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('period', [this.#period.save(), this.#timeMs]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('period') as [Plain, number] | undefined;
    if (state === undefined) return;
    this.#period.restore(state[0]);
    this.#timeMs = state[1];
    this.#groups.restore(cells, (plain) => {
      const [keys, states] = plain as [SqlValue[], Plain[]];
      const group = new Group(keys, restoredAccumulators(this.#tallies, states));
      this.#index.set(keys, group);
      return group;
    });
  }

  #pass(timeMs: number): void {
    if (timeMs <= this.#timeMs) return;
    this.#timeMs = timeMs;
    this.#isDirty = true;
    this.#out.bound(timeMs);
  }

  #close(timeMs: number): void {
    const value = this.#period.value;
    if (value === undefined) return;
    const endMs = this.#rowtimeOfEnd(timeMs);
    for (const { keys, accumulators } of this.#groups) {
      const row: SqlValue[] = [endMs, ...keys];
      row.splice(1 + this.#timeIndex, 0, value);
      try {
        for (const accumulator of accumulators) row.push(accumulator.result());
      } catch (error) {
        this.#groupErrors(rowErrorOf(error), row);
        continue;
      }
      this.#out.row(row);
    }
    this.#index.clear();
    this.#groups.clear();
    this.#period.close();
    this.#isDirty = true;
  }

  #rowtimeOfEnd(timeMs: number): number {
    const { endMs } = this.#period;
    if (Number.isFinite(endMs)) return endMs;
    return timeMs === Infinity ? this.#timeMs : timeMs;
  }
}
