/** The FROM clause: relations, subqueries, table functions, and joins of them (`joins.ts`). */
import type { Relation } from '../plan/plan.ts';
import { SqlError } from '../sql-error.ts';
import type { Alias, From } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import type { Checked, NamedRelation } from './context.ts';
import { findRelation, spanOf } from './environment.ts';
import { joinOf } from './joins.ts';
import { NO_TIMES, ROWTIME_ONLY } from './monotonic.ts';
import type { Fragment, FromContext } from './parts.ts';
import { NO_SCOPE, type Scope, type Source } from './scope.ts';
import { tableFunction } from './table-functions.ts';
import { joinWindow } from './windows.ts';

export const EMPTY: Relation = { op: 'values', columns: [], rows: [[]] };

export const checkFrom = (from: From, given: FromContext): Fragment => {
  const fragment = fragmentOf(from, given);
  const seen = new Set<string>();
  for (const { names } of fragment.scope.sources) {
    const name = names.at(-1);
    if (name !== undefined && seen.has(name))
      throw new SqlError(
        from.span,
        `Duplicate relation name '${name}' in FROM clause; give each an alias with AS`,
      );
    if (name !== undefined) seen.add(name);
  }
  if (from.kind !== 'join' && fragment.window !== undefined)
    throw new SqlError(
      from.span,
      'OVER in FROM belongs to a join of streams; for aggregates write it behind the function, as in AVG(x) OVER (…)',
    );
  return fragment;
};

const fragmentOf = (from: From, given: FromContext): Fragment => {
  switch (from.kind) {
    case 'relation':
      return namedFragment(from, given);
    case 'subquery': {
      const checked = given.environment.checker.query(from.query, given.environment);
      return ofQuery(checked, from, from.window, given);
    }
    case 'table function':
      return ofQuery(tableFunction(from.call, given), from, undefined, given);
    case 'join':
      return joinOf(from, fragmentOf(from.left, given), fragmentOf(from.right, given), given);
  }
};

const namedFragment = (from: Extract<From, { kind: 'relation' }>, given: FromContext): Fragment => {
  const named = findRelation(given.environment, from.name);
  const isStream = named.kind === 'stream';
  if (!isStream && from.window !== undefined)
    throw new SqlError(from.span, `'${named.name}' is a reference table: it has no window`);
  const names = from.name.map(({ text }) => text);
  const relation: Relation = isStream
    ? { op: 'scan', columns: named.columns, stream: named.name }
    : { op: 'table', columns: named.columns, table: named.name };
  return {
    relation,
    scope: scopeOf(named, names, from.alias, { windowName: from.window?.base?.text }),
    isStream,
    times: isStream ? ROWTIME_ONLY : NO_TIMES,
    window: from.window === undefined ? undefined : joinWindow(from.window, given.named, given.context),
    parts: [],
    span: from.name.length > 0 ? spanOf(from.name) : from.span,
  };
};

const scopeOf = (
  { kind, columns, open }: Pick<NamedRelation, 'kind' | 'columns' | 'open'>,
  names: readonly string[],
  alias: Alias | undefined,
  { isThrough = false, windowName }: { isThrough?: boolean; windowName?: string | undefined },
): Scope => {
  const source: Source = {
    names: alias === undefined ? names : [alias.name.text],
    offset: 0,
    columns: renamed(columns, alias),
    hasRowtime: kind === 'stream',
    open: alias?.columns === undefined ? open : undefined,
    isThrough,
    windowName: alias === undefined ? windowName : undefined,
  };
  return { ...NO_SCOPE, sources: [source] };
};

/** `AS t(a, b)`. */
const renamed = (columns: readonly Column[], alias: Alias | undefined): readonly Column[] => {
  if (alias?.columns === undefined) return columns;
  const names = alias.columns;
  const rowtime = names.find(({ text }) => text === 'ROWTIME');
  if (rowtime !== undefined)
    throw new SqlError(rowtime.span, 'A column cannot be renamed ROWTIME, which every stream has already');
  const seen = columns.filter(({ isHidden }) => isHidden !== true);
  if (names.length !== seen.length)
    throw new SqlError(
      alias.name.span,
      `List of column aliases must have same degree as table; table has ${seen.length} columns (${seen
        .map(({ name }) => `'${name}'`)
        .join(', ')}), whereas alias list has ${names.length} columns`,
    );
  return columns.map((column) =>
    column.isHidden === true ? column : { ...column, name: names[seen.indexOf(column)]!.text },
  );
};

const ofQuery = (
  { relation, isStream, times, open }: Checked,
  from: Extract<From, { kind: 'subquery' | 'table function' }>,
  window: Extract<From, { kind: 'subquery' }>['window'],
  given: FromContext,
): Fragment => {
  if (!isStream && window !== undefined) throw new SqlError(from.span, 'Only streams have windows');
  return {
    relation,
    scope: scopeOf(
      {
        kind: isStream ? 'stream' : 'table',
        columns: relation.columns,
        open,
      },
      [],
      from.alias,
      { isThrough: true },
    ),
    isStream,
    times,
    window: window === undefined ? undefined : joinWindow(window, given.named, given.context),
    parts: [],
    span: from.span,
  };
};
