/**
 * CAST, and every implicit conversion, which are casts too (`convert.ts`). What may be cast to what is the matrix of AWS's page "CAST". Numbers are
 * rounded (halves away from zero), and what does not fit is a row error; text is cut to a shorter text type, in assignments too (decision 0542), but the
 * text of anything else has to fit (AWS's example: a date in VARCHAR(9) gives no row), except an interval's, which AWS's examples show cut.
 */
import type { SqlType } from '../types.ts';
import { RowError, type SqlValue } from '../value.ts';
import { DAY_MS, dayOf, parseDate, parseTime, parseTimestamp, timeOfDay } from '../values/datetime.ts';
import { checkDigits, decimalToDouble, doubleToExact, parseExact, rescale } from '../values/decimal.ts';
import { type Exact, inRange, INTEGER_RANGES, overflow } from '../values/exact.ts';
import { parseInterval, truncateInterval, UNIT_SIZES } from '../values/interval.ts';
import { valueText } from '../values/text.ts';
import { typeText } from '../values/type-text.ts';
import { type BoundFunction, strict } from './definition.ts';
import {
  asDecimal,
  isApproximate,
  isDayTimeInterval,
  isExactNumber,
  isInteger,
  isNumber,
  isText,
} from './type-rules.ts';

/** The matrix. */
export const canCast = (from: SqlType, to: SqlType): boolean => {
  if (from.name === 'ANY' || from.name === 'NULL' || to.name === 'ANY')
    return from.name !== 'RECORD' && to.name !== 'RECORD';
  if (isNumber(from)) return isNumber(to) || isText(to);
  if (isText(from))
    return isNumber(to) || isText(to) || to.name === 'BOOLEAN' || isTime(to) || isDayTimeInterval(to);
  if (from.name === 'INTERVAL')
    return (
      isText(to) ||
      isExactNumber(to) ||
      (to.name === 'INTERVAL' && isDayTimeInterval(from) === isDayTimeInterval(to))
    );
  if (from.name === 'BOOLEAN') return isText(to) || to.name === 'BOOLEAN';
  if (from.name === 'DATE') return isText(to) || to.name === 'DATE' || to.name === 'TIMESTAMP';
  if (from.name === 'TIME') return isText(to) || to.name === 'TIME' || to.name === 'TIMESTAMP';
  if (from.name === 'TIMESTAMP') return isText(to) || isTime(to);
  return (
    (from.name === 'BINARY' || from.name === 'VARBINARY') && (to.name === 'BINARY' || to.name === 'VARBINARY')
  );
};

const isTime = (type: SqlType): boolean =>
  type.name === 'DATE' || type.name === 'TIME' || type.name === 'TIMESTAMP';

const cannotCast = (value: unknown, to: SqlType): never => {
  const text = typeof value === 'string' ? value : String(value);
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  throw new RowError('INVALID_CAST', `could not convert '${shown}' to ${typeText(to)}`);
};

export const tooLong = (to: SqlType): never => {
  throw new RowError(
    'VALUE_TOO_LONG',
    `string data, right truncation: the value does not fit in ${typeText(to)}`,
  );
};

/** A double, or a REAL, or a row error where it is none. */
export const finite = (value: number, name: 'REAL' | 'DOUBLE'): number => {
  const result = name === 'REAL' ? Math.fround(value) : value;
  // NaN minus itself is not zero, nor is an infinity minus itself.
  return result - result === 0 ? result : overflow(name);
};

const fitExact = (value: Exact, to: SqlType): Exact => {
  if (isInteger(to)) return inRange(value, to.name);
  const { precision, scale } = asDecimal(to);
  return checkDigits(value, precision, scale);
};

const castNumber = (from: SqlType, to: SqlType): BoundFunction => {
  if (to.name === 'REAL' || to.name === 'DOUBLE') {
    const { name } = to;
    if (isApproximate(from)) return (value: number) => finite(value, name);
    const { scale } = asDecimal(from);
    return (value: Exact) => finite(decimalToDouble(value, scale), name);
  }
  const { scale } = asDecimal(to);
  if (isApproximate(from))
    return (value: number) => fitExact(doubleToExact(value, scale) ?? overflow(typeText(to)), to);
  const fromScale = asDecimal(from).scale;
  return (value: Exact) => fitExact(rescale(value, fromScale, scale), to);
};

const castText = (to: SqlType): BoundFunction => {
  const parsed =
    (parse: (text: string) => SqlValue | undefined) =>
    (text: string): SqlValue =>
      parse(text.trim()) ?? cannotCast(text, to);
  switch (to.name) {
    case 'BOOLEAN':
      return (text: string) => {
        const word = text.trim().toUpperCase();
        if (word === 'UNKNOWN') return null;
        return word === 'TRUE' || (word !== 'FALSE' && cannotCast(text, to));
      };
    case 'DATE':
      return parsed(parseDate);
    case 'TIME':
      return parsed((text) => parseTime(text, false));
    case 'TIMESTAMP':
      return parsed((text) => parseTimestamp(text, false));
    case 'INTERVAL':
      return parsed((text) => parseInterval(text, to.qualifier));
    case 'REAL':
    case 'DOUBLE': {
      const { name } = to;
      return (text: string) => {
        const value = Number(text);
        const isNumeric = text.trim() !== '' && !/[^0-9eE+.\-\s]/.test(text);
        return isNumeric && value === value ? finite(value, name) : cannotCast(text, to);
      };
    }
    default: {
      const { scale } = asDecimal(to);
      return (text: string) => fitExact(parseExact(text.trim(), scale) ?? cannotCast(text, to), to);
    }
  }
};

/** To a text type of this length: what is longer is cut, and CHAR is filled with blanks. */
const cutText = (to: SqlType & { readonly length: number }): ((text: string) => string) => {
  const { length } = to;
  return to.name === 'CHAR'
    ? (text) =>
        text.length === length ? text : text.length > length ? text.slice(0, length) : text.padEnd(length)
    : (text) => (text.length > length ? text.slice(0, length) : text);
};

const castToText = (from: SqlType, to: SqlType & { readonly length: number }): BoundFunction => {
  const cut = cutText(to);
  if (isText(from) || from.name === 'INTERVAL')
    return (value: NonNullable<SqlValue>) => cut(valueText(value, from));
  return (value: NonNullable<SqlValue>) => {
    const text = valueText(value, from);
    return text.length > to.length ? tooLong(to) : cut(text);
  };
};

const castInterval = (from: SqlType, to: SqlType): BoundFunction => {
  if (from.name !== 'INTERVAL') throw new TypeError('not an interval');
  if (to.name === 'INTERVAL') return (value: number) => truncateInterval(value, to.qualifier);
  const { scale } = asDecimal(to);
  const unit = UNIT_SIZES[from.qualifier.to];
  if (scale === 0) return (value: number) => fitExact(Math.trunc(value / unit) + 0, to);
  return (value: number) => fitExact(doubleToExact(value / unit, scale) ?? overflow(typeText(to)), to);
};

/** Of values that are not null. */
const bindCast = (from: SqlType, to: SqlType): BoundFunction => {
  if (from.name === 'ANY') return (value: NonNullable<SqlValue>) => castUntyped(value, to);
  if (to.name === 'CHAR' || to.name === 'VARCHAR') return castToText(from, to);
  if (isText(from)) return castText(to);
  if (isNumber(from) && isNumber(to)) return castNumber(from, to);
  if (from.name === 'INTERVAL') return castInterval(from, to);
  if (to.name === 'BINARY' || to.name === 'VARBINARY') {
    const { name, length } = to;
    return (value: Uint8Array) => fitBinary(value, length, name === 'BINARY');
  }
  if (to.name === 'DATE') return (value: number) => dayOf(value) * DAY_MS;
  if (to.name === 'TIME') return (value: number) => timeOfDay(value);
  return (value: SqlValue) => value;
};

const fitBinary = (value: Uint8Array, length: number, isFixed: boolean): Uint8Array => {
  if (value.length === length || (value.length < length && !isFixed)) return value;
  const result = new Uint8Array(length);
  result.set(value.subarray(0, length));
  return result;
};

/** A value of a column of an open stream: its type is what it is now. */
const castUntyped = (value: NonNullable<SqlValue>, to: SqlType): SqlValue => {
  if (to.name === 'ANY' || to.name === 'NULL') return value;
  const from = typeOfValue(value);
  // In open streams numbers and conditions stand for one another, as they do in JSON.
  if (from.name === 'BOOLEAN' && isNumber(to)) return value === true ? fitExact(10 ** asScale(to), to) : 0;
  if (!canCast(from, to))
    return from.name === 'DOUBLE' && isTime(to) ? (value as number) : cannotCast(value, to);
  return (bindCast(from, to) as (value: SqlValue) => SqlValue)(value);
};

const asScale = (type: SqlType): number => (type.name === 'DECIMAL' ? type.scale : 0);

const typeOfValue = (value: NonNullable<SqlValue>): SqlType => {
  if (typeof value === 'number') return { name: 'DOUBLE' };
  if (typeof value === 'bigint') return { name: 'BIGINT' };
  if (typeof value === 'boolean') return { name: 'BOOLEAN' };
  if (typeof value === 'string') return { name: 'VARCHAR', length: 65_535 };
  return value instanceof Uint8Array ? { name: 'VARBINARY', length: 65_535 } : { name: 'RECORD', fields: [] };
};

const SAFE_DIGITS = 15;

/** The casts that stand in hot paths, as text. */
const inlineCast = (value: string, from: SqlType, to: SqlType): string | undefined => {
  const isWidening =
    isInteger(from) && isInteger(to) && INTEGER_RANGES[to.name][1] >= INTEGER_RANGES[from.name][1];
  if (isWidening || (from.name === 'DATE' && to.name === 'TIMESTAMP') || to.name === 'ANY') return value;
  if (to.name === 'DOUBLE') {
    if (isApproximate(from)) return value;
    if (isInteger(from)) return from.name === 'BIGINT' ? `Number(${value})` : value;
    if (from.name === 'DECIMAL' && from.precision <= SAFE_DIGITS) return `${value} / 1e${from.scale}`;
  }
  if (isInteger(from) && from.name !== 'BIGINT' && to.name === 'DECIMAL') {
    const digits = asDecimal(from).precision + to.scale;
    if (digits <= SAFE_DIGITS && digits <= to.precision) return `${value} * 1e${to.scale}`;
  }
  if (from.name === 'DECIMAL' && to.name === 'DECIMAL') {
    const grows = to.scale - from.scale;
    if (grows >= 0 && from.precision + grows <= Math.min(SAFE_DIGITS, to.precision))
      return grows === 0 ? value : `${value} * 1e${grows}`;
  }
  if (isText(from) && to.name === 'VARCHAR') {
    const isCut = (from as { readonly length: number }).length > to.length;
    return isCut ? `${value}.length <= ${to.length} ? ${value} : ${value}.slice(0, ${to.length})` : value;
  }
  return undefined;
};

/** The type that the result has is the target. */
export const CAST = strict({
  name: 'CAST',
  signature: 'CAST(<any> AS <type>)',
  canBeNull: true,
  resolve: (args) => args[0]!,
  bind: ({ types, result }) => bindCast(types[0]!, result),
  inline: ([value], { types, result }) => inlineCast(value!, types[0]!, result),
});
