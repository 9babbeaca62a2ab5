/** A SELECT in parts: what its clauses work on, one after another. */
import type { PlanExpression } from '../plan/expression.ts';
import type { JoinWindow, Relation } from '../plan/plan.ts';
import type { Span } from '../sql-error.ts';
import type { Expression, Name, Select } from '../syntax/tree.ts';
import type { Context, Environment } from './context.ts';
import type { Times } from './monotonic.ts';
import type { Scope } from './scope.ts';
import type { NamedWindows } from './windows.ts';

/** One side of a join, or the whole of FROM. */
export type Fragment = {
  readonly relation: Relation;
  readonly scope: Scope;
  readonly isStream: boolean;
  readonly times: Times;
  /** Given behind OVER, or made of those of its parts where it is a join. */
  readonly window: JoinWindow | undefined;
  /** Of a join of streams: where the ROWTIMEs and the windows of its parts are, for the join that it is a part of itself. */
  readonly parts: readonly { readonly rowtime: number; readonly window: JoinWindow | undefined }[];
  readonly span: Span;
};

export type FromContext = {
  readonly environment: Environment;
  readonly named: NamedWindows;
  /** For the constants of windows and the conditions of joins. */
  readonly context: Context;
};

/** One column of the result: an expression of the text, or a column that `*` stands for. */
export type Item = {
  readonly name: string;
  /** Whether it says AS ROWTIME. */
  readonly isRowtime: boolean;
  readonly tree: Expression | undefined;
  readonly column: PlanExpression | undefined;
  readonly span: Select['span'];
};

/** The parts of a SELECT that its clauses work on. */
export type Parts = {
  readonly select: Select;
  readonly environment: Environment;
  readonly input: Fragment;
  /** Over a row of the input: names are columns, ROWTIME is the input's. */
  readonly context: Context;
  readonly items: readonly Item[];
};

/** The select list over the relation that it projects. */
export type Listed = {
  readonly relation: Relation;
  readonly times: Times;
  readonly expressions: readonly PlanExpression[];
  /** Rewrites an expression over the input, as ORDER BY has it, to one over `relation`. */
  readonly over: (expression: PlanExpression, context: Context) => PlanExpression;
  /** For the expressions of ORDER BY: aggregates may stand there where they may in the select list. */
  readonly context: Context;
};

/** ORDER BY finds the items of the select list by their names. */
export const aliasNames =
  (items: readonly Item[], expressions: readonly PlanExpression[]) =>
  (name: Name): PlanExpression | undefined => {
    const index = items.findIndex((item) => item.name === name.text && item.tree !== undefined);
    return index < 0 ? undefined : expressions[index];
  };

/** `GROUP BY 1`, `ORDER BY 2`. */
export const ordinalOf = (tree: Expression): number | undefined =>
  tree.kind === 'number' && /^[0-9]{1,4}$/.test(tree.text) ? Number(tree.text) : undefined;
