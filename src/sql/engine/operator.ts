/**
 * An operator takes rows and bounds and gives rows and bounds, and knows no clock: the same rows and bounds in the same order give the same rows,
 * whenever and however often it is run. That is what makes a replay after a restart repeat every row to the byte.
 *
 * Rows of one input come with a ROWTIME that never goes back. A bound says that no row below it will come any more, and that everything that ends
 * at it may be given; a row is a bound of its own ROWTIME, so none need be told beside it.
 */
import type { Row } from '../value.ts';

export interface Receiver {
  row(row: Row): void;
  /** Milliseconds since 1970; never goes back. */
  bound(timeMs: number): void;
}

/** What can be kept in a checkpoint: structured clone takes it, and so does `v8.serialize`. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/**
 * The state of an operator is a set of cells, so that a checkpoint writes only what changed since the last one. The names are the operator's own;
 * a small operator has one cell.
 */
export interface StateChanges {
  put(cell: string, state: Plain): void;
  drop(cell: string): void;
}

export interface Operator {
  /** One for each input, in the plan's order. */
  readonly inputs: readonly Receiver[];
  /** Tells what changed since the last call, or since `restore`. */
  save(changes: StateChanges): void;
  /** Before the first row, with all the cells that were put and not dropped. */
  restore(cells: ReadonlyMap<string, Plain>): void;
}
