/**
 * Expressions of a checked plan: every name is an index, every type is known, every conversion stands there. Plain data that survives structured
 * clone. Operators, conditions and functions are all calls of a name in `functions/`, so a new function needs no change here.
 */
import type { Span } from '../sql-error.ts';
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import type { Relation } from './plan.ts';

export type PlanExpression =
  | { readonly op: 'literal'; readonly value: SqlValue; readonly type: SqlType }
  /** Of the input row of the operator; 0 is its ROWTIME. */
  | { readonly op: 'column'; readonly index: number; readonly type: SqlType }
  /** One field of a RECORD. */
  | { readonly op: 'field'; readonly of: PlanExpression; readonly index: number; readonly type: SqlType }
  /** Evaluated lazily where the name says so: AND, OR, CASE, COALESCE. */
  | {
      readonly op: 'call';
      readonly name: string;
      readonly args: readonly PlanExpression[];
      readonly type: SqlType;
      readonly span: Span;
    }
  /** x IN (SELECT …), EXISTS, a scalar subquery: over reference tables only. */
  | {
      readonly op: 'table query';
      readonly kind: 'in' | 'exists' | 'scalar';
      readonly operands: readonly PlanExpression[];
      readonly query: Relation;
      readonly type: SqlType;
    };
