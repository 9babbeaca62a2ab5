/**
 * Streams and tables that nobody declared, and their columns, typed by use. The whole program is checked again and again: a pass in which a column
 * is seen for the first time, or its use says more of it, is followed by another, and what no use says is text in the end. While nothing is known of
 * a column, its type is an `ANY` object of its own, which travels along projections and results of MIN or COALESCE, so that a use at the far end
 * still finds the column.
 */
import type { ArgumentKind } from '../functions/function.ts';
import type { Column, SqlType } from '../types.ts';

const TEXT: SqlType = { name: 'VARCHAR', length: 65_535 };

/** What a use is worth: the column that it is written to says most, an operator around it least. */
export type Weight = 'target' | 'partner' | 'operator';
const RANKS: Readonly<Record<Weight, number>> = { target: 3, partner: 2, operator: 1 };

type OpenColumn = { readonly name: string; type: SqlType; readonly isHidden?: boolean; rank: number };

export type OpenRelation = {
  readonly name: string;
  readonly kind: 'stream' | 'table';
  /** Grows while the program is checked. */
  readonly columns: readonly Column[];
  /** The column of this name, which there is from now on. */
  column(name: string): number;
};

export type OpenRelations = {
  readonly all: readonly OpenRelation[];
  relation(name: string, kind: 'stream' | 'table'): OpenRelation;
  /** Tells what the use of a value says of its type. */
  hint(type: SqlType, use: SqlType, weight: Weight): void;
  /** Whether something was learned since the last call. */
  hasChanged(): boolean;
  /** What no use tells is text. */
  close(): void;
};

/** What every input stream has beside its own columns: they can be named, and `*` leaves them out. */
const METADATA: ReadonlyMap<string, SqlType> = new Map<string, SqlType>([
  ['APPROXIMATE_ARRIVAL_TIME', { name: 'TIMESTAMP' }],
  ['SHARD_ID', { name: 'VARCHAR', length: 64 }],
  ['PARTITION_KEY', { name: 'VARCHAR', length: 256 }],
  ['SEQUENCE_NUMBER', { name: 'VARCHAR', length: 128 }],
]);

export const openRelations = (): OpenRelations => {
  const relations = new Map<string, OpenRelation>();
  const columnsByType = new Map<SqlType, OpenColumn>();
  let changed = false;
  return {
    get all() {
      return [...relations.values()];
    },
    relation(name, kind) {
      const found = relations.get(name);
      if (found !== undefined) return found;
      changed = true;
      const columns: OpenColumn[] = [];
      const indexes = new Map<string, number>();
      const relation: OpenRelation = {
        name,
        kind,
        columns,
        column(columnName) {
          const known = indexes.get(columnName);
          if (known !== undefined) return known;
          changed = true;
          const metadata = kind === 'stream' ? METADATA.get(columnName) : undefined;
          const column: OpenColumn =
            metadata === undefined
              ? { name: columnName, type: { name: 'ANY' }, rank: 0 }
              : { name: columnName, type: metadata, isHidden: true, rank: Infinity };
          if (metadata === undefined) columnsByType.set(column.type, column);
          indexes.set(columnName, columns.length);
          return columns.push(column) - 1;
        },
      };
      relations.set(name, relation);
      return relation;
    },
    hint(type, use, weight) {
      const column = columnsByType.get(type);
      const rank = RANKS[weight];
      if (column === undefined || column.rank >= rank || use.name === 'ANY' || use.name === 'NULL') return;
      if (use.name === 'INTERVAL' || use.name === 'RECORD') return;
      changed = true;
      // A fresh object, so that a stronger hint still finds this column by it.
      column.type = use.name === 'CHAR' || use.name === 'VARCHAR' ? { ...TEXT } : { ...use };
      column.rank = rank;
      columnsByType.set(column.type, column);
    },
    hasChanged() {
      const was = changed;
      changed = false;
      return was;
    },
    close() {
      for (const column of columnsByType.values()) {
        if (column.type.name !== 'ANY') continue;
        column.type = { ...TEXT };
        changed = true;
      }
    },
  };
};

/** What a place for an argument says of an open column that stands there. */
export const typeOfKind = (kind: ArgumentKind): SqlType | undefined => {
  switch (kind) {
    case 'number':
      return { name: 'DOUBLE' };
    case 'integer':
      return { name: 'INTEGER' };
    case 'text':
      return TEXT;
    case 'boolean':
      return { name: 'BOOLEAN' };
    case 'time':
    case 'timestamp':
      return { name: 'TIMESTAMP' };
    case 'date':
      return { name: 'DATE' };
    case 'binary':
      return { name: 'VARBINARY', length: 65_535 };
    default:
      return undefined;
  }
};
