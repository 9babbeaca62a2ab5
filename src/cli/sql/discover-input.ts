/**
 * The columns of an input, from all of its rows. A column keeps the name that its key has in the data, unless the program uses the name that AWS's
 * discovery would have given it (COL_…). Texts that the program uses as times are times where every one of them can be.
 */
import type { Readable } from 'node:stream';
import { discoverSchema } from '../../analytics/discovery/discover-schema.ts';
import { readJsonPath } from '../../analytics/mapping/json-path.ts';
import type { RecordSchema } from '../../analytics/mapping/record-schema.ts';
import { UsageError } from '../../base/flags.ts';
import type { Column, SqlType } from '../../sql/types.ts';
import { DelimitedColumns } from './discover-delimited.ts';
import { LineColumns } from './discover-lines.ts';
import { isTimeText, ROWTIME_IN_DATA, type Discovered, type SeenColumn } from './discovered.ts';
import { linesOf } from './lines.ts';

/** Lines of text inferred from at once: as many as fit well in memory, whatever the file's size. */
const BATCH_LINES = 20_000;
const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;
const BEGINS_AS_JSON = /^\s*[[{]/;

/** `used` are the columns that the program names, with the types that their use asks for. */
export async function discoverInput(
  name: string,
  open: () => Readable,
  used: readonly Column[],
): Promise<Discovered> {
  const isReserved = (word: string): boolean => used.some(({ name }) => name.toUpperCase() === `COL_${word}`);
  const isTimeWanted = (key: string): boolean =>
    used.some(({ name, type }) => isTime(type) && (name === key || name.endsWith(key)));
  const lines = new LineColumns(isTimeWanted);
  const delimited = new DelimitedColumns(isReserved);
  let kind: 'lines' | 'delimited' | undefined;
  for await (const batch of batches(open())) {
    if (kind !== 'delimited') {
      // A line that is no JSON among others that are will be a row in error.
      const documents = batch.filter((line) => lines.add(line)).length;
      kind ??= documents * 2 >= batch.length ? 'lines' : undefined;
    }
    if (kind === 'lines') continue;
    if (kind === undefined && BEGINS_AS_JSON.test(Buffer.from(batch[0]!).toString()))
      return await wholeDocument(name, open(), used);
    kind = 'delimited';
    if (!delimited.add(batch))
      throw new UsageError(`No columns can be made out in input ${name}: it is neither JSON nor CSV.`);
  }
  const named = (columns: readonly SeenColumn[]) => columns.map((column) => columnOf(column, used));
  const numericOf = (columns: readonly SeenColumn[]): ReadonlySet<string> =>
    new Set(columns.filter(({ areNumbers }) => areNumbers).map((column) => columnOf(column, used).name));
  const text = delimited.found;
  if (text !== undefined)
    return {
      schema: { format: text.format, columns: named(text.columns) },
      hasHeader: text.hasHeader,
      isOneRecord: false,
      numeric: new Set(),
    };
  const json = lines.columns(isReserved);
  if (json === undefined) return withoutRows(used);
  return {
    schema: { format: { kind: 'json', rowPath: readJsonPath(json.rowPath) }, columns: named(json.columns) },
    hasHeader: false,
    isOneRecord: false,
    numeric: numericOf(json.columns),
  };
}

const isTime = ({ name }: SqlType): boolean => name === 'TIMESTAMP' || name === 'DATE' || name === 'TIME';

function columnOf(seen: SeenColumn, used: readonly Column[]): RecordSchema['columns'][number] {
  const mapping = seen.mapping === undefined ? undefined : readJsonPath(seen.mapping);
  const last = mapping?.findLast((step) => step.kind === 'key');
  const key = last?.kind === 'key' ? last.key : seen.name;
  const own = used.some((column) => column.name === key) ? key : seen.name;
  const name = own === 'ROWTIME' ? ROWTIME_IN_DATA : own;
  const wanted = used.find((column) => column.name === name)?.type;
  const type: SqlType =
    seen.type ?? (wanted === undefined || wanted.name === 'ANY' ? { name: 'VARCHAR', length: 4 } : wanted);
  return {
    name,
    type: wanted !== undefined && isTime(wanted) && type.name === 'VARCHAR' && seen.areTimes ? wanted : type,
    mapping,
  };
}

/** A file without a row has the columns that the program uses. */
const withoutRows = (used: readonly Column[]): Discovered => ({
  schema: {
    format: { kind: 'json', rowPath: [] },
    columns: used
      .filter(({ isHidden }) => isHidden !== true)
      .map(({ name, type }) => ({ name, type, mapping: [{ kind: 'key', key: name }] })),
  },
  hasHeader: false,
  isOneRecord: false,
  numeric: new Set(),
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
  const columns = found.columns.map(({ name, mapping, type }, index) => {
    const texts = found.rows.map((row) => row[index]).filter((text) => typeof text === 'string');
    const seen = {
      name,
      mapping,
      type: texts.length === 0 ? undefined : type,
      areTimes: texts.every(isTimeText),
      areNumbers: false,
    };
    return columnOf(seen, used);
  });
  return {
    schema: { format: { kind: 'json', rowPath: readJsonPath(found.format.rowPath) }, columns },
    hasHeader: false,
    isOneRecord: true,
    numeric: new Set(),
  };
}

async function* batches(source: Readable): AsyncGenerator<Uint8Array[]> {
  let lines: Uint8Array[] = [];
  for await (const { bytes, places } of linesOf(source, false))
    for (let at = 0; at < places.length; at += 2) {
      lines.push(bytes.subarray(places[at], places[at + 1]));
      if (lines.length < BATCH_LINES) continue;
      yield lines;
      lines = [];
    }
  if (lines.length > 0) yield lines;
}
