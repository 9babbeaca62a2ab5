/**
 * Plan expressions as JavaScript: one generated function for a list of them, with no closure for a node, nulls checked where they can come, columns
 * and repeated expressions evaluated once, constants worked out beforehand. What throws a `RowError` while it runs concerns that row alone.
 *
 * The plain road through the same expressions is `evaluate.ts`; a random test holds the two together.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { Row, SqlValue } from '../value.ts';
import { conditionOf, emit } from './emit.ts';
import { fold } from './fold.ts';
import type { Surroundings } from './surroundings.ts';
import type { Times } from './times.ts';
import { CodeWriter } from './writer.ts';

export const compileExpression = (
  expression: PlanExpression,
  times: Times,
  surroundings: Surroundings = {},
): ((row: Row) => SqlValue) => {
  const writer = new CodeWriter();
  const { code } = emit(fold(expression), { writer, times, surroundings });
  return writer.build(code) as (row: Row) => SqlValue;
};

/** A new row [rowtime, ...expressions]; without `rowtime` it has the ROWTIME of the row it is made of. */
export const compileRow = (
  expressions: readonly PlanExpression[],
  rowtime: PlanExpression | undefined,
  times: Times,
  surroundings: Surroundings = {},
): ((row: Row) => Row) => {
  const writer = new CodeWriter();
  const context = { writer, times, surroundings };
  const first = rowtime === undefined ? 'row[0]' : emit(fold(rowtime), context).code;
  const rest = expressions.map((expression) => emit(fold(expression), context).code);
  return writer.build(`[${[first, ...rest].join(', ')}]`) as (row: Row) => Row;
};

/** Whether it is TRUE: UNKNOWN is not. */
export const compileCondition = (
  expression: PlanExpression,
  times: Times,
  surroundings: Surroundings = {},
): ((row: Row) => boolean) => {
  const writer = new CodeWriter();
  const code = conditionOf(fold(expression), { writer, times, surroundings });
  return writer.build(code) as (row: Row) => boolean;
};
