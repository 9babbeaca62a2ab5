/**
 * How large expressions become where one part of the text stands for several of the plan: the operand of BETWEEN and of CASE, the argument of a
 * function of the program. Such parts within one another would grow without a bound.
 */
import type { PlanExpression } from '../plan/expression.ts';
import { argumentsOf } from '../plan/walk.ts';
import { type Span, SqlError } from '../sql-error.ts';

const SIZE_MAX = 10_000;

const sizes = new WeakMap<PlanExpression, number>();

/** As many as there are when every part is written out. */
const sizeOf = (expression: PlanExpression): number => {
  const known = sizes.get(expression);
  if (known !== undefined) return known;
  const size = argumentsOf(expression).reduce((sum, argument) => sum + sizeOf(argument), 1);
  sizes.set(expression, size);
  return size;
};

export const refuseLarge = (expression: PlanExpression, times: number, span: Span): void => {
  if (sizeOf(expression) * times > SIZE_MAX)
    throw new SqlError(
      span,
      'This expression is too large: compute its parts in a subquery in FROM, and refer to them by their aliases',
    );
};
