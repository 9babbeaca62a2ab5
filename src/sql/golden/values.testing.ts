/** Values of golden cases: from JSON by the type of the column, and back into the same text. Plain on purpose: nothing of the engine is used to check it. */
import type { Column, SqlType } from '../types.ts';
import type { Row, SqlValue } from '../value.ts';

const DAY = '2024-01-01';

export const readTime = (text: string): number => {
  const full = /^\d{4}-/.test(text) ? text : `${DAY} ${text}`;
  const timeMs = Date.parse(`${full.replace(' ', 'T')}${full.length === 10 ? 'T00:00:00' : ''}Z`);
  if (Number.isNaN(timeMs)) throw new Error(`${text} is no time`);
  return timeMs;
};

export const timeText = (timeMs: number): string => {
  const text = new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '').replace('.000', '');
  return text.startsWith(`${DAY} `) ? text.slice(DAY.length + 1) : text;
};

export const readRow = (columns: readonly Column[], timeMs: number | null, json: string): Row => {
  const values = parse(json);
  if (values.length !== columns.length)
    throw new Error(`${json} has ${values.length} values, and there are ${columns.length} columns`);
  return [timeMs, ...values.map((value, index) => readValue(columns[index]!.type, value))];
};

/** As a golden file has it; `expected` says which numbers need only be near. */
export const rowText = (columns: readonly Column[], row: Row, expected?: string): string => {
  const near = expected === undefined ? [] : nearOf(expected);
  const values = columns.map(({ type }, index) => {
    const value = row[index + 1]!;
    const wanted = near[index];
    if (wanted !== undefined && typeof value === 'number' && isNear(value, Number(wanted)))
      return `"~${wanted}"`;
    return valueText(type, value);
  });
  return `${timeText(row[0] as number)} [${values.join(', ')}]`;
};

/** What is expected, with the blanks and the digits that `rowText` would give. */
export const canonical = (columns: readonly Column[], line: string): string => {
  const at = line.indexOf('[');
  const near = nearOf(line);
  const row = readRow(
    columns,
    readTime(line.slice(0, at).trim()),
    line.slice(at).replaceAll(/"~[^"]*"/g, '0'),
  );
  const values = columns.map(({ type }, index) =>
    near[index] === undefined ? valueText(type, row[index + 1]!) : `"~${near[index]}"`,
  );
  return `${timeText(row[0] as number)} [${values.join(', ')}]`;
};

type Json = null | boolean | string | { readonly digits: string };

/** Numbers as they are written. */
const parse = (json: string): readonly Json[] =>
  (JSON.parse as (text: string, revive: (...args: readonly unknown[]) => unknown) => readonly Json[])(
    json,
    (_, value, context) =>
      typeof value === 'number' ? { digits: (context as { source: string }).source } : value,
  );

const nearOf = (line: string): readonly (string | undefined)[] =>
  parse(line.slice(line.indexOf('['))).map((value) =>
    typeof value === 'string' && value.startsWith('~') ? value.slice(1) : undefined,
  );

const isNear = (value: number, wanted: number): boolean =>
  Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));

const readValue = (type: SqlType, value: Json): SqlValue => {
  if (value === null) return null;
  if (typeof value === 'object') return readNumber(type, value.digits);
  if (typeof value === 'boolean') return value;
  switch (type.name) {
    case 'TIMESTAMP':
    case 'DATE':
      return readTime(value);
    case 'TIME':
      return readTime(value) - readTime('00:00:00');
    case 'BINARY':
    case 'VARBINARY':
      return Uint8Array.from(Buffer.from(value, 'hex'));
    default:
      return value;
  }
};

const readNumber = (type: SqlType, digits: string): SqlValue => {
  switch (type.name) {
    case 'DECIMAL': {
      const [whole = '', fraction = ''] = digits.split('.');
      return exact(BigInt(whole + fraction.padEnd(type.scale, '0')));
    }
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return exact(BigInt(digits));
    case 'REAL':
      return Math.fround(Number(digits));
    default:
      return Number(digits);
  }
};

const exact = (value: bigint): SqlValue => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

const valueText = (type: SqlType, value: SqlValue): string => {
  if (value === null) return 'null';
  switch (type.name) {
    case 'DECIMAL': {
      const digits = String(value)
        .replace('-', '')
        .padStart(type.scale + 1, '0');
      const sign = String(value).startsWith('-') ? '-' : '';
      return type.scale === 0
        ? sign + digits
        : `${sign}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
    }
    case 'TIMESTAMP':
      return JSON.stringify(timeText(value as number));
    case 'DATE':
      return JSON.stringify(new Date(value as number).toISOString().slice(0, 10));
    case 'TIME':
      return JSON.stringify(new Date(value as number).toISOString().slice(11, 23).replace('.000', ''));
    case 'BINARY':
    case 'VARBINARY':
      return JSON.stringify(Buffer.from(value as Uint8Array).toString('hex'));
    default:
      return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  }
};
