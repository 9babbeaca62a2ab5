/** JSON 'auto' for PostgreSQL: objects become rows in COPY's text format, a member for each column of its name. */
import { assert } from '../../../base/assert.ts';

/** A record holds something else than objects. */
export class NotJson extends Error {}

/** What Node has and TypeScript's library does not know yet: a value's own text, and a value that is written as such a text. */
const exactJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

type Values = Readonly<Record<string, unknown>>;

/** Rows with tabs between values and a line feed at the end. Members without a column are left out; columns without a member are null. */
export function createJsonRows(columns: readonly string[], ignoresCase: boolean) {
  const keyOf = (name: string): string => (ignoresCase ? name.toLowerCase() : name);
  const keys = columns.map(keyOf);
  return (record: Uint8Array): string => {
    let rows = '';
    for (const object of objectsOf(Buffer.from(record).toString('utf8'))) {
      const values = new Map(Object.entries(object).map(([name, value]) => [keyOf(name), value]));
      rows += `${keys.map((key) => field(values.get(key))).join('\t')}\n`;
    }
    return rows;
  };
}

function field(value: unknown): string {
  if (value === undefined || value === null) return String.raw`\N`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
};

/** One or several, with or without white space between them. */
function objectsOf(text: string): readonly Values[] {
  const whole = parse(text);
  if (whole !== undefined) return [whole];
  return split(text).map((part) => {
    const value = parse(part);
    if (value === undefined) throw new NotJson('A record is no sequence of JSON objects.');
    return value;
  });
}

/** Numbers keep the digits that they were written with. */
function parse(text: string): Values | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return exactJson.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined ? exactJson.rawJSON(source) : value,
    ) as Values;
  } catch {
    return undefined;
  }
}

function split(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) {
      parts.push(text.slice(start, at + 1));
      start = at + 1;
    }
  }
  if (text.slice(start).trim() !== '') throw new NotJson('A record is no sequence of JSON objects.');
  assert(
    parts.every((part) => part.endsWith('}')),
    'parts end with their objects',
  );
  return parts;
}
