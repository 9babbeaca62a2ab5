/** The time of a row, from the value of the column that says it. */
import { readTimestampText } from '../../analytics/mapping/datetime-text.ts';
import type { SqlType } from '../../sql/types.ts';
import type { SqlValue } from '../../sql/value.ts';

/** Numbers up to here are seconds since 1970 (until the year 5138), and milliseconds above. */
const SECONDS_MAX = 100_000_000_000;

/** Milliseconds since 1970; undefined where the value says no time. */
export function timeOf(value: SqlValue, type: SqlType): number | undefined {
  if (typeof value === 'string') return readTimestampText(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const number = type.name === 'DECIMAL' ? Number(value) / 10 ** type.scale : Number(value);
  if (type.name === 'TIMESTAMP' || type.name === 'DATE') return number;
  return Math.abs(number) < SECONDS_MAX ? Math.round(number * 1000) : Math.round(number);
}
