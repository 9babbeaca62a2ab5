/**
 * GROUP BY, and WINDOWED BY STAGGER. The select list, HAVING and ORDER BY are checked over the rows that are grouped, with a negative column for each
 * call of an aggregate function; then every part of them that is a grouping key becomes a column of the grouped row, and whatever column is left is
 * one that is not grouped.
 */
import type { PlanExpression } from '../plan/expression.ts';
import type { AggregateCall, Relation } from '../plan/plan.ts';
import { expressionText, mapExpression } from '../plan/walk.ts';
import { type Span, SqlError } from '../sql-error.ts';
import type { Call, Name } from '../syntax/tree.ts';
import type { Column } from '../types.ts';
import { collectCalls, isAggregateCall, resolveAggregate } from './aggregate-calls.ts';
import { callByName } from './calls.ts';
import { type Context, type Environment, misplaced } from './context.ts';
import { checkCondition, checkExpression } from './expressions.ts';
import { NO_TIMES, ROWTIME, type Time, type Times, timeOf } from './monotonic.ts';
import { type Item, type Listed, type Parts, aliasNames, ordinalOf } from './parts.ts';

const UNKNOWN: PlanExpression = { op: 'literal', value: null, type: { name: 'ANY' } };

export const checkGroups = (parts: Parts): Listed => {
  const { select, input, items, context, environment } = parts;
  const calls = collectCalls();
  const emitted = new WeakSet<PlanExpression>();
  const aggregate = (tree: Call, inner: Context): PlanExpression => {
    if (tree.over !== undefined)
      throw new SqlError(
        tree.span,
        `An analytic function cannot stand in a query with GROUP BY; group in a subquery in FROM, and put ${tree.name.text} OVER around it`,
      );
    if (!isAggregateCall(tree))
      throw new SqlError(tree.span, `'${tree.name.text}' needs a window: write OVER (…) behind it`);
    refuseDistinct(tree, input.isStream);
    const call = resolveAggregate(tree, inner);
    return call === undefined ? UNKNOWN : { op: 'column', index: -1 - calls.indexOf(call), type: call.type };
  };
  const listContext: Context = {
    ...context,
    aggregate,
    // Of the row that is about to be emitted, unless it is part of a grouping key.
    rowtime:
      context.rowtime === undefined
        ? undefined
        : () => {
            const column = { ...ROWTIME };
            emitted.add(column);
            return column;
          },
  };
  const keys = distinctKeys(keysOf(parts));
  const listed = items.map(({ tree, column }) => column ?? checkExpression(tree!, listContext));
  const places = new Map(keys.map((key, index) => [expressionText(key), index]));
  const over = (expression: PlanExpression): PlanExpression =>
    mapExpression(expression, (part) => {
      const key = places.get(expressionText(part));
      if (key !== undefined) return { op: 'column', index: 1 + key, type: keys[key]!.type };
      if (part.op !== 'column') return undefined;
      if (part.index < 0)
        return { op: 'column', index: 1 + keys.length + (-1 - part.index), type: part.type };
      if (emitted.has(part) || (part.index === 0 && !input.isStream)) return part;
      throw notGrouped(part, environment, select.span);
    });
  const named = aliasNames(items, listed);
  const laterContext: Context = { ...listContext, named };
  const having =
    select.having === undefined
      ? undefined
      : checkCondition(select.having, { ...laterContext, clause: 'HAVING clause' });
  const orderBy = select.orderBy?.items ?? [];
  // Calls that stand in ORDER BY only are computed with the others.
  for (const { expression } of orderBy)
    if (expression.kind !== 'number') checkExpression(expression, laterContext);
  const expressions = listed.map(over);
  const condition = having === undefined ? undefined : over(having);
  const grouped = groupedOf(parts, keys, calls.all);
  const relation: Relation =
    condition === undefined
      ? grouped.relation
      : { op: 'filter', columns: grouped.relation.columns, input: grouped.relation, condition };
  return { relation, times: grouped.times, expressions, over, context: laterContext };
};

const refuseDistinct = (tree: Call, isStream: boolean): void => {
  if (!tree.isDistinct || tree.name.text !== 'COUNT' || !isStream) return;
  throw new SqlError(
    tree.span,
    'COUNT(DISTINCT …) is not supported on a stream; count the rows of a subquery instead: FROM (SELECT STREAM DISTINCT ROWTIME AS t, …, STEP(s.ROWTIME BY INTERVAL …) FROM s) GROUP BY …, STEP(t BY INTERVAL …); or use COUNT_DISTINCT_ITEMS_TUMBLING',
  );
};

const notGrouped = (column: PlanExpression, environment: Environment, span: Span): SqlError => {
  const origin = environment.origins.get(column);
  const name = origin?.kind === 'path' ? origin.path.map(({ text }) => text).join('.') : 'of the select list';
  return new SqlError(
    origin?.span ?? span,
    `Expression '${name}' is not being grouped; put it into GROUP BY, or into an aggregate function`,
  );
};

const distinctKeys = (keys: readonly PlanExpression[]): readonly PlanExpression[] => {
  const first = new Map<string, PlanExpression>();
  for (const key of keys) {
    const text = expressionText(key);
    if (!first.has(text)) first.set(text, key);
  }
  return [...first.values()];
};

const keysOf = (parts: Parts): readonly PlanExpression[] => {
  const { select, context, items } = parts;
  const trees = select.stagger?.partitionBy ?? select.groupBy ?? [];
  const clause = select.stagger === undefined ? 'GROUP BY clause' : 'PARTITION BY';
  const aliases = new Map<string, Item>();
  for (const item of items)
    if (item.tree !== undefined && !aliases.has(item.name)) aliases.set(item.name, item);
  const plain: Context = {
    ...context,
    clause,
    aggregate: (tree) => {
      throw misplaced(tree, clause);
    },
    named: undefined,
  };
  // A column of that name comes first; then the alias of an item.
  const named = (name: Name): PlanExpression | undefined => {
    const item = aliases.get(name.text);
    const isItself = item?.tree?.kind === 'path' && item.tree.path.at(-1)!.text === name.text;
    return item === undefined || isItself ? undefined : checkExpression(item.tree!, plain);
  };
  return trees.map((tree) => {
    const ordinal = ordinalOf(tree);
    if (ordinal === undefined) return checkExpression(tree, { ...plain, named });
    const item = items[ordinal - 1];
    if (item === undefined)
      throw new SqlError(tree.span, `Ordinal out of range: the select list has ${items.length} items`);
    return item.column ?? checkExpression(item.tree!, plain);
  });
};

type Grouped = { readonly relation: Relation; readonly times: Times };

const groupedOf = (
  parts: Parts,
  keys: readonly PlanExpression[],
  calls: readonly AggregateCall[],
): Grouped => {
  const { select, input, environment } = parts;
  const columns = [
    ...keys.map((key, index): Column => ({ name: `key ${index + 1}`, type: key.type })),
    ...calls.map(({ type }, index): Column => ({ name: `result ${index + 1}`, type })),
  ];
  if (select.stagger !== undefined) return staggerOf(parts, keys, calls, columns);
  if (!input.isStream)
    return {
      relation: {
        op: 'aggregate',
        columns,
        input: input.relation,
        keys,
        time: -1,
        timeOf: 'row',
        calls,
      },
      times: NO_TIMES,
    };
  const { time, timeOf, planKeys } = timeKey(keys, input.times, () => noTime(parts));
  return {
    relation: { op: 'aggregate', columns, input: input.relation, keys: planKeys, time, timeOf, calls },
    times: groupedTimes(keys, input.times, environment, select.span),
  };
};

/** Which key makes progress; as a function of ROWTIME where it is one. */
export const timeKey = (
  keys: readonly PlanExpression[],
  times: Times,
  refuse: () => SqlError,
): {
  readonly time: number;
  readonly timeOf: 'rowtime' | 'row';
  readonly planKeys: readonly PlanExpression[];
} => {
  const found = keys.map((key) => timeOf(key, times));
  const ofRowtime = found.findIndex((time) => time?.form !== undefined);
  const time = ofRowtime >= 0 ? ofRowtime : found.findIndex((one) => one !== undefined);
  if (time < 0) throw refuse();
  return {
    time,
    timeOf: ofRowtime >= 0 ? 'rowtime' : 'row',
    planKeys: keys.map((key, index) => found[index]?.form ?? key),
  };
};

const noTime = ({ select, input }: Parts): SqlError => {
  const source = input.scope.sources.find(({ hasRowtime }) => hasRowtime)?.names.at(-1);
  const rowtime = source === undefined ? 'ROWTIME' : `"${source}".ROWTIME`;
  return new SqlError(
    select.span,
    `Streaming aggregation requires at least one monotonic expression in GROUP BY clause, or no group would ever end; add a window, as in GROUP BY STEP(${rowtime} BY INTERVAL '1' MINUTE)${(select.groupBy?.length ?? 0) === 0 ? '' : ', …'}, or use WINDOWED BY STAGGER`,
  );
};

/**
 * A group's row has as its ROWTIME the first moment at which the key is another, so the key is what its function gives a millisecond before: a query
 * that groups these rows by that key again still closes its groups by time.
 */
const groupedTimes = (
  keys: readonly PlanExpression[],
  times: Times,
  environment: Environment,
  span: Span,
): Times => {
  const result = new Map<number, Time>([[0, { direction: 'ascending', form: ROWTIME }]]);
  const found = keys.map((key) => timeOf(key, times));
  if (found.filter((time) => time?.form !== undefined).length > 1 && !environment.isTyping)
    throw new SqlError(
      span,
      'GROUP BY uses several expressions of ROWTIME; only one can be a window: leave the others out, or compute them from the one in the select list',
    );
  const before: PlanExpression = callByName(
    '-',
    [
      { ...ROWTIME },
      {
        op: 'literal',
        value: 1,
        type: {
          name: 'INTERVAL',
          qualifier: { from: 'SECOND', to: 'SECOND', precision: 2, fraction: 3 },
        },
      },
    ],
    span,
    environment,
  );
  const time = found.findIndex((one) => one?.form !== undefined);
  for (const [index, one] of found.entries()) {
    if (one === undefined) continue;
    if (index === time)
      result.set(index + 1, {
        direction: one.direction,
        form: mapExpression(one.form!, (part) => (part.op === 'column' ? before : undefined)),
      });
    // Without a function of ROWTIME, groups end with the first monotonic key, and come in its order.
    else if (time < 0 && index === found.findIndex((other) => other !== undefined))
      result.set(index + 1, { direction: one.direction, form: undefined });
  }
  return result;
};

const staggerOf = (
  parts: Parts,
  keys: readonly PlanExpression[],
  calls: readonly AggregateCall[],
  columns: readonly Column[],
): Grouped => {
  const { select, input, context } = parts;
  const { range, span } = select.stagger!;
  if (!input.isStream) throw new SqlError(span, 'WINDOWED BY STAGGER needs a stream');
  if (select.groupBy !== undefined)
    throw new SqlError(span, 'WINDOWED BY STAGGER stands in place of GROUP BY, not beside it');
  const offset = checkExpression(range, { ...context, clause: 'RANGE' });
  const isDayTime =
    offset.type.name === 'INTERVAL' &&
    offset.type.qualifier.from !== 'YEAR' &&
    offset.type.qualifier.from !== 'MONTH';
  const rangeMs = offset.op === 'literal' && isDayTime ? Number(offset.value) : Number.NaN;
  if (!(rangeMs > 0))
    throw new SqlError(range.span, `RANGE takes an INTERVAL above zero, as in RANGE INTERVAL '1' MINUTE`);
  return {
    relation: { op: 'stagger', columns, input: input.relation, keys, rangeMs, calls },
    times: new Map([[0, { direction: 'ascending', form: ROWTIME }]]),
  };
};
