/** The oracle of `json-rows.ts`: documents by `JSON.parse`, paths step by step, values by `coerce`. */
import type { SqlValue } from '../../sql/value.ts';
import { coerce, CoercionError } from './coerce.ts';
import type { JsonPath } from './json-path.ts';
import type { RecordSchema } from './record-schema.ts';

/** `JSON.parse` keeps no source texts, so numbers and strings are marked before: `12.50` becomes `{"\u0000": "12.50"}`. */
type Marked = null | boolean | string | readonly Marked[] | { readonly [key: string]: Marked };

const SOURCE = '\u0000';
const KEY_OR_VALUE = /"(?:[^"\\]|\\.)*"\s*:|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

const parseMarked = (text: string): Marked =>
  JSON.parse(
    text.replaceAll(KEY_OR_VALUE, (token) =>
      token.endsWith(':') ? token : JSON.stringify({ [SOURCE]: token }),
    ),
  ) as Marked;

const at = (value: Marked | undefined, key: string): Marked | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: Marked })[key]
    : undefined;

const walk = (value: Marked | undefined, path: JsonPath): Marked | undefined =>
  path.reduce<Marked | undefined>(
    (place, step) => (step.kind === 'key' ? at(place, step.key) : place),
    value,
  );

const showMarked = (value: Marked): string => {
  const source = at(value, SOURCE);
  if (typeof source === 'string') return source;
  if (Array.isArray(value)) return `[${value.map(showMarked).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${showMarked(member)}`)
    .join(',')}}`;
};

/** Rows as texts of errors where a value cannot be. Documents are compact JSON, one a record; the row path is `$`. */
export const plainJsonRows = (schema: RecordSchema, text: string): (readonly SqlValue[] | string)[] => {
  const document = parseMarked(text);
  const cell = (value: Marked | undefined, column: RecordSchema['columns'][number]): SqlValue => {
    if (value === undefined || value === null) return null;
    const source = at(value, SOURCE);
    if (typeof source === 'string')
      return source.startsWith('"')
        ? coerce('string', JSON.parse(source) as string, column.type, column.name)
        : coerce('number', source, column.type, column.name);
    if (typeof value === 'boolean') return coerce('boolean', String(value), column.type, column.name);
    return coerce('json', showMarked(value), column.type, column.name);
  };
  const listOf = (mapping: JsonPath): number =>
    mapping.slice(0, -1).findIndex((step) => step.kind === 'elements');
  const flattened = schema.columns.find(
    ({ mapping }) => mapping !== undefined && listOf(mapping) >= 0,
  )?.mapping;
  const list = flattened === undefined ? undefined : walk(document, flattened.slice(0, listOf(flattened)));
  const elements: readonly (Marked | undefined)[] =
    Array.isArray(list) && list.length > 0 ? list : [undefined];
  try {
    return elements.map((element) => [
      null,
      ...schema.columns.map((column) => {
        const mapping = column.mapping ?? [];
        const place = listOf(mapping);
        return cell(place < 0 ? walk(document, mapping) : walk(element, mapping.slice(place)), column);
      }),
    ]);
  } catch (error) {
    if (error instanceof CoercionError) return [error.message];
    throw error;
  }
};
