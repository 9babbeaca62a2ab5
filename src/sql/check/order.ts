/** ORDER BY of a stream: it sorts the rows for which its leading expression, of time, stays the same. With WITHIN it is the T-sort. */
import { convertTo } from '../functions/convert.ts';
import type { PlanExpression } from '../plan/expression.ts';
import type { Relation, SortKey } from '../plan/plan.ts';
import { isSameExpression, mapExpression } from '../plan/walk.ts';
import { SqlError } from '../sql-error.ts';
import type { OrderBy } from '../syntax/tree.ts';
import type { Checked, Context } from './context.ts';
import { checkExpression } from './expressions.ts';
import { NO_TIMES, ROWTIME, ROWTIME_ONLY, type Time, type Times, timeOf } from './monotonic.ts';
import { type Item, type Listed, ordinalOf } from './parts.ts';

type Written = OrderBy['items'][number];

const keyOf = (
  { expression }: Written,
  items: readonly Item[],
  expressions: readonly PlanExpression[],
  context: Context,
): PlanExpression => {
  const ordinal = ordinalOf(expression);
  if (ordinal !== undefined) {
    const item = expressions[ordinal - 1];
    if (item === undefined || ordinal === 0)
      throw new SqlError(expression.span, `Ordinal out of range: the select list has ${items.length} items`);
    return item;
  }
  // The name of an item comes before a column of the same name.
  if (expression.kind === 'path' && expression.path.length === 1) {
    const index = items.findIndex(
      ({ name, tree }) => tree !== undefined && name === expression.path[0]!.text && name !== 'ROWTIME',
    );
    if (index >= 0) return expressions[index]!;
  }
  return checkExpression(expression, context);
};

/** Before the select list is projected, so that what is not selected can be sorted by too. */
export const orderBefore = (
  listed: Listed,
  orderBy: OrderBy,
  items: readonly Item[],
  isStream: boolean,
): Pick<Listed, 'relation' | 'times' | 'expressions'> => {
  const context: Context = { ...listed.context, clause: 'ORDER BY clause' };
  const keys = orderBy.items.map((written) => {
    const isItem = ordinalOf(written.expression) !== undefined || isItemName(written, items);
    const key = keyOf(written, items, listed.expressions, context);
    return isItem ? key : listed.over(key, context);
  });
  const sorted =
    orderBy.within === undefined
      ? sort(listed.relation, listed.times, orderBy, keys, isStream)
      : timeSort(listed, orderBy, keys, items, context);
  return { expressions: listed.expressions, ...sorted };
};

const isItemName = ({ expression }: Written, items: readonly Item[]): boolean =>
  expression.kind === 'path' &&
  expression.path.length === 1 &&
  items.some(
    ({ name, tree }) => tree !== undefined && name === expression.path[0]!.text && name !== 'ROWTIME',
  );

/** A table is one batch. */
const WHOLE: PlanExpression = { op: 'literal', value: true, type: { name: 'BOOLEAN' } };

type Sorted = { readonly relation: Relation; readonly times: Times };

const sort = (
  input: Relation,
  times: Times,
  orderBy: OrderBy,
  keys: readonly PlanExpression[],
  isStream: boolean,
): Sorted => {
  const by = keys.map((expression, index): SortKey => ({
    expression,
    isDescending: orderBy.items[index]!.isDescending,
  }));
  if (!isStream)
    return {
      relation: { op: 'sort', columns: input.columns, input, time: WHOLE, timeOf: 'row', by },
      times: NO_TIMES,
    };
  const time = timeOf(keys[0]!, times);
  const { expression, isDescending } = orderBy.items[0]!;
  if (time === undefined)
    throw new SqlError(
      expression.span,
      'Streaming ORDER BY must start with monotonic expression of time, as in ORDER BY FLOOR(s.ROWTIME TO MINUTE), …',
    );
  if (isDescending !== (time.direction === 'descending'))
    throw new SqlError(
      expression.span,
      'A stream can be sorted by time in its own direction only; leave the DESC of the leading expression out',
    );
  return {
    relation: {
      op: 'sort',
      columns: input.columns,
      input,
      time: time.form ?? keys[0]!,
      timeOf: time.form === undefined ? 'row' : 'rowtime',
      by,
    },
    times: sortedTimes(times, time),
  };
};

/** Within a batch rows change places, so only what is the same for all of them keeps its order. */
const sortedTimes = (times: Times, by: Time): Times => {
  const result = new Map<number, Time>([[0, { direction: 'ascending', form: ROWTIME }]]);
  for (const [index, time] of times)
    if (index > 0 && time.form !== undefined && by.form !== undefined && isSameExpression(time.form, by.form))
      result.set(index, time);
  return result;
};

const timeSort = (
  listed: Listed,
  orderBy: OrderBy,
  keys: readonly PlanExpression[],
  items: readonly Item[],
  context: Context,
): Sorted & { readonly expressions: readonly PlanExpression[] } => {
  const [key] = keys as readonly [PlanExpression];
  const { expression, isDescending } = orderBy.items[0]!;
  if (orderBy.items.length > 1) throw new SqlError(orderBy.span, 'ORDER BY … WITHIN takes one expression');
  if (isDescending) throw new SqlError(expression.span, 'ORDER BY … WITHIN cannot be DESC');
  if (isSameExpression(key, ROWTIME))
    throw new SqlError(
      expression.span,
      'ORDER BY … WITHIN sorts by a time of the rows, which ROWTIME is already',
    );
  if (key.type.name !== 'TIMESTAMP' && key.type.name !== 'ANY')
    throw new SqlError(expression.span, 'ORDER BY … WITHIN needs an expression of type TIMESTAMP');
  const selected = items.findIndex(({ isRowtime }) => isRowtime);
  if (selected < 0 || !isSameExpression(listed.expressions[selected]!, key))
    throw new SqlError(
      expression.span,
      'The expression of ORDER BY … WITHIN has to be in the select list AS ROWTIME',
    );
  const within = checkExpression(orderBy.within!, { ...context, clause: 'WITHIN' });
  const isDayTime =
    within.type.name === 'INTERVAL' &&
    within.type.qualifier.from !== 'YEAR' &&
    within.type.qualifier.from !== 'MONTH';
  if (within.op !== 'literal' || !isDayTime || Number(within.value) < 0)
    throw new SqlError(orderBy.within!.span, `WITHIN takes an INTERVAL, as in WITHIN INTERVAL '10' SECOND`);
  const { relation: input } = listed;
  // Behind the sort the key is the ROWTIME, and is selected as that.
  const expressions = listed.expressions.map((one) =>
    mapExpression(one, (part) => (isSameExpression(part, key) ? { ...ROWTIME } : undefined)),
  );
  return {
    relation: {
      op: 'time sort',
      columns: input.columns,
      input,
      by: convertTo(key, ROWTIME.type, 'argument', expression.span),
      withinMs: Number(within.value),
    },
    times: ROWTIME_ONLY,
    expressions,
  };
};

/** What the select list was, where ORDER BY sorts a result that is finished. */
type Result = {
  readonly items: readonly Item[];
  readonly expressions: readonly PlanExpression[];
  readonly over: Listed['over'];
};

/** Behind DISTINCT and set operators: by the columns of the result. */
export const orderResult = (
  checked: Checked,
  orderBy: OrderBy,
  context: Context,
  result?: Result,
): Checked => {
  const { relation, times, isStream } = checked;
  if (orderBy.within !== undefined)
    throw new SqlError(
      orderBy.span,
      'ORDER BY … WITHIN needs a SELECT without DISTINCT; put the query into FROM',
    );
  const columns = relation.columns.map(({ type }, index): PlanExpression => ({
    op: 'column',
    index: index + 1,
    type,
  }));
  const inResult: Context =
    result === undefined
      ? {
          ...context,
          clause: 'ORDER BY clause',
          rowtime: isStream ? () => ({ ...ROWTIME }) : undefined,
          named: undefined,
          scope: {
            sources: [
              {
                names: [],
                offset: 0,
                columns: relation.columns,
                hasRowtime: isStream,
                open: undefined,
                isThrough: false,
                windowName: undefined,
              },
            ],
            merged: new Map(),
          },
        }
      : { ...context, clause: 'ORDER BY clause' };
  const keys = orderBy.items.map((written) => {
    const ordinal = ordinalOf(written.expression);
    if (result === undefined || ordinal !== undefined) {
      if (ordinal !== undefined && (ordinal === 0 || ordinal > columns.length))
        throw new SqlError(
          written.expression.span,
          `Ordinal out of range: the select list has ${columns.length} items`,
        );
      return ordinal === undefined ? checkExpression(written.expression, inResult) : columns[ordinal - 1]!;
    }
    const isItem = isItemName(written, result.items);
    const key = keyOf(written, result.items, result.expressions, inResult);
    return ofResult(isItem ? key : result.over(key, inResult), result, columns, written);
  });
  return { ...sort(relation, times, orderBy, keys, isStream), isStream, open: checked.open };
};

/** DISTINCT leaves nothing to sort by but what is selected, and ROWTIME. */
const ofResult = (
  key: PlanExpression,
  result: Result,
  columns: readonly PlanExpression[],
  written: Written,
): PlanExpression =>
  mapExpression(key, (part) => {
    if (part.op === 'column' && part.index === 0) return part;
    const index = result.expressions.findIndex((expression) => isSameExpression(expression, part));
    if (index >= 0) return columns[index];
    if (part.op !== 'column') return undefined;
    throw new SqlError(
      written.expression.span,
      'Expression of ORDER BY is not in the select list, as it has to be with DISTINCT',
    );
  });
