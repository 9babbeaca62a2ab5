/** The time of a row, from the value of the column that says it. */
import { readTimestampText } from '../../analytics/mapping/datetime-text.ts';
import type { SqlType } from '../../sql/types.ts';
import type { SqlValue } from '../../sql/value.ts';

/** Numbers up to here are seconds since 1970 (until the year 5138), and milliseconds above. */
const SECONDS_MAX = 100_000_000_000;

/** Milliseconds since 1970; undefined where the value says no time. */
export function timeOf(value: SqlValue, type: SqlType): number | undefined {
  if (typeof value === 'string') return timeOfText(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const number = type.name === 'DECIMAL' ? Number(value) / 10 ** type.scale : Number(value);
  if (type.name === 'TIMESTAMP' || type.name === 'DATE') return number;
  return Math.abs(number) < SECONDS_MAX ? Math.round(number * 1000) : Math.round(number);
}

let lastDay = '';
let lastDayMs = 0;

/** Of the form that most have, in UTC, and mostly of the same day as the one before: without a regular expression. */
function timeOfText(text: string): number | undefined {
  const { length } = text;
  const hasFraction = length >= 23 && text.charCodeAt(19) === 46;
  const end = hasFraction ? 23 : 19;
  const isPlain = length === end || (length === end + 1 && text.charCodeAt(end) === 90);
  if (!isPlain || length < 19 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return readTimestampText(text);
  const separator = text.charCodeAt(10);
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  const ms = hasFraction ? two(text, 20) * 10 + two(text, 22, 1) : 0;
  if ((separator !== 84 && separator !== 32) || !(hour < 24 && minute < 60 && second < 60 && ms >= 0))
    return readTimestampText(text);
  if (!text.startsWith(lastDay) || lastDay === '') {
    const day = text.slice(0, 10);
    const dayMs = readTimestampText(day);
    if (dayMs === undefined) return undefined;
    lastDay = day;
    lastDayMs = dayMs;
  }
  return lastDayMs + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms;
}

/** The number that so many digits say; NaN where they are none. */
function two(text: string, at: number, digits = 2): number {
  let value = 0;
  for (let index = at; index < at + digits; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
