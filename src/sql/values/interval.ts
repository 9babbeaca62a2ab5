/**
 * INTERVAL values: milliseconds, or months where the qualifier is of years and months. The text has its sign always, as AWS's page "Date, Timestamp,
 * and Interval" shows: `+6:11`, `+2 00:06:11`, `-2 04`.
 */
import type { IntervalQualifier, TimeUnit } from '../types.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './datetime.ts';

const UNITS: readonly TimeUnit[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** The larger the unit, the smaller the number. */
export const rankOf = (unit: TimeUnit): number => UNITS.indexOf(unit);

/** In milliseconds; in months for YEAR and MONTH. */
export const UNIT_SIZES: Readonly<Record<TimeUnit, number>> = {
  YEAR: 12,
  MONTH: 1,
  DAY: DAY_MS,
  HOUR: HOUR_MS,
  MINUTE: MINUTE_MS,
  SECOND: SECOND_MS,
};

const fieldsOf = ({ from, to }: IntervalQualifier): readonly TimeUnit[] =>
  UNITS.slice(rankOf(from), rankOf(to) + 1);

export const intervalText = (value: number, qualifier: IntervalQualifier): string => {
  let rest = Math.abs(value);
  let text = value < 0 ? '-' : '+';
  fieldsOf(qualifier).forEach((unit, index) => {
    const size = UNIT_SIZES[unit];
    const field = Math.floor(rest / size);
    rest -= field * size;
    if (index === 0) text += field;
    else text += `${unit === 'MONTH' ? '-' : unit === 'HOUR' ? ' ' : ':'}${String(field).padStart(2, '0')}`;
  });
  if (qualifier.to === 'SECOND' && rest > 0) {
    const digits = String(rest).padStart(3, '0').slice(0, qualifier.fraction).replace(/0+$/, '');
    if (digits !== '') text += `.${digits}`;
  }
  return text;
};

const SEPARATORS: Readonly<Record<TimeUnit, string>> = {
  YEAR: '',
  MONTH: '-',
  DAY: '',
  HOUR: ' ',
  MINUTE: ':',
  SECOND: ':',
};
/** What a field may be where it is not the leading one. */
const FIELD_ENDS: Readonly<Record<TimeUnit, number>> = {
  YEAR: Infinity,
  MONTH: 12,
  DAY: Infinity,
  HOUR: 24,
  MINUTE: 60,
  SECOND: 60,
};

/** The text of a literal: every field of the qualifier, the sign before them. Undefined where it is not of that form. */
export const parseInterval = (text: string, qualifier: IntervalQualifier): number | undefined => {
  const fields = fieldsOf(qualifier);
  const pattern = fields
    .map((unit, index) => {
      const separator = index === 0 ? '' : SEPARATORS[unit];
      return `${separator}([0-9]{1,15})${unit === 'SECOND' ? String.raw`(?:\.([0-9]{0,9}))?` : ''}`;
    })
    .join('');
  const parts = new RegExp(`^\\s*([+-]?)\\s*${pattern}\\s*$`).exec(text);
  if (parts === null) return undefined;
  let value = 0;
  for (const [index, unit] of fields.entries()) {
    const field = Number(parts[index + 2]);
    if (index > 0 && field >= FIELD_ENDS[unit]) return undefined;
    value += field * UNIT_SIZES[unit];
  }
  if (qualifier.to === 'SECOND') value += Number((parts[fields.length + 2] ?? '').slice(0, 3).padEnd(3, '0'));
  if (!Number.isSafeInteger(value)) return undefined;
  return parts[1] === '-' && value !== 0 ? -value : value;
};

/** Drops what is finer than the qualifier's last field, towards zero. */
export const truncateInterval = (value: number, { to }: IntervalQualifier): number => {
  const unit = to === 'SECOND' ? 1 : UNIT_SIZES[to];
  return Math.trunc(value / unit) * unit + 0;
};
