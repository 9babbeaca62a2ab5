/** Relations over reference tables and VALUES alone: they have an end, and are worked out at once. Their rows have no ROWTIME (null). */
import type { Relation } from '../plan/plan.ts';
import type { Row } from '../value.ts';
import { conditionOf, rowOf, valueOf } from './expressions.ts';
import { groupRows, lookUpRows, sortRows } from './finite-steps.ts';
import { KeyMap } from './key-map.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';
import type { Site } from './site.ts';

export type FiniteParts = Pick<Site, 'times' | 'surroundings' | 'rowsOf' | 'errors'>;

export const isFinite = (relation: Relation): boolean => {
  switch (relation.op) {
    case 'table':
    case 'values':
      return true;
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'distinct':
    case 'sort':
      return isFinite(relation.input);
    case 'set':
    case 'lookup':
      return isFinite(relation.left) && isFinite(relation.right);
    case 'merge':
      return relation.inputs.every(isFinite);
    default:
      return false;
  }
};

export const finiteRows = (relation: Relation, parts: FiniteParts): readonly Row[] => {
  switch (relation.op) {
    case 'table':
      return parts.rowsOf(relation.table);
    case 'values':
      return relation.rows.map((row) => [
        null,
        ...row.map((expression) => valueOf(expression, parts)([null])),
      ]);
    case 'filter': {
      const condition = conditionOf(relation.condition, parts);
      const errors = parts.errors(relation.input);
      return finiteRows(relation.input, parts).filter((row) => attempt(() => condition(row), row, errors));
    }
    case 'project': {
      const make = rowOf(relation.expressions, relation.rowtime, parts);
      const errors = parts.errors(relation.input);
      return finiteRows(relation.input, parts).flatMap((row) => {
        const made = attempt(() => make(row), row, errors);
        return made === undefined ? [] : [made];
      });
    }
    case 'aggregate':
      return groupRows(relation, finiteRows(relation.input, parts), parts);
    case 'distinct': {
      const seen = rowSet(relation.columns.length);
      return finiteRows(relation.input, parts).filter((row) => seen.add(row));
    }
    case 'sort':
      return sortRows(relation, finiteRows(relation.input, parts), parts);
    case 'lookup':
      return lookUpRows(relation, finiteRows(relation.left, parts), finiteRows(relation.right, parts), parts);
    case 'merge':
      return relation.inputs.flatMap((input) => finiteRows(input, parts));
    case 'set':
      return combined(
        relation.operator,
        finiteRows(relation.left, parts),
        finiteRows(relation.right, parts),
        relation.columns.length,
      );
    default:
      throw new Error(`a ${relation.op} has no end`);
  }
};

/** The rows, worked out again only when one of the tables has been loaded: the same array as long as nothing has changed. */
export const rememberedRows = (relation: Relation, parts: FiniteParts): (() => readonly Row[]) => {
  const tables = tablesOf(relation);
  let known: readonly (readonly Row[])[] | undefined;
  let rows: readonly Row[] = [];
  return () => {
    if (known === undefined || tables.some((table, index) => parts.rowsOf(table) !== known?.[index])) {
      known = tables.map((table) => parts.rowsOf(table));
      rows = finiteRows(relation, parts);
    }
    return rows;
  };
};

const tablesOf = (relation: Relation): readonly string[] => {
  switch (relation.op) {
    case 'table':
      return [relation.table];
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'distinct':
    case 'sort':
      return tablesOf(relation.input);
    case 'set':
    case 'lookup':
      return [...tablesOf(relation.left), ...tablesOf(relation.right)];
    case 'merge':
      return relation.inputs.flatMap(tablesOf);
    default:
      return [];
  }
};

const attempt = <T>(work: () => T, row: Row, errors: RowErrors): T | undefined => {
  try {
    return work();
  } catch (error) {
    errors(rowErrorOf(error), row);
    return undefined;
  }
};

const combined = (
  operator: 'UNION' | 'UNION ALL' | 'EXCEPT' | 'INTERSECT',
  left: readonly Row[],
  right: readonly Row[],
  width: number,
): readonly Row[] => {
  if (operator === 'UNION ALL') return [...left, ...right];
  const others = rowSet(width);
  for (const row of right) others.add(row);
  const given = rowSet(width);
  const candidates = operator === 'UNION' ? [...left, ...right] : left;
  return candidates.filter((row) => {
    if (operator === 'EXCEPT' && others.has(row)) return false;
    if (operator === 'INTERSECT' && !others.has(row)) return false;
    return given.add(row);
  });
};

/** `add` says whether the row is new. */
const rowSet = (width: number): { has(row: Row): boolean; add(row: Row): boolean } => {
  const rows = new KeyMap<true>(
    Array.from({ length: width }, (_, index) => (row: Row) => row[index + 1] ?? null),
  );
  const has = (row: Row): boolean => rows.find(row) !== undefined;
  const add = (row: Row): boolean => {
    if (has(row)) return false;
    rows.set(rows.valuesOf(row), true);
    return true;
  };
  return { has, add };
};
