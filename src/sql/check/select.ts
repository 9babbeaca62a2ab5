/**
 * SELECT, clause by clause: FROM, WHERE, then either groups (`grouping.ts`) or aggregates over windows (`over.ts`), the select list, DISTINCT, and
 * ORDER BY (`order.ts`).
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation } from '../plan/plan.ts';
import { isSameExpression, mapExpression } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { Expression, Select, SelectItem } from '../syntax/tree.ts';
import type { Column, SqlType } from '../types.ts';
import { typeText } from '../values/type-text.ts';
import { isAggregateCall, visitTree } from './aggregate-calls.ts';
import {
  type Checked,
  type Context,
  type Environment,
  type Wanted,
  misplaced,
  plainContext,
} from './context.ts';
import { distinctOf } from './distinct.ts';
import { checkCondition, checkExpression } from './expressions.ts';
import { EMPTY, checkFrom } from './from.ts';
import { checkGroups } from './grouping.ts';
import { conjunction, conjuncts, takeKeys } from './joins.ts';
import { NO_TIMES, ROWTIME, type Time, type Times, timeOf } from './monotonic.ts';
import type { OpenRelation } from './open-relations.ts';
import { orderBefore, orderResult } from './order.ts';
import { overCalls } from './over.ts';
import { type Fragment, type Item, type Listed, type Parts, aliasNames } from './parts.ts';
import { hintColumns } from './calls.ts';
import { NO_SCOPE, type Scope, type Source, TIMESTAMP, findSource } from './scope.ts';
import { namedWindows } from './windows.ts';

export const checkSelect = (select: Select, environment: Environment, wanted: Wanted): Checked => {
  const parts = partsOf(select, environment);
  refuseStreamless(parts);
  const listed = listOf(parts);
  hintColumns(environment, listed.expressions, alignWanted(parts, wanted));
  return finish(parts, listed);
};

/** An item AS ROWTIME may stand beside the columns of the target; columns of an open `*` are those of the same name. */
const alignWanted = ({ items, select, input }: Parts, wanted: Wanted): readonly (SqlType | undefined)[] => {
  const byName = new Map(wanted.map(({ name, type }) => [name, type]));
  const isOpen = input.scope.sources.some(({ open }) => open !== undefined);
  if (isOpen && select.items.some(({ kind }) => kind === 'all'))
    return items.map(({ name }) => byName.get(name));
  const types = wanted.map(({ type }) => type);
  if (items.length !== wanted.length + 1) return types;
  const index = items.findIndex(({ isRowtime }) => isRowtime);
  return index < 0 ? types : [...types.slice(0, index), TIMESTAMP, ...types.slice(index)];
};

const NO_INPUT: Pick<Fragment, 'relation' | 'scope' | 'isStream' | 'times' | 'window' | 'parts'> = {
  relation: EMPTY,
  scope: NO_SCOPE,
  isStream: false,
  times: NO_TIMES,
  window: undefined,
  parts: [],
};

/** `SELECT *, *` in subqueries doubles the columns with each. */
const COLUMNS_MAX = 20_000;

const partsOf = (select: Select, environment: Environment): Parts => {
  const plain = plainContext(environment, 'FROM clause');
  const named = namedWindows(select.windows);
  const from: Fragment =
    select.from === undefined
      ? { ...NO_INPUT, span: select.span }
      : checkFrom(select.from, {
          environment,
          named,
          context: plain,
        });
  const context: Context = {
    ...plain,
    scope: from.scope,
    clause: 'SELECT clause',
    rowtime: from.isStream ? () => ({ ...ROWTIME }) : undefined,
    aggregate: (tree) => {
      throw misplaced(tree, 'this clause');
    },
  };
  const input = whereOf(select, from, context);
  const items = select.items.flatMap((item) => itemsOf(item, from.scope));
  if (items.length > COLUMNS_MAX)
    throw new SqlError(
      select.span,
      `The select list has ${items.length} columns; ${COLUMNS_MAX} are allowed`,
    );
  return {
    select,
    environment,
    input,
    context,
    // EXPR$n counts the columns of the result.
    items: items.map((item, index) => (item.name === '' ? { ...item, name: `EXPR$${index}` } : item)),
  };
};

const whereOf = (select: Select, from: Fragment, context: Context): Fragment => {
  if (select.where === undefined) return from;
  const aliases = aliasesOf(select);
  const condition = checkCondition(select.where, {
    ...context,
    clause: 'WHERE clause',
    aggregate: (tree) => {
      throw misplaced(tree, 'WHERE clause');
    },
    named: (name) => {
      // An alias is not seen here; told apart from a name that does not exist at all. An open relation has a column of that name.
      if (!aliases.has(name.text) || from.scope.sources.some(({ open }) => open !== undefined))
        return undefined;
      throw new SqlError(
        name.span,
        `Column '${name.text}' not found in any table: an alias of the select list is not known in WHERE; repeat the expression, or put the query into FROM`,
      );
    },
  });
  const { relation } = from;
  // `FROM a, b WHERE a.x = b.x` joins by a key too.
  if ((relation.op === 'join' || relation.op === 'lookup') && relation.kind === 'INNER') {
    const rightOffset = 2 + relation.left.columns.length;
    const { keys, rest } = takeKeys(conjuncts(condition), rightOffset);
    if (keys.length > 0) {
      const joined: Relation = { ...relation, keys: [...relation.keys, ...keys] };
      return { ...from, relation: filtered(joined, conjunction(rest, select.where.span, context)) };
    }
  }
  return { ...from, relation: filtered(relation, condition) };
};

const filtered = (input: Relation, condition: PlanExpression | undefined): Relation =>
  condition === undefined ? input : { op: 'filter', columns: input.columns, input, condition };

const aliasesOf = (select: Select): ReadonlyMap<string, Expression> =>
  new Map(
    select.items.flatMap((item) =>
      item.kind === 'expression' && item.alias !== undefined
        ? [[item.alias.text, item.expression] as const]
        : [],
    ),
  );

const itemsOf = (item: SelectItem, scope: Scope): readonly Item[] => {
  if (item.kind === 'all') return starItems(item, scope);
  const { expression, alias, span } = item;
  const name = alias?.text ?? (expression.kind === 'path' ? expression.path.at(-1)!.text : '');
  return [{ name, isRowtime: name === 'ROWTIME', tree: expression, column: undefined, span }];
};

const starItems = (item: Extract<SelectItem, { kind: 'all' }>, scope: Scope): readonly Item[] => {
  if (item.of === undefined) {
    if (scope.sources.length === 0) throw new SqlError(item.span, 'SELECT * needs a FROM clause');
    const merged = [...scope.merged].map(([name, column]) => starItem(name, column, item));
    return [
      ...merged,
      ...scope.sources.flatMap((source) => columnItems(source, item, (name) => scope.merged.has(name))),
    ];
  }
  const source = findSource(scope, item.of);
  if (source === undefined)
    throw new SqlError(item.span, `Unknown identifier '${item.of.map(({ text }) => text).join('.')}'`);
  return columnItems(source, item, () => false);
};

const starItem = (name: string, column: PlanExpression, { span }: SelectItem): Item => ({
  name,
  isRowtime: false,
  tree: undefined,
  column,
  span,
});

/** ROWTIME stays out, and so do the columns that are a stream's beside those of its records. */
const columnItems = (
  source: Source,
  item: SelectItem,
  isMerged: (name: string) => boolean,
): readonly Item[] =>
  source.columns.flatMap(({ name, type, isHidden }, index) => {
    if (isHidden === true || isMerged(name) || (name === 'ROWTIME' && source.hasRowtime)) return [];
    const column: PlanExpression = { op: 'column', index: source.offset + 1 + index, type };
    return [starItem(name, column, item)];
  });

const refuseStreamless = ({ select, input, environment }: Parts): void => {
  if (!select.isStream || input.isStream || environment.isTyping) return;
  throw new SqlError(
    select.span,
    'Cannot stream results of a query with no streaming inputs: at least one relation in FROM has to be a stream',
  );
};

const listOf = (parts: Parts): Listed => {
  const { select, items } = parts;
  const trees = items.flatMap(({ tree }) => tree ?? []);
  const ordered = select.orderBy?.items.map(({ expression }) => expression) ?? [];
  const isGrouped =
    select.groupBy !== undefined ||
    select.stagger !== undefined ||
    select.having !== undefined ||
    [...trees, ...ordered].some(hasAggregate);
  return isGrouped ? checkGroups(parts) : plainList(parts);
};

/** A call of an aggregate function without OVER, outside subqueries. */
const hasAggregate = (tree: Expression): boolean => {
  let found = false;
  visitTree(tree, (part) => {
    if (part.kind === 'call' && part.over === undefined && isAggregateCall(part)) found = true;
  });
  return found;
};

/** Without groups: aggregates may stand over windows. */
const plainList = (parts: Parts): Listed => {
  const { input, items, context } = parts;
  const over = overCalls(parts);
  const listContext: Context = { ...context, aggregate: over.take };
  const emitted = new Set<PlanExpression>();
  const itemContext: Context = {
    ...listContext,
    rowtime:
      context.rowtime === undefined
        ? undefined
        : () => {
            const column = { ...ROWTIME };
            emitted.add(column);
            return column;
          },
  };
  const expressions = items.map(({ tree, column }) => column ?? checkExpression(tree!, itemContext));
  const rowtime = expressions[items.findIndex(({ isRowtime }) => isRowtime)];
  // Beside an item AS ROWTIME, ROWTIME is the one that the row is about to have.
  const emittedOnes =
    rowtime === undefined
      ? expressions
      : expressions.map((expression) =>
          expression === rowtime
            ? expression
            : mapExpression(expression, (part) => (emitted.has(part) ? rowtime : undefined)),
        );
  return {
    relation: input.relation,
    times: input.times,
    expressions: emittedOnes,
    over: (expression) => expression,
    context: { ...listContext, named: aliasNames(items, emittedOnes) },
    ...over.finish(input, emittedOnes),
  };
};

const finish = (parts: Parts, listed: Listed): Checked => {
  const { select, input, items } = parts;
  const { orderBy } = select;
  if (select.isDistinct) {
    const projected = project(listed.relation, items, listed.expressions, listed.times);
    const distinct = { ...distinctOf(projected, input.isStream, select), open: openOf(parts) };
    if (orderBy === undefined) return distinct;
    return orderResult(distinct, orderBy, listed.context, {
      items,
      expressions: listed.expressions.map((expression) => expression),
      over: listed.over,
    });
  }
  const ordered = orderBy === undefined ? listed : orderBefore(listed, orderBy, items, input.isStream);
  const { relation, times } = project(ordered.relation, items, ordered.expressions, ordered.times);
  return { relation, times, isStream: input.isStream, open: openOf(parts) };
};

/** A `*` over an undeclared relation has columns that are not known yet. */
const openOf = ({ select, input }: Parts): OpenRelation | undefined =>
  select.items.some(({ kind }) => kind === 'all')
    ? input.scope.sources.find(({ open }) => open !== undefined)?.open
    : undefined;

/** The select list as a projection; none where it is just what comes in. */
const project = (
  input: Relation,
  items: readonly Item[],
  expressions: readonly PlanExpression[],
  times: Times,
): { readonly relation: Relation; readonly times: Times } => {
  const rowtimeIndex = items.findIndex(({ isRowtime }) => isRowtime);
  if (items.filter(({ isRowtime }) => isRowtime).length > 1)
    throw new SqlError(items[rowtimeIndex]!.span, 'Only one item of the select list may be ROWTIME');
  const rowtime = rowtimeIndex < 0 ? undefined : rowtimeOf(items[rowtimeIndex]!, expressions[rowtimeIndex]!);
  const columns = items.map(({ name }, index): Column => ({ name, type: expressions[index]!.type }));
  const isSame =
    rowtime === undefined &&
    columns.length === input.columns.length &&
    expressions.every((one, index) => one.op === 'column' && one.index === index + 1);
  const relation: Relation =
    isSame && columns.every(({ name }, index) => name === input.columns[index]!.name)
      ? input
      : { op: 'project', columns, input, expressions, rowtime };
  return { relation, times: timesOf(expressions, rowtime, times) };
};

const rowtimeOf = (item: Item, expression: PlanExpression): PlanExpression | undefined => {
  if (expression.op === 'column' && expression.index === 0) return undefined;
  const { name } = expression.type;
  if (name !== 'TIMESTAMP' && name !== 'ANY')
    throw new SqlError(item.span, `ROWTIME must be a TIMESTAMP, and this is ${typeText(expression.type)}`);
  return expression;
};

const timesOf = (
  expressions: readonly PlanExpression[],
  rowtime: PlanExpression | undefined,
  times: Times,
): Times => {
  if (!times.has(0)) return NO_TIMES;
  const result = new Map<number, Time>([[0, { direction: 'ascending', form: ROWTIME }]]);
  for (const [index, expression] of expressions.entries()) {
    const time = timeOf(expression, times);
    if (rowtime !== undefined && isSameExpression(expression, rowtime))
      result.set(index + 1, { direction: 'ascending', form: ROWTIME });
    else if (time !== undefined)
      result.set(index + 1, rowtime === undefined ? time : { ...time, form: undefined });
  }
  return result;
};
