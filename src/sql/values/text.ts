/**
 * The text of a value of every type, as CAST to VARCHAR gives it (decision 0541): numbers in their shortest form, DECIMAL with all digits of its
 * scale, times with a fraction only where they have one, intervals with their sign.
 */
import type { SqlType } from '../types.ts';
import type { SqlValue } from '../value.ts';
import { dateText, fractionText, SECOND_MS, timeText } from './datetime.ts';
import { decimalText } from './decimal.ts';
import { intervalText } from './interval.ts';

/** Shortest text that reads back as the same double; an exponent from 1E21 on and below 1E-6. */
export const doubleText = (value: number): string => String(value).replace('e+', 'E').replace('e', 'E');

/** Shortest text that reads back as the same 32-bit number. */
export const realText = (value: number): string => {
  const whole = String(value);
  if (whole.length <= 7) return whole.replace('e', 'E');
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return doubleText(Number(text));
  }
  return doubleText(Number(value.toPrecision(9)));
};

const fractionOf = (timeMs: number): string =>
  timeMs - Math.floor(timeMs / SECOND_MS) * SECOND_MS === 0 ? '' : fractionText(timeMs);

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Of a value that is not null. */
export const valueText = (value: NonNullable<SqlValue>, type: SqlType): string => {
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return String(value);
    case 'DECIMAL':
      return decimalText(value as number | bigint, type.scale);
    case 'REAL':
      return realText(value as number);
    case 'DOUBLE':
      return doubleText(value as number);
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE';
    case 'CHAR':
    case 'VARCHAR':
      return value as string;
    case 'DATE':
      return dateText(value as number);
    case 'TIME':
      return timeText(value as number) + fractionOf(value as number);
    case 'TIMESTAMP':
      return `${dateText(value as number)} ${timeText(value as number)}${fractionOf(value as number)}`;
    case 'INTERVAL':
      return intervalText(value as number, type.qualifier);
    case 'BINARY':
    case 'VARBINARY': {
      let text = '';
      for (const byte of value as Uint8Array) text += HEX[byte]!;
      return text;
    }
    case 'RECORD':
      return `(${type.fields.map((field, i) => textOrNull((value as readonly SqlValue[])[i]!, field.type)).join(', ')})`;
    case 'ANY':
    case 'NULL':
      return untypedText(value);
  }
};

const textOrNull = (value: SqlValue, type: SqlType): string =>
  value === null ? 'null' : valueText(value, type);

/** Of a column of an open stream whose type nobody knows. */
const untypedText = (value: NonNullable<SqlValue>): string => {
  if (typeof value === 'number') return doubleText(value);
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : String(value);
};
