/** Calls of aggregate functions, collected from the clauses of a query. */
import { findAggregate } from '../functions/aggregates.ts';
import { findScalar } from '../functions/scalars.ts';
import type { AggregateCall, OverWindow } from '../plan/plan.ts';
import { expressionText } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { Call, Expression } from '../syntax/tree.ts';
import { checkArguments, hintArguments, siteOf } from './calls.ts';
import type { Context } from './context.ts';

/** Whether the call is one of an aggregate function that needs no OVER. */
export const isAggregateCall = (tree: Call): boolean =>
  findScalar(tree.name.text) === undefined && findAggregate(tree.name.text)?.isAggregate === true;

/** Calls, or windows, of one query, each once. */
export type Collected<T> = {
  readonly all: readonly T[];
  /** The index of what is there from now on. */
  indexOf(item: T): number;
};

const collect = <T>(textOf: (item: T) => string): Collected<T> => {
  const all: T[] = [];
  const indexes = new Map<string, number>();
  return {
    all,
    indexOf(item) {
      const text = textOf(item);
      const known = indexes.get(text);
      if (known !== undefined) return known;
      indexes.set(text, all.length);
      return all.push(item) - 1;
    },
  };
};

export const collectCalls = (): Collected<AggregateCall> =>
  collect(
    ({ name, args, isDistinct, isIgnoringNulls, isFromLast }) =>
      `${name} ${isDistinct} ${isIgnoringNulls} ${isFromLast} ${expressionText(args)}`,
  );

/** The calls of each are its own. */
export type CollectedWindow = Omit<OverWindow, 'calls'> & { readonly calls: Collected<AggregateCall> };

export const collectWindows = (): Collected<CollectedWindow> =>
  collect(({ partitionBy, frame }) => {
    const preceding = frame.unit === 'ROWS' ? frame.precedingRows : frame.precedingMs;
    return `${frame.unit} ${preceding} ${expressionText(partitionBy)}`;
  });

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
