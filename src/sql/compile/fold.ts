/** Works out beforehand what depends on no row and on no time. What would be a row error is left for the row. */
import { isCurrentTime } from '../functions/current-time.ts';
import { findDefinition } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import { RowError, type SqlValue } from '../value.ts';

export const fold = (expression: PlanExpression): PlanExpression => {
  switch (expression.op) {
    case 'literal':
    case 'column':
      return expression;
    case 'field':
      return { ...expression, of: fold(expression.of) };
    case 'table query':
      return { ...expression, operands: expression.operands.map(fold) };
    case 'call': {
      const args = expression.args.map(fold);
      const values = args.flatMap((arg) => (arg.op === 'literal' ? [arg.value] : []));
      if (values.length < args.length || isCurrentTime(expression.name)) return { ...expression, args };
      const value = valueOf(expression.name, values, args, expression);
      return value === undefined ? { ...expression, args } : { op: 'literal', value, type: expression.type };
    }
  }
};

const valueOf = (
  name: string,
  values: readonly SqlValue[],
  args: readonly PlanExpression[],
  { type }: PlanExpression,
): SqlValue | undefined => {
  try {
    return findDefinition(name)?.evaluate(
      values,
      args.map((arg) => arg.type),
      type,
    );
  } catch (error) {
    if (error instanceof RowError) return undefined;
    throw error;
  }
};
