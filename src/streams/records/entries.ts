/**
 * The records of a call as columns: PutRecords' come so from the wire, PutRecord's one and lists of an unusual form are made so here. So
 * there is one way on, without an object for each record.
 */
import { bytesColumn, type BytesColumn, Packed } from '../../wire/shape/packed.ts';
import type { Entries, Entry } from './record-rules.ts';

export type EntryColumns = {
  /** In UTF-8; undefined when no record has one. */
  readonly keys: BytesColumn | undefined;
  readonly hashKeys: BytesColumn | undefined;
  readonly data: BytesColumn | undefined;
};

export function columnsOf({ columns }: Entries): EntryColumns {
  const { PartitionKey, ExplicitHashKey, Data } = columns;
  return {
    keys: PartitionKey as BytesColumn | undefined,
    hashKeys: ExplicitHashKey as BytesColumn | undefined,
    data: Data as BytesColumn | undefined,
  };
}

export function hasKey(keys: BytesColumn | undefined, index: number): boolean {
  return keys !== undefined && keys.starts[index] !== -1;
}

/** Bytes of one record's value; 0 when it has none. */
export function bytesAt(column: BytesColumn | undefined, index: number): number {
  if (column === undefined || column.starts[index] === -1) return 0;
  return column.ends[index]! - column.starts[index]!;
}

/** The only record of a call. */
export function packEntry({ Data, PartitionKey, ExplicitHashKey }: Entry): Entries {
  const columns: { Data: BytesColumn; PartitionKey?: BytesColumn; ExplicitHashKey?: BytesColumn } = {
    Data: columnOfOne('blob', Data),
  };
  if (PartitionKey !== undefined) columns.PartitionKey = columnOfOne('text', Buffer.from(PartitionKey));
  if (ExplicitHashKey !== undefined) {
    columns.ExplicitHashKey = columnOfOne('text', Buffer.from(ExplicitHashKey));
  }
  return new Packed<Entry>(1, columns);
}

/** Where the only value of a column starts. */
const AT_FIRST = new Int32Array(1);

function columnOfOne(kind: 'text' | 'blob', value: Uint8Array): BytesColumn {
  const ends = new Int32Array(1);
  ends[0] = value.length;
  return { kind, sources: [value], starts: AT_FIRST, ends };
}

export function packEntries(list: readonly Entry[] | Entries): Entries {
  if (list instanceof Packed) return list;
  const texts = (name: 'PartitionKey' | 'ExplicitHashKey'): BytesColumn | undefined =>
    list.some((entry) => entry[name] !== undefined)
      ? column(
          'text',
          list.map((entry) => (entry[name] === undefined ? undefined : Buffer.from(entry[name]))),
        )
      : undefined;
  const keys = texts('PartitionKey');
  const hashKeys = texts('ExplicitHashKey');
  return new Packed<Entry>(list.length, {
    Data: column(
      'blob',
      list.map(({ Data }) => Data),
    ),
    ...(keys === undefined ? {} : { PartitionKey: keys }),
    ...(hashKeys === undefined ? {} : { ExplicitHashKey: hashKeys }),
  });
}

const NOTHING = new Uint8Array(0);

function column(kind: 'text' | 'blob', values: readonly (Uint8Array | undefined)[]): BytesColumn {
  const { length } = values;
  const column = bytesColumn(
    kind,
    values.map((value) => value ?? NOTHING),
    length,
  );
  for (let index = 0; index < length; index++) {
    const value = values[index];
    if (value === undefined) continue;
    column.starts[index] = 0;
    column.ends[index] = value.length;
  }
  return column;
}
