import type { PlanExpression } from '../plan/expression.ts';
import type { SqlValue } from '../value.ts';

export type TableQuery = Extract<PlanExpression, { op: 'table query' }>;

/** What an expression needs from outside, where it needs it. */
export type Surroundings = {
  /** Answers a query over reference tables: a function of the operands' values, asked for once, when the expression is compiled. */
  readonly tableQuery?: (query: TableQuery) => (operands: readonly SqlValue[]) => SqlValue;
};
