/** Aggregate and analytic functions with OVER: one row out for each row in, with the results behind the columns of the input. */
import { findAggregate } from '../functions/aggregates.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { AggregateCall, OverWindow, Relation } from '../plan/plan.ts';
import { isSameExpression, moveColumns } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { Call } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { isSameCall, resolveAggregate } from './aggregate-calls.ts';
import { type Context, misplaced } from './context.ts';
import type { Fragment, Parts } from './parts.ts';
import { namedWindows, overWindow } from './windows.ts';

type Window = Omit<OverWindow, 'calls'>;

const isSameWindow = (a: Window, b: Window): boolean =>
  JSON.stringify(a.frame) === JSON.stringify(b.frame) &&
  // JSON has no infinity.
  isUnbounded(a) === isUnbounded(b) &&
  a.partitionBy.length === b.partitionBy.length &&
  a.partitionBy.every((key, index) => isSameExpression(key, b.partitionBy[index]!));

const isUnbounded = ({ frame }: Window): boolean =>
  (frame.unit === 'ROWS' ? frame.precedingRows : frame.precedingMs) === Infinity;

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
  const windows: { readonly window: Window; readonly calls: AggregateCall[] }[] = [];
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
      const found = windows.findIndex((one) => isSameWindow(one.window, window));
      const at = found >= 0 ? found : windows.push({ window, calls: [] }) - 1;
      const { calls } = windows[at]!;
      const known = calls.findIndex((other) => isSameCall(other, call));
      const place = known >= 0 ? known : calls.push(call) - 1;
      return {
        op: 'column',
        index: -1 - (places.push({ window: at, call: place }) - 1),
        type: call.type,
      };
    },
    finish({ relation: input }, expressions) {
      if (windows.length === 0) return undefined;
      const columns: readonly Column[] = [
        ...input.columns,
        ...windows.flatMap(({ calls }) => calls.map(({ name, type }): Column => ({ name, type }))),
      ];
      const indexOf = (index: number): number => {
        if (index >= 0) return index;
        const { window, call } = places[-1 - index]!;
        const before = windows.slice(0, window).reduce((sum, { calls }) => sum + calls.length, 0);
        return 1 + input.columns.length + before + call;
      };
      const over = (expression: PlanExpression): PlanExpression => moveColumns(expression, indexOf);
      return {
        relation: {
          op: 'over',
          columns,
          input,
          windows: windows.map(({ window, calls }) => ({ ...window, calls })),
        },
        expressions: expressions.map(over),
        over,
      };
    },
  };
};
