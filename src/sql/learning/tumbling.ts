/** Windows of whole seconds since 1970 for functions that sum a stream up: what one window has gathered comes out at its end, with its end as ROWTIME. */
import type { Operator, Plain, Receiver, StateChanges } from '../engine/operator.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';

/** What gathers; it begins anew with each window. */
export interface Gathering {
  add(value: SqlValue): void;
  /** The columns of the rows that sum up what was added. */
  rows(): readonly (readonly SqlValue[])[];
  save(changes: StateChanges): void;
  restore(cells: ReadonlyMap<string, Plain>): void;
  /** Forgets all, and drops its cells with the next save. */
  clear(): void;
}

export class Tumbling implements Operator, Receiver {
  readonly inputs = [this];
  readonly #gathering: Gathering;
  readonly #index: number;
  readonly #windowMs: number;
  readonly #out: Receiver;
  #endMs = -Infinity;
  #isDirty = false;

  /** `index`: of the column that is gathered. */
  constructor(gathering: Gathering, index: number, windowMs: number, out: Receiver) {
    this.#gathering = gathering;
    this.#index = index;
    this.#windowMs = windowMs;
    this.#out = out;
  }

  row(row: Row): void {
    const timeMs = row[ROWTIME_INDEX] as number;
    if (timeMs >= this.#endMs) {
      this.#close();
      this.#endMs = (Math.floor(timeMs / this.#windowMs) + 1) * this.#windowMs;
    }
    this.#isDirty = true;
    this.#gathering.add(row[this.#index] as SqlValue);
    this.#out.bound(timeMs);
  }

  bound(timeMs: number): void {
    if (timeMs >= this.#endMs) this.#close();
    this.#out.bound(timeMs);
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#gathering.save(changes);
    changes.put('end', this.#endMs);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const endMs = cells.get('end');
    if (endMs === undefined) return;
    this.#endMs = endMs as number;
    this.#gathering.restore(cells);
  }

  #close(): void {
    if (this.#endMs === -Infinity) return;
    for (const row of this.#gathering.rows()) this.#out.row([this.#endMs, ...row]);
    this.#gathering.clear();
    this.#endMs = -Infinity;
    this.#isDirty = true;
  }
}
