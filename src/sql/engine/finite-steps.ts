/** The steps over rows that have an end for which a stream needs time: groups, sorting, and the rows of one table beside those of another. */
import { isBeforeOf } from '../functions/comparison.ts';
import type { Accumulator } from '../functions/function.ts';
import type { Relation } from '../plan/plan.ts';
import type { Row, SqlValue } from '../value.ts';
import { tallies } from './build-calls.ts';
import { conditionOf, valueOf } from './expressions.ts';
import { KeyMap } from './key-map.ts';
import { Lookup } from './lookup.ts';
import { rowErrorOf } from './row-errors.ts';
import type { Site } from './site.ts';
import { Sort } from './sort.ts';
import { addAll, newAccumulators, readAll } from './tally.ts';

type RelationOf<Op extends Relation['op']> = Extract<Relation, { op: Op }>;
type Parts = Pick<Site, 'times' | 'surroundings' | 'errors'>;

/** In the order in which the groups begin; without keys there is one group always. */
export const groupRows = (
  relation: RelationOf<'aggregate'>,
  rows: readonly Row[],
  parts: Parts,
): readonly Row[] => {
  const calls = tallies(relation.calls, parts);
  const groups = new KeyMap<Accumulator[]>(relation.keys.map((key) => valueOf(key, parts)));
  const begun: (readonly [keys: readonly SqlValue[], results: Accumulator[]])[] = [];
  const begin = (keys: readonly SqlValue[]): Accumulator[] => {
    const results = newAccumulators(calls);
    groups.set(keys, results);
    begun.push([keys, results]);
    return results;
  };
  const [errors, groupErrors] = [parts.errors(relation.input), parts.errors(relation)];
  for (const row of rows) {
    try {
      readAll(calls, row);
      addAll(calls, groups.find(row) ?? begin(groups.valuesOf(row)));
    } catch (error) {
      errors(rowErrorOf(error), row);
    }
  }
  if (relation.keys.length === 0 && begun.length === 0) begin([]);
  return begun.flatMap(([keys, results]) => {
    try {
      return [[null, ...keys, ...results.map((result) => result.result())]];
    } catch (error) {
      groupErrors(rowErrorOf(error), [null, ...keys, ...results.map(() => null)]);
      return [];
    }
  });
};

/** What an operator of streams makes of rows that all come at one moment. */
const given = (
  make: (out: { row(row: Row): void; bound(): void }) => {
    row(row: Row): void;
    bound(timeMs: number): void;
  },
  rows: readonly Row[],
): readonly Row[] => {
  const out: Row[] = [];
  const operator = make({
    row: (row) => out.push([null, ...row.slice(1)]),
    bound: () => undefined,
  });
  for (const row of rows) operator.row([0, ...row.slice(1)]);
  operator.bound(Infinity);
  return out;
};

export const sortRows = (
  { input, by }: RelationOf<'sort'>,
  rows: readonly Row[],
  parts: Parts,
): readonly Row[] => {
  const keys = by.map(({ expression, isDescending }) => ({
    key: valueOf(expression, parts),
    isBefore: isBeforeOf(expression.type),
    isDescending,
  }));
  const whole = { of: 'row', key: () => true } as const;
  return given((out) => new Sort(keys, whole, parts.errors(input), out), rows);
};

export const lookUpRows = (
  relation: RelationOf<'lookup'>,
  leftRows: readonly Row[],
  rightRows: readonly Row[],
  parts: Parts,
): readonly Row[] => {
  const { kind, left, right, keys, condition } = relation;
  return given(
    (out) =>
      new Lookup(
        {
          kind,
          leftKeys: keys.map((key) => valueOf(key.left, parts)),
          rightKeys: keys.map((key) => valueOf(key.right, parts)),
          condition: condition === undefined ? undefined : conditionOf(condition, parts),
          rows: () => rightRows,
          rightWidth: right.columns.length + 1,
        },
        [parts.errors(left), parts.errors(right), parts.errors(relation)],
        out,
      ),
    leftRows,
  );
};
