/**
 * The select list where it names its ROWTIME. Time then goes by the rows: one below the highest ROWTIME so far is late, and goes to the error stream.
 * What the old time tells of the new one is known only where the new one is computed from the old one by something that only grows (`STEP(ROWTIME
 * BY …) AS ROWTIME`); else bounds end here, but for the end of all input.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { ROWTIME_INDEX, RowError, type Row, type SqlValue } from '../value.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';

export type RetimeParts = {
  readonly make: (row: Row) => Row;
  /** The new time from a row of the old time alone; undefined where it is not known. */
  readonly boundOf: ((row: Row) => number | null) | undefined;
};

export class Retime implements Operator, Receiver {
  readonly inputs = [this];
  readonly #parts: RetimeParts;
  readonly #errors: RowErrors;
  readonly #out: Receiver;
  #highMs = -Infinity;
  #savedHighMs = -Infinity;

  constructor(parts: RetimeParts, errors: RowErrors, out: Receiver) {
    this.#parts = parts;
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    let made: Row;
    try {
      made = this.#parts.make(row);
      const timeMs = made[ROWTIME_INDEX] as number | null;
      if (timeMs === null) throw new RowError('NULL_ROWTIME', 'ROWTIME must not be null');
      if (timeMs < this.#highMs) throw lateRow(timeMs, this.#highMs);
      this.#highMs = timeMs;
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
      return;
    }
    this.#out.row(made);
  }

  bound(timeMs: number): void {
    if (timeMs === Infinity) {
      this.#out.bound(timeMs);
      return;
    }
    const boundMs = this.#parts.boundOf?.([timeMs]) ?? -Infinity;
    if (boundMs <= this.#highMs) return;
    this.#highMs = boundMs;
    this.#out.bound(boundMs);
  }

  save(changes: StateChanges): void {
    if (this.#highMs === this.#savedHighMs) return;
    this.#savedHighMs = this.#highMs;
    changes.put('high', this.#highMs);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const highMs = cells.get('high');
    if (highMs === undefined) return;
    this.#highMs = highMs as number;
    this.#savedHighMs = this.#highMs;
  }
}

/** They keep the order of their first argument; the others are constants. */
const ORDER_KEEPING: ReadonlySet<string> = new Set(['STEP', 'FLOOR TO', 'CEIL TO', '+', '-']);

/** What the new time is at least when the old one has come so far; undefined where the one does not follow from the other. */
export const boundOf = (
  rowtime: PlanExpression,
  compile: (expression: PlanExpression) => (row: Row) => SqlValue,
): ((row: Row) => number | null) | undefined =>
  followsRowtime(rowtime) ? (compile(rowtime) as (row: Row) => number | null) : undefined;

/** Whether it is computed from the ROWTIME alone, and never falls. */
export const followsRowtime = (expression: PlanExpression): boolean => {
  if (expression.op === 'column') return expression.index === ROWTIME_INDEX;
  return (
    expression.op === 'call' &&
    ORDER_KEEPING.has(expression.name) &&
    expression.args.length > 1 &&
    followsRowtime(expression.args[0] as PlanExpression) &&
    expression.args.slice(1).every((arg) => arg.op === 'literal')
  );
};

export const lateRow = (timeMs: number, highMs: number): RowError =>
  new RowError(
    'LATE_ROW',
    `The row's ROWTIME ${timeText(timeMs)} is before ${timeText(highMs)}, the time that the stream has reached`,
  );

const timeText = (timeMs: number): string => {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString().slice(0, 23).replace('T', ' ');
};
