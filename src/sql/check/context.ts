/** What the parts of the checker hand to one another: the names that a program may use, and what stands around a query and an expression. */
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Call, Expression, Name, Query } from '../syntax/tree.ts';
import type { Column, SqlType } from '../types.ts';
import type { Times } from './monotonic.ts';
import type { OpenRelation, OpenRelations } from './open-relations.ts';
import { NO_SCOPE, type Scope } from './scope.ts';

export type Given = {
  readonly streams: readonly { readonly name: string; readonly columns: readonly Column[] }[];
  readonly tables: readonly { readonly name: string; readonly columns: readonly Column[] }[];
  /** Undeclared streams and tables, and unknown columns of them, are typed by use. */
  readonly isOpen: boolean;
};

export type NamedRelation = {
  readonly kind: 'stream' | 'table';
  readonly origin: 'input' | 'program' | 'open';
  readonly name: string;
  readonly columns: readonly Column[];
  readonly open: OpenRelation | undefined;
};

export type UserFunction = {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: SqlType }[];
  readonly returns: SqlType;
  readonly isStrict: boolean;
  /** Over a row of the parameters: the first is column 1. */
  readonly body: PlanExpression;
};

export type Environment = {
  readonly checker: Checker;
  readonly relations: Map<string, NamedRelation>;
  readonly functions: UserFunction[];
  readonly open: OpenRelations | undefined;
  /** Undeclared names that are used as tables are: beside a stream, without a window. */
  readonly openTables: ReadonlySet<string>;
  /** While open relations are still being typed, an error in an expression must not hide the uses behind it. */
  readonly isTyping: boolean;
  /** Every stream that the program creates, wherever in the text. */
  readonly later: ReadonlySet<string>;
  /** Where in the text a column of the plan was named, for errors that only show later. */
  readonly origins: WeakMap<PlanExpression, Expression>;
};

/** Queries stand in queries, and in expressions: each part reaches the others here. */
export type Checker = {
  expression(tree: Expression, context: Context): PlanExpression;
  query(query: Query, environment: Environment): Checked;
  subquery(
    kind: 'in' | 'exists' | 'scalar',
    operands: readonly PlanExpression[],
    query: Query,
    context: Context,
    span: Span,
  ): PlanExpression;
};

export type Context = {
  readonly environment: Environment;
  readonly scope: Scope;
  /** As messages name it: `WHERE clause`. */
  readonly clause: string;
  /** What ROWTIME means with nothing in front of it; undefined where there is no stream. */
  readonly rowtime: (() => PlanExpression) | undefined;
  /** Other names than columns: aliases of the select list. Asked where no column is found; before columns that nobody declared. */
  readonly named: ((name: Name) => PlanExpression | undefined) | undefined;
  /** Takes the call of an aggregate function, or says why it may not stand here. */
  readonly aggregate: (tree: Call, context: Context) => PlanExpression;
};

/** A query as what stands around it sees it. */
export type Checked = {
  readonly relation: Relation;
  readonly isStream: boolean;
  readonly times: Times;
  /** The relation that nobody declared whose columns, whichever they are, `*` hands on. */
  readonly open: OpenRelation | undefined;
};

/** The columns that the query fills, where it fills a stream: they type open columns. */
export type Wanted = readonly Column[];

export const misplaced = (tree: Call, clause: string): SqlError =>
  new SqlError(
    tree.span,
    tree.over === undefined
      ? `Aggregate expression is illegal in ${clause}`
      : `Windowed aggregate expression is illegal in ${clause}; compute it in a subquery in FROM, and refer to it by its alias`,
  );

/** Where there is no FROM. */
export const plainContext = (environment: Environment, clause: string): Context => ({
  environment,
  scope: NO_SCOPE,
  clause,
  rowtime: undefined,
  named: undefined,
  aggregate: (tree) => {
    throw misplaced(tree, clause);
  },
});
