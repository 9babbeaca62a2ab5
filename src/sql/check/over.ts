/** Aggregate and analytic functions with OVER: one row out for each row in, with the results behind the columns of the input. */
import { findAggregate } from '../functions/aggregates.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import { moveColumns } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { Call } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { collectCalls, collectWindows, resolveAggregate } from './aggregate-calls.ts';
import { type Context, misplaced } from './context.ts';
import type { Fragment, Parts } from './parts.ts';
import { namedWindows, overWindow } from './windows.ts';

export type OverCalls = {
  /** Takes a call, and gives the column that stands for its result until all calls are known. */
  take(tree: Call, context: Context): PlanExpression;
  finish(
    input: Fragment,
    expressions: readonly PlanExpression[],
  ):
    | {
        readonly relation: Relation;
        readonly expressions: readonly PlanExpression[];
        readonly over: (expression: PlanExpression) => PlanExpression;
      }
    | undefined;
};

export const overCalls = ({ select, context, input }: Parts): OverCalls => {
  const named = namedWindows(select.windows);
  const windows = collectWindows();
  /** For each call, in the order in which they were met: its window, and its place there. */
  const places: { readonly window: number; readonly call: number }[] = [];
  return {
    take(tree, inner) {
      if (tree.over === undefined) {
        if (findAggregate(tree.name.text)!.isAggregate) throw misplaced(tree, inner.clause);
        throw new SqlError(tree.span, `'${tree.name.text}' needs a window: write OVER (…) behind it`);
      }
      if (!input.isStream)
        throw new SqlError(tree.over.span, 'OVER needs a stream: rows of a table have no order');
      if (tree.isDistinct)
        throw new SqlError(
          tree.span,
          `DISTINCT is not supported in a window of a stream; remove duplicates with SELECT STREAM DISTINCT in a subquery in FROM`,
        );
      const plain: Context = {
        ...context,
        aggregate: (nested) => {
          throw misplaced(nested, 'a window');
        },
      };
      const window = overWindow(tree.over, named, plain);
      const call = resolveAggregate(tree, plain);
      if (call === undefined) return { op: 'literal', value: null, type: { name: 'ANY' } };
      const at = windows.indexOf({ ...window, calls: collectCalls() });
      const place = windows.all[at]!.calls.indexOf(call);
      return {
        op: 'column',
        index: -1 - (places.push({ window: at, call: place }) - 1),
        type: call.type,
      };
    },
    finish({ relation: input }, expressions) {
      if (windows.all.length === 0) return undefined;
      const columns: readonly Column[] = [
        ...input.columns,
        ...windows.all.flatMap(({ calls }) => calls.all.map(({ name, type }): Column => ({ name, type }))),
      ];
      const starts: number[] = [];
      let start = 1 + input.columns.length;
      for (const { calls } of windows.all) {
        starts.push(start);
        start += calls.all.length;
      }
      const indexOf = (index: number): number => {
        if (index >= 0) return index;
        const { window, call } = places[-1 - index]!;
        return starts[window]! + call;
      };
      const over = (expression: PlanExpression): PlanExpression => moveColumns(expression, indexOf);
      return {
        relation: {
          op: 'over',
          columns,
          input,
          windows: windows.all.map((window) => ({ ...window, calls: window.calls.all })),
        },
        expressions: expressions.map(over),
        over,
      };
    },
  };
};
