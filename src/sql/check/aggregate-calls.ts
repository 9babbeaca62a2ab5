/** Calls of aggregate functions, collected from the clauses of a query. */
import { findAggregate } from '../functions/aggregates.ts';
import { findScalar } from '../functions/scalars.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { AggregateCall } from '../plan/plan.ts';
import { isSameExpression } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { Call, Expression } from '../syntax/tree.ts';
import { checkArguments, hintArguments, siteOf } from './calls.ts';
import type { Context } from './context.ts';

/** Whether the call is one of an aggregate function that needs no OVER. */
export const isAggregateCall = (tree: Call): boolean =>
  findScalar(tree.name.text) === undefined && findAggregate(tree.name.text)?.isAggregate === true;

/** The calls of one query, each once. */
type Calls = {
  readonly all: readonly AggregateCall[];
  /** The column that stands for the call until the row's shape is known. */
  add(call: AggregateCall): PlanExpression;
};

export const collectCalls = (): Calls => {
  const all: AggregateCall[] = [];
  return {
    all,
    add(call) {
      const index = all.findIndex((other) => isSameCall(other, call));
      return {
        op: 'column',
        index: -1 - (index < 0 ? all.push(call) - 1 : index),
        type: call.type,
      };
    },
  };
};

export const isSameCall = (a: AggregateCall, b: AggregateCall): boolean =>
  a.name === b.name &&
  a.isDistinct === b.isDistinct &&
  a.isIgnoringNulls === b.isIgnoringNulls &&
  a.isFromLast === b.isFromLast &&
  a.args.length === b.args.length &&
  a.args.every((argument, index) => isSameExpression(argument, b.args[index]!));

/** The call over the rows that are aggregated; its arguments can have no aggregates themselves. */
export const resolveAggregate = (tree: Call, context: Context): AggregateCall | undefined => {
  const { environment } = context;
  const args = checkArguments(tree, {
    ...context,
    clause: `the argument of ${tree.name.text}`,
    aggregate: (inner) => {
      throw new SqlError(inner.span, 'Aggregate expressions cannot be nested');
    },
  });
  const aggregate = findAggregate(tree.name.text)!;
  hintArguments(environment, aggregate.name, (index, count) => aggregate.kindOf(index, count), args);
  if (!environment.isTyping) return aggregate.resolve(args, siteOf(tree));
  try {
    return aggregate.resolve(args, siteOf(tree));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
};

/** Arguments and operands; not what stands in subqueries, which have aggregates of their own. */
export const visitTree = (tree: Expression, visit: (part: Expression) => void): void => {
  const seen = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    const { kind } = value as { kind?: unknown };
    if (kind === 'select' || kind === 'set operation' || kind === 'values' || kind === 'cursor') return;
    if (typeof kind === 'string') visit(value as Expression);
    Object.values(value).forEach(walk);
  };
  walk(tree);
};
