/** WHERE and HAVING: hands on the rows for which the condition is true. What is left out still tells the time. */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import type { Operator, Receiver } from './operator.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';

export class Filter implements Operator, Receiver {
  readonly inputs = [this];
  readonly #condition: (row: Row) => boolean;
  readonly #errors: RowErrors;
  readonly #out: Receiver;

  constructor(condition: (row: Row) => boolean, errors: RowErrors, out: Receiver) {
    this.#condition = condition;
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    try {
      if (!this.#condition(row)) {
        this.#out.bound(row[ROWTIME_INDEX] as number);
        return;
      }
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
      this.#out.bound(row[ROWTIME_INDEX] as number);
      return;
    }
    this.#out.row(row);
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
