/**
 * What the two JSON deserializers differ in: how keys are matched with columns, and what a value of each type may look like.
 */
import * as tape from '../json/tape.ts';
import type { ColumnValues } from '../parquet/column-values.ts';
import type { Column, ColumnType } from '../schema.ts';

/** Appends the value of an entry, never a null one. False: it is a null after all. Throws RecordFault. */
export type Append = (json: tape.JsonTape, entry: number, values: ColumnValues) => boolean;

export type PrimitiveType = Exclude<ColumnType, { kind: 'struct' | 'array' | 'map' }>;

export type Serde = {
  /** A key as it is compared. */
  readonly key: (key: string) => string;
  /** The key that a field is read from, as it is compared. */
  readonly keyOf: (field: Column) => string;
  readonly convertsDots: boolean;
  /** OpenX's kindness: a value where a list is wanted is a list of one, an empty string is a null, a list may stand for a struct. */
  readonly bendsContainers: boolean;
  readonly append: (type: PrimitiveType) => Append;
};

/** The text of a scalar: of a string what it says, of others as they are written. */
export function textOf(json: tape.JsonTape, entry: number): string {
  const start = json.starts[entry]!;
  const end = json.ends[entry]!;
  if (json.kinds[entry] === tape.ESCAPED_STRING)
    return JSON.parse(json.bytes.toString('utf8', start - 1, end + 1)) as string;
  return json.bytes.toString('utf8', start, end);
}

export function isString(json: tape.JsonTape, entry: number): boolean {
  const kind = json.kinds[entry]!;
  return kind === tape.STRING || kind === tape.ESCAPED_STRING;
}

export function isContainer(json: tape.JsonTape, entry: number): boolean {
  const kind = json.kinds[entry]!;
  return kind === tape.OBJECT || kind === tape.ARRAY;
}

/** The text of a container without the white space between its values: numbers keep their digits, keys their order. */
export function compactText(json: tape.JsonTape, entry: number): string {
  const text = json.bytes.toString('utf8', json.starts[entry]!, json.ends[entry]!);
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
}

/** Appends text to a string column, or to one of limited length: cut, and without the blanks that pad a `char`. */
export function appendText(text: string, type: PrimitiveType, values: ColumnValues): void {
  const bytes = Buffer.from(type.kind === 'char' || type.kind === 'varchar' ? limit(text, type) : text);
  values.byteArray(bytes, 0, bytes.length);
}

function limit(
  text: string,
  { kind, lengthMax }: { readonly kind: 'char' | 'varchar'; readonly lengthMax: number },
): string {
  const cut = text.length <= lengthMax ? text : [...text].slice(0, lengthMax).join('');
  return kind === 'char' ? cut.replace(/ +$/, '') : cut;
}
