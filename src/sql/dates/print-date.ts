/** A time as text, by a pattern of SimpleDateFormat in Java's English and UTC. */
import { MONTHS, WEEKDAYS } from '../../base/calendar-names.ts';
import { civilOf, dayOf, daysOf, HOUR_MS, MINUTE_MS, SECOND_MS, timeOfDay } from '../values/datetime.ts';
import type { DatePattern } from './pattern.ts';

export const printDate = (timeMs: number, pattern: DatePattern): string => {
  let text = '';
  for (const part of pattern)
    text += typeof part === 'string' ? part : fieldText(timeMs, part.letter, part.count);
  return text;
};

const padded = (value: number, count: number): string => String(value).padStart(count, '0');
const named = (name: string, count: number): string => (count >= 4 ? name : name.slice(0, 3));

/** Sunday is zero. */
const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;

const fieldText = (timeMs: number, letter: string, count: number): string => {
  const days = dayOf(timeMs);
  const time = timeOfDay(timeMs);
  const hour = Math.floor(time / HOUR_MS);
  const { year, month, day } = civilOf(days);
  const weekday = weekdayOf(days);
  switch (letter) {
    case 'G':
      return year > 0 ? 'AD' : 'BC';
    case 'y':
    case 'Y': {
      const shown = year > 0 ? year : 1 - year;
      return count === 2 ? padded(shown % 100, 2) : padded(shown, count);
    }
    case 'M':
    case 'L':
      return count >= 3 ? named(MONTHS[month - 1]!, count) : padded(month, count);
    case 'w':
      return padded(weekOfYear(days, year), count);
    case 'W':
      return padded(Math.floor((day - 1 + weekdayOf(days - day + 1)) / 7) + 1, count);
    case 'D':
      return padded(days - daysOf(year, 1, 1) + 1, count);
    case 'd':
      return padded(day, count);
    case 'F':
      return padded(Math.floor((day - 1) / 7) + 1, count);
    case 'E':
      return named(WEEKDAYS[weekday]!, count);
    case 'u':
      return padded(weekday === 0 ? 7 : weekday, count);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'H':
      return padded(hour, count);
    case 'k':
      return padded(hour === 0 ? 24 : hour, count);
    case 'K':
      return padded(hour % 12, count);
    case 'h':
      return padded(hour % 12 === 0 ? 12 : hour % 12, count);
    case 'm':
      return padded(Math.floor(time / MINUTE_MS) % 60, count);
    case 's':
      return padded(Math.floor(time / SECOND_MS) % 60, count);
    case 'S':
      return padded(time % SECOND_MS, count);
    case 'Z':
      return '+0000';
    case 'X':
      return 'Z';
    default:
      return count >= 4 ? 'Coordinated Universal Time' : 'UTC';
  }
};

/** Weeks begin on Sunday, and the one with the first of January is the first. */
const weekOfYear = (days: number, year: number): number => {
  const nextYear = daysOf(year + 1, 1, 1);
  if (days - weekdayOf(days) + 6 >= nextYear) return 1;
  const first = daysOf(year, 1, 1);
  return Math.floor((days - first + weekdayOf(first)) / 7) + 1;
};
