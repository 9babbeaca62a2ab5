/** SELECT DISTINCT: of the rows of one period that are equal in all keys, only the first is given, and at once. */
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import { KeyMap, type KeyOf } from './key-map.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { Period, type PeriodKey } from './period.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';
import { Slots, type Cell, type Slotted } from './state/slots.ts';

class Seen implements Slotted {
  cell!: Cell;
  slot = 0;
  readonly keys: readonly SqlValue[];

  constructor(keys: readonly SqlValue[]) {
    this.keys = keys;
  }
}

export class Distinct implements Operator, Receiver {
  readonly inputs = [this];
  readonly #errors: RowErrors;
  readonly #out: Receiver;
  readonly #period: Period;
  readonly #index: KeyMap<Seen>;
  readonly #seen = new Slots<Seen>('s');
  #isDirty = false;

  /** `keys` are without the period's. */
  constructor(keys: readonly KeyOf[], period: PeriodKey, errors: RowErrors, out: Receiver) {
    this.#index = new KeyMap(keys);
    this.#period = new Period(period);
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    try {
      if (!this.#period.holds(row)) {
        this.#forget();
        this.#period.open(row);
        this.#isDirty = true;
      }
      if (this.#index.find(row) !== undefined) {
        this.#out.bound(row[ROWTIME_INDEX] as number);
        return;
      }
      const keys = this.#index.valuesOf(row);
      const seen = new Seen(keys);
      this.#index.set(keys, seen);
      this.#seen.add(seen);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
      this.#out.bound(row[ROWTIME_INDEX] as number);
      return;
    }
    this.#out.row(row);
  }

  bound(timeMs: number): void {
    if (this.#period.isOverAt(timeMs)) {
      this.#forget();
      this.#period.close();
      this.#isDirty = true;
    }
    this.#out.bound(timeMs);
  }

  save(changes: StateChanges): void {
    this.#seen.save(changes, ({ keys }) => keys as Plain);
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('period', this.#period.save());
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const period = cells.get('period');
    if (period === undefined) return;
    this.#period.restore(period);
    this.#seen.restore(cells, (keys) => {
      const seen = new Seen(keys as SqlValue[]);
      this.#index.set(seen.keys, seen);
      return seen;
    });
  }

  #forget(): void {
    this.#index.clear();
    this.#seen.clear();
  }
}
