/** The select list, where rows keep their ROWTIME. A row that cannot be made goes to the error stream, and still tells the time. */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import type { Operator, Receiver } from './operator.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';

export class Project implements Operator, Receiver {
  readonly inputs = [this];
  readonly #make: (row: Row) => Row;
  readonly #errors: RowErrors;
  readonly #out: Receiver;

  constructor(make: (row: Row) => Row, errors: RowErrors, out: Receiver) {
    this.#make = make;
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    let made: Row;
    try {
      made = this.#make(row);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
      this.#out.bound(row[ROWTIME_INDEX] as number);
      return;
    }
    this.#out.row(made);
  }

  bound(timeMs: number): void {
    this.#out.bound(timeMs);
  }

  save(): void {
    // Keeps nothing.
  }

  restore(): void {
    // Keeps nothing.
  }
}
