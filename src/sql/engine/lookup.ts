/** A stream beside a reference table: each row meets the table's rows as they are at that moment. */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import { lookupKey, type LookupKey } from './join-side.ts';
import type { KeyOf } from './key-map.ts';
import type { Operator, Receiver } from './operator.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';

export type LookupParts = {
  readonly kind: 'INNER' | 'LEFT';
  readonly leftKeys: readonly KeyOf[];
  readonly rightKeys: readonly KeyOf[];
  readonly condition: ((row: Row) => boolean) | undefined;
  /** The table's rows; the same array as long as nothing has changed. */
  readonly rows: () => readonly Row[];
  readonly rightWidth: number;
};

export class Lookup implements Operator, Receiver {
  readonly inputs = [this];
  readonly #parts: LookupParts;
  readonly #nulls: readonly null[];
  readonly #errors: readonly [RowErrors, RowErrors, RowErrors];
  readonly #out: Receiver;
  #rows: readonly Row[] | undefined;
  #index = new Map<LookupKey, Row[]>();

  /** `errors`: of a row of the stream, of the table, of a pair. */
  constructor(parts: LookupParts, errors: readonly [RowErrors, RowErrors, RowErrors], out: Receiver) {
    this.#parts = parts;
    this.#nulls = Array<null>(parts.rightWidth).fill(null);
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    const timeMs = row[ROWTIME_INDEX] as number;
    let key: LookupKey;
    try {
      key = lookupKey(this.#parts.leftKeys, row);
    } catch (error) {
      this.#errors[0](rowErrorOf(error), row);
      this.#out.bound(timeMs);
      return;
    }
    let hasMet = false;
    for (const match of this.#matches(key)) {
      const pair = [timeMs, ...row, ...match];
      try {
        if (this.#parts.condition !== undefined && !this.#parts.condition(pair)) continue;
      } catch (error) {
        this.#errors[2](rowErrorOf(error), pair);
        continue;
      }
      hasMet = true;
      this.#out.row(pair);
    }
    if (hasMet) return;
    if (this.#parts.kind === 'LEFT') this.#out.row([timeMs, ...row, ...this.#nulls]);
    else this.#out.bound(timeMs);
  }

  bound(timeMs: number): void {
    this.#out.bound(timeMs);
  }

  save(): void {
    // The table is loaded anew by whoever runs the program.
  }

  restore(): void {
    // The table is loaded anew by whoever runs the program.
  }

  #matches(key: LookupKey): readonly Row[] {
    const rows = this.#parts.rows();
    if (rows !== this.#rows) {
      this.#rows = rows;
      this.#index = this.#indexOf(rows);
    }
    return key === null ? [] : (this.#index.get(key) ?? []);
  }

  #indexOf(rows: readonly Row[]): Map<LookupKey, Row[]> {
    const index = new Map<LookupKey, Row[]>();
    for (const row of rows) {
      let key: LookupKey;
      try {
        key = lookupKey(this.#parts.rightKeys, row);
      } catch (error) {
        this.#errors[1](rowErrorOf(error), row);
        continue;
      }
      if (key === null) continue;
      const found = index.get(key);
      if (found === undefined) index.set(key, [row]);
      else found.push(row);
    }
    return index;
  }
}
