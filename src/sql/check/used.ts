/** Which columns of its streams a program reads: the others need not be parsed. */
import type { PlanExpression } from '../plan/expression.ts';
import type { JoinKey, PumpPlan, Relation, SelectPlan } from '../plan/plan.ts';
import { columnsOf } from '../plan/walk.ts';

type Needed = ReadonlySet<number>;

const ofExpressions = (expressions: Iterable<PlanExpression>): Set<number> => {
  const needed = new Set<number>();
  for (const expression of expressions) for (const index of columnsOf(expression)) needed.add(index);
  return needed;
};

const union = (...sets: readonly Iterable<number>[]): Set<number> => new Set(sets.flatMap((set) => [...set]));

const all = ({ columns }: Relation): Set<number> => new Set(columns.map((_, index) => index + 1));

const FOREST_NUMBERS: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'REAL',
  'DOUBLE',
]);

/** For each stream, the indexes of its columns that are read. */
export const usedColumns = (
  pumps: readonly Pick<PumpPlan, 'query' | 'assignments' | 'rowtime'>[],
  selects: readonly SelectPlan[],
): ReadonlyMap<string, ReadonlySet<number>> => {
  const used = new Map<string, Set<number>>();
  const use = (relation: Relation, needed: Needed): void => {
    switch (relation.op) {
      case 'scan': {
        const own = used.get(relation.stream) ?? new Set();
        for (const index of needed) if (index > 0) own.add(index - 1);
        used.set(relation.stream, own);
        return;
      }
      case 'table':
      case 'values':
        return;
      case 'filter':
        return use(relation.input, union(needed, columnsOf(relation.condition)));
      case 'project': {
        const read = relation.expressions.filter((_, index) => needed.has(index + 1));
        return use(
          relation.input,
          ofExpressions([...read, ...(relation.rowtime === undefined ? [] : [relation.rowtime])]),
        );
      }
      case 'aggregate':
      case 'stagger':
        return use(
          relation.input,
          ofExpressions([...relation.keys, ...relation.calls.flatMap(({ args }) => args)]),
        );
      case 'distinct':
        return use(relation.input, union(needed, ofExpressions(relation.keys)));
      case 'over': {
        const own = ofExpressions(
          relation.windows.flatMap(({ partitionBy, calls }) => [
            ...partitionBy,
            ...calls.flatMap(({ args }) => args),
          ]),
        );
        const width = relation.input.columns.length;
        return use(
          relation.input,
          union(
            own,
            [...needed].filter((index) => index <= width),
          ),
        );
      }
      case 'join':
      case 'lookup':
        return useSides(relation, needed);
      case 'merge':
        for (const input of relation.inputs) use(input, needed);
        return;
      case 'set':
        use(relation.left, all(relation.left));
        use(relation.right, all(relation.right));
        return;
      case 'sort':
        return use(
          relation.input,
          union(needed, ofExpressions([relation.time, ...relation.by.map(({ expression }) => expression)])),
        );
      case 'time sort':
        return use(relation.input, union(needed, columnsOf(relation.by)));
      case 'table function':
        return use(relation.input, ofTableFunction(relation, needed));
    }
  };
  const useSides = (relation: Extract<Relation, { op: 'join' | 'lookup' }>, needed: Needed): void => {
    const rightOffset = 2 + relation.left.columns.length;
    const own = union(needed, relation.condition === undefined ? [] : columnsOf(relation.condition));
    const keys = (side: keyof JoinKey): Set<number> => ofExpressions(relation.keys.map((key) => key[side]));
    const left = [...own].filter((index) => index > 0 && index < rightOffset).map((index) => index - 1);
    const right = [...own].filter((index) => index >= rightOffset).map((index) => index - rightOffset);
    use(relation.left, union(left, keys('left')));
    use(relation.right, union(right, keys('right')));
  };
  for (const { query, assignments, rowtime } of pumps)
    use(query, ofExpressions([...assignments, ...(rowtime === undefined ? [] : [rowtime])]));
  for (const { query } of selects) use(query, all(query));
  return used;
};

/** What a function scores or counts, beside what is read of the columns it hands on. */
const ofTableFunction = (
  { name, input, args }: Extract<Relation, { op: 'table function' }>,
  needed: Needed,
): Needed => {
  const named = (column: unknown): readonly number[] =>
    input.columns.flatMap((own, index) => (own.name === column ? [index + 1] : []));
  const handedOn = [...needed].filter((index) => index <= input.columns.length);
  switch (name) {
    case 'TOP_K_ITEMS_TUMBLING':
    case 'COUNT_DISTINCT_ITEMS_TUMBLING':
      return new Set(named(args[0]));
    case 'GROUP_RANK':
      return union(handedOn, named(args[0]));
    default:
      return union(
        handedOn,
        input.columns.flatMap(({ type }, index) => (FOREST_NUMBERS.has(type.name) ? [index + 1] : [])),
      );
  }
};

/** Tables that a program reads, in the order of their first use. */
export const usedTables = (relations: readonly Relation[]): readonly string[] => {
  const tables = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const { op } = value as { op?: unknown };
    if (op === 'table') tables.add((value as Extract<Relation, { op: 'table' }>).table);
    if (op === 'literal' || op === 'column') return;
    for (const [key, part] of Object.entries(value)) if (key !== 'columns' && key !== 'type') visit(part);
  };
  relations.forEach(visit);
  return [...tables];
};
