import type { Column } from '../types.ts';
import type { Row } from '../value.ts';

/** What the learning functions take; DECIMAL is none of them (AWS's page of RANDOM_CUT_FOREST). */
const NUMBERS: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'REAL', 'DOUBLE']);

/** Where the numeric columns stand in a row. */
export const numericIndexes = (columns: readonly Column[]): readonly number[] =>
  columns.flatMap(({ type }, index) => (NUMBERS.has(type.name) ? [index + 1] : []));

/** Undefined where one of them is null: such a row says nothing of where it lies. */
export const pointOf = (row: Row, indexes: readonly number[]): Float64Array | undefined => {
  const point = new Float64Array(indexes.length);
  for (const [dimension, index] of indexes.entries()) {
    const value = row[index];
    if (value === null || value === undefined) return undefined;
    point[dimension] = Number(value);
  }
  return point;
};
