/**
 * What a function is to the checker and to the compiler. Operators (`+`, `AND`, `=`, `CASE`, `CAST`, `IS NULL`, `LIKE` …) are functions too, so a
 * family of them is one file: its names, its rules of types, its code.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { AggregateCall } from '../plan/plan.ts';
import type { Span } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';

/** What an argument is for: it types the columns of open streams, and words the errors. */
export type ArgumentKind =
  | 'any'
  | 'number'
  | 'integer'
  | 'text'
  | 'boolean'
  | 'time'
  | 'timestamp'
  | 'date'
  | 'interval'
  | 'binary'
  | 'same';

export type CallSite = {
  /** As in the tree: `FROM`, `SIMILAR`, `BY` …; undefined where commas stand. */
  readonly form: string | undefined;
  readonly span: Span;
  readonly isDistinct: boolean;
  readonly isStar: boolean;
  readonly nulls: 'IGNORE' | 'RESPECT' | undefined;
  readonly from: 'FIRST' | 'LAST' | undefined;
};

export type ScalarFunction = {
  readonly name: string;
  /** How the signature is shown in errors: `SUBSTRING(<text> FROM <integer> [FOR <integer>])`. */
  readonly signature: string;
  /** `same`: whatever its neighbours are. */
  kindOf(index: number, count: number): ArgumentKind;
  /** The call with its result type and the conversions of its arguments. Throws `SqlError`: wrong number, wrong types, a constant that cannot be. */
  resolve(args: readonly PlanExpression[], site: CallSite): PlanExpression;
  /** The plain road, and the oracle of compiled code: from values, all evaluated. Throws `RowError`. */
  evaluate(args: readonly SqlValue[], types: readonly SqlType[], result: SqlType): SqlValue;
};

/** One group's, or one frame's, running result. */
export interface Accumulator {
  add(args: readonly SqlValue[]): void;
  /** Takes back the oldest value that was added; only where `canRemove`. */
  remove(args: readonly SqlValue[]): void;
  result(): SqlValue;
  /** Plain data, for a checkpoint. */
  save(): unknown;
  restore(state: unknown): void;
}

export type AggregateFunction = {
  readonly name: string;
  readonly signature: string;
  kindOf(index: number, count: number): ArgumentKind;
  resolve(args: readonly PlanExpression[], site: CallSite): AggregateCall;
  /** Whether it may stand without OVER: LAG may not. */
  readonly isAggregate: boolean;
  /** Without it a frame is computed from its rows (MIN and MAX keep a monotonic queue, which is the engine's). */
  readonly canRemove: boolean;
  accumulator(call: AggregateCall): Accumulator;
};
