/**
 * Rows from records of delimited text. Columns go by their position: a row may have fewer (the others are null) or more (they are left out). A value
 * may stand in double quotes, and then holds delimiters and doubled quotes. An empty value without quotes is null, except in a text column.
 */
import type { SqlValue } from '../../sql/value.ts';
import { coerce, CoercionError } from './coerce.ts';
import type { Mapping, RowSink } from './mapping.ts';
import type { RecordSchema } from './record-schema.ts';

const QUOTE = '"';

type Value = { readonly text: string; readonly isQuoted: boolean };

/** One row's values, and where the next row begins. `undefined` for a quote that nothing ends. */
type Line = { readonly values: readonly Value[]; readonly next: number };

export type Delimiters = { readonly columnDelimiter: string; readonly rowDelimiter: string };

/** Rows end at a line feed as well as at both characters, whichever of them the schema names: files come from everywhere. */
const endsRow = (text: string, at: number, delimiter: string): number => {
  if (text.startsWith(delimiter, at)) return delimiter.length;
  if (delimiter === '\n' && text.startsWith('\r\n', at)) return 2;
  return delimiter === '\r\n' && text.charAt(at) === '\n' ? 1 : 0;
};

const quotedEnd = (text: string, from: number): number => {
  for (let at = text.indexOf(QUOTE, from); at >= 0; at = text.indexOf(QUOTE, at + 2))
    if (text.charAt(at + 1) !== QUOTE) return at;
  return -1;
};

/** Spaces in front of a quote do not belong to the value. */
const quoteAt = (text: string, from: number): number => {
  let at = from;
  while (text.charAt(at) === ' ') at++;
  return text.charAt(at) === QUOTE ? at : -1;
};

const readLine = (
  text: string,
  from: number,
  { columnDelimiter, rowDelimiter }: Delimiters,
): Line | undefined => {
  const values: Value[] = [];
  const firstOfRow = rowDelimiter.charAt(0);
  let at = from;
  for (;;) {
    const quote = quoteAt(text, at);
    let value: Value;
    if (quote >= 0) {
      const end = quotedEnd(text, quote + 1);
      if (end < 0) return undefined;
      value = { text: text.slice(quote + 1, end).replaceAll('""', QUOTE), isQuoted: true };
      at = end + 1;
    } else value = { text: '', isQuoted: false };
    const start = at;
    let isRowEnd = at >= text.length;
    while (!isRowEnd && !text.startsWith(columnDelimiter, at)) {
      const character = text.charAt(at);
      if (
        (character === firstOfRow || character === '\r' || character === '\n') &&
        endsRow(text, at, rowDelimiter) > 0
      )
        isRowEnd = true;
      else isRowEnd = ++at >= text.length;
    }
    const rest = text.slice(start, at);
    if (!value.isQuoted) value = { text: rest, isQuoted: false };
    else if (rest.trim() !== '') value = { text: value.text + rest, isQuoted: true };
    values.push(value);
    if (isRowEnd) return { values, next: at + endsRow(text, at, rowDelimiter) };
    at += columnDelimiter.length;
  }
};

/** All rows of a text, empty ones left out. Throws nothing: what cannot be read is told, and ends the text. */
export const readDelimited = (
  text: string,
  delimiters: Delimiters,
  onRow: (values: readonly Value[]) => void,
): string | undefined => {
  let at = 0;
  while (at < text.length) {
    const line = readLine(text, at, delimiters);
    if (line === undefined) return 'A quoted value has no end';
    const [first] = line.values;
    if (line.values.length > 1 || first?.isQuoted === true || first?.text.trim() !== '') onRow(line.values);
    at = line.next;
  }
  return undefined;
};

export class CsvRows implements Mapping {
  readonly #schema: RecordSchema;
  readonly #delimiters: Delimiters;
  readonly #isUsed: readonly boolean[];
  readonly #template: readonly SqlValue[];

  constructor(
    schema: RecordSchema,
    delimiters: Delimiters,
    isUsed: readonly boolean[],
    extraColumns: number,
  ) {
    this.#schema = schema;
    this.#delimiters = delimiters;
    this.#isUsed = isUsed;
    this.#template = Array.from({ length: 1 + schema.columns.length + extraColumns }, () => null);
  }

  read(bytes: Uint8Array, start: number, end: number, sink: RowSink): void {
    const text = Buffer.prototype.utf8Slice.call(bytes, start, end);
    const fault = readDelimited(text, this.#delimiters, (values) => this.#row(values, sink));
    if (fault !== undefined) sink.reject(fault);
    else if (text.trim() === '') sink.reject('The record is empty');
  }

  #row(values: readonly Value[], sink: RowSink): void {
    const row = this.#template.slice();
    const { columns } = this.#schema;
    const count = Math.min(columns.length, values.length);
    try {
      for (let index = 0; index < count; index++) {
        const column = columns[index];
        const value = values[index];
        if (column === undefined || value === undefined || this.#isUsed[index] !== true) continue;
        const isText = column.type.name === 'VARCHAR' || column.type.name === 'CHAR';
        if (value.text === '' && !value.isQuoted && !isText) continue;
        row[index + 1] = coerce('string', value.text, column.type, column.name);
      }
    } catch (error) {
      if (!(error instanceof CoercionError)) throw error;
      sink.reject(
        error.message,
        Buffer.from(values.map(({ text }) => text).join(this.#delimiters.columnDelimiter)),
      );
      return;
    }
    sink.row(row);
  }
}
