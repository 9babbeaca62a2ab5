/**
 * A program that runs: rows go in by the name of an input stream, rows of all streams come out, and everything between happens before the call
 * returns. One thread, no clock, no promises: who calls decides what time it is (see `operator.ts`).
 */
import type { Row } from '../value.ts';
import type { Plain, StateChanges } from './operator.ts';

/** A row of the error stream, before the service adds ERROR_TIME. */
export type ErrorRow = {
  /** At most 32 characters. */
  readonly name: string;
  readonly message: string;
  readonly rowtimeMs: number;
  /** The row as JSON text, for DATA_ROW. */
  readonly row: string;
  /** Undefined while no pump is at work. */
  readonly pump: string | undefined;
};

export interface ProgramOutput {
  /** A row of an in-application stream, for each stream that is watched. The row is [ROWTIME, ...columns]. */
  row(stream: string, row: Row): void;
  /** A row of a query that stands for itself, by its index in the plan. */
  selected(index: number, row: Row): void;
  error(error: ErrorRow): void;
}

export interface RunningProgram {
  /** What CURRENT_ROW_TIMESTAMP gives from now on. */
  setNow(nowMs: number): void;
  /** The rows of a reference table, [null, ...columns]; replaces what was there. */
  loadTable(table: string, rows: readonly Row[]): void;
  /** [ROWTIME, ...columns], ROWTIME not below the last bound. */
  row(stream: string, row: Row): void;
  /** No row below this time will come in any input. */
  bound(timeMs: number): void;
  /** The end of all input: every window closes and gives its rows. */
  end(): void;
  save(changes: StateChanges): void;
  restore(cells: ReadonlyMap<string, Plain>): void;
}
