/**
 * From a value of a record to a value of its column, by AWS's table "Mapping JSON Data Types to SQL Data Types". This is the plain road, from texts;
 * `json-rows.ts` has shortcuts for what comes most, and this is their oracle.
 */
import type { SqlType } from '../../sql/types.ts';
import type { SqlValue } from '../../sql/value.ts';
import { readDateText, readTimeText, readTimestampText } from './datetime-text.ts';

/** What stood in the record. `json` is the text of an array or object. */
export type Kind = 'string' | 'number' | 'boolean' | 'json';

export class CoercionError extends Error {
  override readonly name = 'CoercionError';
}

const NUMBER = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/;
const HEX = /^[xX]'((?:[0-9a-fA-F]{2})*)'$/;
/** Digits that no type of the dialect can hold. */
const DIGITS_MAX = 400;

const INTEGER_BITS = { TINYINT: 8n, SMALLINT: 16n, INTEGER: 32n, BIGINT: 64n } as const;

const narrow = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/** The number times 10^scale, or undefined where it has more digits behind the point than that, or is no number. */
const scaled = (text: string, scale: number): bigint | undefined => {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = Number(exponent) + scale - fraction.length;
  const digits = `${whole}${fraction}`.replace(/^0+(?=.)/, '');
  if (digits === '0') return 0n;
  if (digits.length > DIGITS_MAX || shift > DIGITS_MAX) return undefined;
  let magnitude: bigint;
  if (shift >= 0) magnitude = BigInt(digits) * 10n ** BigInt(shift);
  else {
    if (-shift > digits.length || !/^0*$/.test(digits.slice(shift))) return undefined;
    magnitude = BigInt(digits.slice(0, shift) || '0');
  }
  return sign === '-' ? -magnitude : magnitude;
};

const toInteger = (text: string, name: keyof typeof INTEGER_BITS): SqlValue | undefined => {
  const value = scaled(text, 0);
  if (value === undefined) return undefined;
  return BigInt.asIntN(Number(INTEGER_BITS[name]), value) === value ? narrow(value) : undefined;
};

const toDecimal = (text: string, precision: number, scale: number): SqlValue | undefined => {
  const value = scaled(text, scale);
  if (value === undefined) return undefined;
  const magnitude = value < 0n ? -value : value;
  return magnitude < 10n ** BigInt(precision) ? narrow(value) : undefined;
};

const toDouble = (text: string): number | undefined => {
  if (!NUMBER.test(text) || !/\d/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
};

const toNumber = (text: string, type: SqlType): SqlValue | undefined => {
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return toInteger(text, type.name);
    case 'DECIMAL':
      return toDecimal(text, type.precision, type.scale);
    case 'REAL': {
      const value = toDouble(text);
      const single = value === undefined ? undefined : Math.fround(value);
      return single !== undefined && Number.isFinite(single) ? single : undefined;
    }
    default:
      return toDouble(text);
  }
};

/** Cut to the length of the column, and not through a pair of surrogates. */
export const truncate = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const isPair =
    /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(length));
  return text.slice(0, isPair ? length - 1 : length);
};

const toBinary = (
  kind: Kind,
  text: string,
  type: SqlType & { readonly length: number },
): Uint8Array | undefined => {
  if (kind === 'boolean') {
    const bytes = new Uint8Array(type.name === 'BINARY' ? type.length : 1);
    if (text === 'true') bytes[bytes.length - 1] = 1;
    return bytes;
  }
  const hex = kind === 'string' ? HEX.exec(text)?.[1] : undefined;
  if (hex === undefined || hex.length / 2 > type.length) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
};

const toBoolean = (kind: Kind, text: string): boolean | undefined => {
  if (kind === 'boolean') return text === 'true';
  if (kind === 'number') return Number(text) !== 0;
  return kind === 'string' ? text.toLowerCase() === 'true' : undefined;
};

const numberText = (kind: Kind, text: string): string | undefined => {
  if (kind === 'boolean') return text === 'true' ? '1' : '0';
  return kind === 'json' ? undefined : text;
};

const coerced = (kind: Kind, text: string, type: SqlType): SqlValue | undefined => {
  switch (type.name) {
    case 'CHAR':
    case 'VARCHAR':
      return truncate(text, type.length);
    case 'BOOLEAN':
      return toBoolean(kind, text);
    case 'BINARY':
    case 'VARBINARY':
      return toBinary(kind, text, type);
    case 'DATE':
      return kind === 'string' ? readDateText(text) : undefined;
    case 'TIME':
      return kind === 'string' ? readTimeText(text) : undefined;
    case 'TIMESTAMP':
      return kind === 'string' ? readTimestampText(text) : undefined;
    case 'ANY':
      return text;
    default: {
      const digits = numberText(kind, text);
      return digits === undefined ? undefined : toNumber(digits, type);
    }
  }
};

/** As the type is written in a declaration. */
export const showType = (type: SqlType): string => {
  if (type.name === 'DECIMAL') return `DECIMAL(${type.precision},${type.scale})`;
  return 'length' in type ? `${type.name}(${type.length})` : type.name;
};

const SHOWN_MAX = 100;

/** @param text of a string: what it says; else: its source text. Throws `CoercionError`. */
export const coerce = (kind: Kind, text: string, type: SqlType, column: string): SqlValue => {
  const value = coerced(kind, text, type);
  if (value !== undefined) return value;
  const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  throw new CoercionError(
    `The ${kind} ${JSON.stringify(shown)} of column ${column} cannot become ${showType(type)}`,
  );
};
