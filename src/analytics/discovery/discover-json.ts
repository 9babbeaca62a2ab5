/** Columns from documents of JSON: members of objects two levels deep; what lies deeper, and lists, are texts of JSON. */
import { type JsonPath, showJsonPath } from '../mapping/json-path.ts';
import { columnNames } from './column-names.ts';
import type { DiscoveredSchema } from './discovered-schema.ts';
import { inferType, type Sample } from './infer-type.ts';

type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const LEVELS = 2;

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Whole numbers beyond 53 bits keep their digits. */
const parse = (text: string): Json =>
  JSON.parse(text, (_, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? 0)
      : value,
  ) as Json;

/** Where the first document ends: the place of a bracket that closes the first one. */
const documentEnd = (text: string): number => {
  let depth = 0;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (match[0].startsWith('"')) continue;
    depth += match[0] === '{' || match[0] === '[' ? 1 : -1;
    if (depth === 0) return match.index + 1;
  }
  return -1;
};

const documentsOf = (text: string): readonly Json[] | undefined => {
  const documents: Json[] = [];
  let rest = text.trim();
  try {
    while (rest !== '') {
      const end = documentEnd(rest);
      if (end < 0) return undefined;
      documents.push(parse(rest.slice(0, end)));
      rest = rest.slice(end).trimStart();
    }
  } catch {
    return undefined;
  }
  return documents.flatMap((document) => (Array.isArray(document) ? (document as Json[]) : [document]));
};

const sampleOf = (value: Json): Sample | undefined => {
  if (value === null) return undefined;
  if (typeof value === 'string') return { kind: 'string', text: value };
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'number', text: String(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', text: String(value) };
  return {
    kind: 'json',
    text: JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)),
  };
};

type Found = { readonly path: JsonPath; readonly samples: Sample[] };

const collect = (value: Json, path: JsonPath, found: Map<string, Found>): void => {
  if (isObject(value) && path.length < LEVELS) {
    for (const [key, member] of Object.entries(value))
      collect(member, [...path, { kind: 'key', key }], found);
    return;
  }
  const mapping: JsonPath = Array.isArray(value) ? [...path, { kind: 'elements' }] : path;
  const key = showJsonPath(path);
  const place = found.get(key) ?? { path: mapping, samples: [] };
  const sample = sampleOf(value);
  if (sample !== undefined) place.samples.push(sample);
  // A member that was null in the first document may be a list in the next.
  found.set(key, mapping.length > place.path.length ? { path: mapping, samples: place.samples } : place);
};

const textAt = (row: Json, path: JsonPath): string | null => {
  let place: Json | undefined = row;
  for (const step of path)
    if (step.kind === 'key')
      place =
        place !== undefined && isObject(place) && Object.hasOwn(place, step.key)
          ? place[step.key]
          : undefined;
  return place === undefined ? null : (sampleOf(place)?.text ?? null);
};

/** Undefined where a record is no JSON, or none of them has an object. */
export const discoverJson = (
  records: readonly string[],
  isReserved: (word: string) => boolean,
): DiscoveredSchema | undefined => {
  const rows: JsonObject[] = [];
  for (const record of records) {
    const documents = documentsOf(record);
    if (documents === undefined || !documents.every(isObject)) return undefined;
    rows.push(...documents);
  }
  const found = new Map<string, Found>();
  for (const row of rows) collect(row, [], found);
  // An object of which some rows have members and others have a text stands under its members.
  const columns = [...found.values()].filter(({ path }) => path.length > 0);
  if (columns.length === 0) return undefined;
  const names = columnNames(
    columns.map(({ path }) => path.findLast((step) => step.kind === 'key')?.key ?? ''),
    isReserved,
  );
  return {
    format: { kind: 'json', rowPath: '$' },
    columns: columns.map(({ path, samples }, index) => ({
      name: names[index] ?? '',
      type: inferType(samples),
      mapping: showJsonPath(path),
    })),
    rows: rows.map((row) => columns.map(({ path }) => textAt(row, path))),
  };
};
