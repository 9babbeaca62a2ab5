/** Expressions of the plan, compiled for the place where they stand. */
import { compileCondition, compileExpression, compileRow } from '../compile/compile.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Row, SqlValue } from '../value.ts';
import type { Site } from './site.ts';

type Place = Pick<Site, 'times' | 'surroundings'>;

export const valueOf = (
  expression: PlanExpression,
  { times, surroundings }: Place,
): ((row: Row) => SqlValue) => compileExpression(expression, times, surroundings);

export const conditionOf = (
  expression: PlanExpression,
  { times, surroundings }: Place,
): ((row: Row) => boolean) => compileCondition(expression, times, surroundings);

export const rowOf = (
  expressions: readonly PlanExpression[],
  rowtime: PlanExpression | undefined,
  { times, surroundings }: Place,
): ((row: Row) => Row) => compileRow(expressions, rowtime, times, surroundings);
