/**
 * The columns of an input, from all of its rows: AWS's inference over pieces of the file, and what the pieces say together. A column keeps the name that
 * its key has in the data, unless the program uses the name that AWS's discovery would have given it (COL_…). Texts that the program uses as times are
 * times where every one of them can be.
 */
import type { Readable } from 'node:stream';
import { discoverSchema } from '../../analytics/discovery/discover-schema.ts';
import type { DiscoveredSchema } from '../../analytics/discovery/discovered-schema.ts';
import { readTimestampText } from '../../analytics/mapping/datetime-text.ts';
import { readJsonPath } from '../../analytics/mapping/json-path.ts';
import type { RecordSchema } from '../../analytics/mapping/record-schema.ts';
import { UsageError } from '../../base/flags.ts';
import type { Column, SqlType } from '../../sql/types.ts';
import { linesOf } from './lines.ts';

export type Discovered = {
  readonly schema: RecordSchema;
  /** The first line of CSV is the names; undefined where the line itself has to say. */
  readonly hasHeader: boolean | undefined;
  /** Lines are no documents: the whole file is one record. */
  readonly isOneRecord: boolean;
};

type Seen = {
  readonly mapping: string | undefined;
  readonly name: string;
  /** Undefined while every value was null. */
  type: SqlType | undefined;
  areTimes: boolean;
};

/** Lines inferred from at once: as many as fit well in memory, whatever the file's size. */
const PIECE_LINES = 20_000;
const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;

/** `used` are the columns that the program names, with the types that their use asks for. */
export async function discoverInput(
  name: string,
  open: () => Readable,
  used: readonly Column[],
): Promise<Discovered> {
  const isUsed = (column: string): boolean => used.some(({ name }) => name === column);
  const isReserved = (word: string): boolean => used.some(({ name }) => name.toUpperCase() === `COL_${word}`);
  const columns = new Map<string, Seen>();
  let first: { readonly schema: DiscoveredSchema; readonly header: Uint8Array | undefined } | undefined;
  for await (const lines of batches(open())) {
    const header = first?.header;
    const found = discoverSchema(header === undefined ? lines : [header, ...lines], isReserved);
    if (found === undefined)
      throw new UsageError(`No columns can be made out in input ${name}: it is neither JSON nor CSV.`);
    if (
      first === undefined &&
      found.format.kind === 'csv' &&
      /^\s*[[{]/.test(Buffer.from(lines[0]!.subarray(0, 100)).toString())
    )
      return await wholeDocument(name, open(), used);
    first ??= { schema: found, header: headerOf(found, lines[0]!) };
    if (found.format.kind !== first.schema.format.kind)
      throw new UsageError(`Input ${name} is JSON in one part and delimited text in another.`);
    merge(columns, found, first.header !== undefined);
  }
  if (first === undefined) return empty(used);
  const { format } = first.schema;
  return {
    schema: {
      format: format.kind === 'json' ? { kind: 'json', rowPath: readJsonPath(format.rowPath) } : format,
      columns: [...columns.values()].map((seen) => columnOf(seen, used, isUsed)),
    },
    hasHeader: first.header !== undefined,
    isOneRecord: false,
  };
}

function columnOf(
  seen: Seen,
  used: readonly Column[],
  isUsed: (name: string) => boolean,
): RecordSchema['columns'][number] {
  const mapping = seen.mapping === undefined ? undefined : readJsonPath(seen.mapping);
  const last = mapping?.findLast((step) => step.kind === 'key');
  const key = last?.kind === 'key' ? last.key : seen.name;
  const name = isUsed(key) ? key : seen.name;
  const wanted = used.find((column) => column.name === name)?.type;
  const isTime = wanted?.name === 'TIMESTAMP' || wanted?.name === 'DATE' || wanted?.name === 'TIME';
  const type: SqlType =
    seen.type ?? (wanted === undefined || wanted.name === 'ANY' ? { name: 'VARCHAR', length: 4 } : wanted);
  return { name, type: isTime && type.name === 'VARCHAR' && seen.areTimes ? wanted : type, mapping };
}

/** A file without a row has the columns that the program uses. */
const empty = (used: readonly Column[]): Discovered => ({
  schema: {
    format: { kind: 'json', rowPath: [] },
    columns: used
      .filter(({ isHidden }) => isHidden !== true)
      .map(({ name, type }) => ({ name, type, mapping: [{ kind: 'key', key: name }] })),
  },
  hasHeader: false,
  isOneRecord: false,
});

/** One document over many lines, or a list of them. */
async function wholeDocument(name: string, source: Readable, used: readonly Column[]): Promise<Discovered> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > DOCUMENT_BYTES_MAX)
      throw new UsageError(`Input ${name} is no JSON lines, and too long to be one document.`);
  }
  const found = discoverSchema([Buffer.concat(chunks)], () => false);
  if (found?.format.kind !== 'json') throw new UsageError(`Input ${name} begins as JSON, and is none.`);
  const columns = new Map<string, Seen>();
  merge(columns, found, false);
  const isUsed = (column: string): boolean => used.some(({ name }) => name === column);
  return {
    schema: {
      format: { kind: 'json', rowPath: readJsonPath(found.format.rowPath) },
      columns: [...columns.values()].map((seen) => columnOf(seen, used, isUsed)),
    },
    hasHeader: false,
    isOneRecord: true,
  };
}

async function* batches(source: Readable): AsyncGenerator<Uint8Array[]> {
  let lines: Uint8Array[] = [];
  for await (const { bytes, places } of linesOf(source, false))
    for (let at = 0; at < places.length; at += 2) {
      lines.push(bytes.subarray(places[at], places[at + 1]));
      if (lines.length < PIECE_LINES) continue;
      yield lines;
      lines = [];
    }
  if (lines.length > 0) yield lines;
}

/** The line of names, where discovery took the columns' names from it. */
function headerOf({ format, columns }: DiscoveredSchema, line: Uint8Array): Uint8Array | undefined {
  if (format.kind === 'json' || columns.every(({ name }, index) => name === `COL_${index}`)) return undefined;
  return line;
}

function merge(
  columns: Map<string, Seen>,
  { columns: found, rows }: DiscoveredSchema,
  hasHeader: boolean,
): void {
  const body = hasHeader ? rows.slice(1) : rows;
  for (const [index, { name, mapping, type }] of found.entries()) {
    const key = mapping ?? name;
    const seen = columns.get(key) ?? { mapping, name, type: undefined, areTimes: true };
    columns.set(key, seen);
    let hasValue = false;
    for (const row of body) {
      const text = row[index];
      if (text === null || text === undefined || text === '') continue;
      hasValue = true;
      if (!seen.areTimes) break;
      seen.areTimes = readTimestampText(text) !== undefined;
    }
    if (hasValue) seen.type = seen.type === undefined ? type : together(seen.type, type);
  }
}

const NUMBERS = ['INTEGER', 'BIGINT', 'REAL', 'DOUBLE'];

/** The type of a column that has the one type in one part and the other in another. */
function together(left: SqlType, right: SqlType): SqlType {
  if (left.name === 'VARCHAR' || right.name === 'VARCHAR') {
    const length = (type: SqlType): number => (type.name === 'VARCHAR' ? type.length : 32);
    return { name: 'VARCHAR', length: Math.max(length(left), length(right)) };
  }
  if (left.name === right.name) return left;
  if (!NUMBERS.includes(left.name) || !NUMBERS.includes(right.name)) return { name: 'VARCHAR', length: 32 };
  const isWhole = (type: SqlType): boolean => type.name === 'INTEGER' || type.name === 'BIGINT';
  return { name: isWhole(left) && isWhole(right) ? 'BIGINT' : 'DOUBLE' };
}
