/** Subqueries of expressions: x IN (SELECT …), EXISTS, scalar ones. They look at reference tables only, and are worked out when a table has been loaded. */
import { RowError, type Row, type SqlValue } from '../value.ts';
import type { Surroundings } from '../compile/surroundings.ts';
import { rememberedRows, type FiniteParts } from './finite.ts';
import { comparable } from './key-map.ts';

export const tableQueries = (parts: FiniteParts): Surroundings => ({
  tableQuery: (query) => {
    const rowsOf = rememberedRows(query.query, parts);
    switch (query.kind) {
      case 'exists':
        return () => rowsOf().length > 0;
      case 'scalar':
        return () => {
          const rows = rowsOf();
          if (rows.length > 1)
            throw new RowError('CARDINALITY_VIOLATION', 'A scalar subquery gives more than one row');
          return rows[0]?.[1] ?? null;
        };
      case 'in':
        return isAmong(rowsOf);
    }
  },
});

/** In SQL's three values: unknown where only a null could make it true. */
const isAmong = (rowsOf: () => readonly Row[]): ((operands: readonly SqlValue[]) => SqlValue) => {
  let known: readonly Row[] | undefined;
  let full = new Set<unknown>();
  let withNulls: Row[] = [];
  return (operands) => {
    const rows = rowsOf();
    if (rows !== known) {
      known = rows;
      withNulls = rows.filter((row) => row.slice(1).includes(null));
      full = new Set(rows.filter((row) => !row.slice(1).includes(null)).map((row) => keyOf(row.slice(1))));
    }
    if (rows.length === 0) return false;
    if (!operands.includes(null)) {
      if (full.has(keyOf(operands))) return true;
      return withNulls.some((row) => couldEqual(operands, row)) ? null : false;
    }
    return rows.some((row) => couldEqual(operands, row)) ? null : false;
  };
};

const keyOf = (values: readonly SqlValue[]): unknown =>
  comparable(values.length === 1 ? (values[0] as SqlValue) : values);

const couldEqual = (operands: readonly SqlValue[], row: Row): boolean =>
  operands.every((operand, index) => {
    const other = row[index + 1] as SqlValue;
    return operand === null || other === null || comparable(operand) === comparable(other);
  });
