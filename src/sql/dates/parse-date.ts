/**
 * A time out of a text by a pattern of SimpleDateFormat, as AWS's page "Char To Timestamp" has it: from the beginning of the text, what is behind the
 * pattern's end is not looked at; what the pattern does not name is that of 1970-01-01 00:00:00; what is out of its range makes the whole no time.
 * `hh` takes hours of the whole day, and 12 is midnight. Years of two digits under `yy` lie between 1950 and 2049 (decision 0547).
 */
import { MONTHS, WEEKDAYS } from '../../base/calendar-names.ts';
import {
  DAY_MS,
  daysInMonth,
  daysOf,
  HOUR_MS,
  isLeapYear,
  MINUTE_MS,
  SECOND_MS,
} from '../values/datetime.ts';
import { type DatePattern, type Field, isNumeric } from './pattern.ts';
import { zoneAt } from './zones.ts';

type Found = {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  /** Of an hour on a face of twelve: whether it was named, and its half of the day. */
  isHalf: boolean;
  isAfternoon: boolean;
  minute: number;
  second: number;
  millisecond: number;
  isBeforeChrist: boolean;
  offsetMinutes: number;
};

const PIVOT = 50;

/** Milliseconds since 1970, or undefined. */
export const parseDateText = (text: string, pattern: DatePattern): number | undefined => {
  const found: Found = {
    year: 1970,
    month: 1,
    day: 1,
    dayOfYear: undefined,
    hour: 0,
    isHalf: false,
    isAfternoon: false,
    minute: 0,
    second: 0,
    millisecond: 0,
    isBeforeChrist: false,
    offsetMinutes: 0,
  };
  let at = 0;
  for (const [index, part] of pattern.entries()) {
    if (typeof part === 'string') {
      if (!text.startsWith(part, at)) return undefined;
      at += part.length;
      continue;
    }
    while (text[at] === ' ' || text[at] === '\t') at++;
    const next = pattern[index + 1];
    const isBesideNumber = next !== undefined && typeof next !== 'string' && isNumeric(next);
    const end = isNumeric(part)
      ? readNumber(text, at, part, isBesideNumber, found)
      : readWord(text, at, part, found);
    if (end === undefined) return undefined;
    at = end;
  }
  return timeOf(found);
};

const readNumber = (
  text: string,
  at: number,
  { letter, count }: Field,
  isBesideNumber: boolean,
  found: Found,
): number | undefined => {
  const most = isBesideNumber ? count : 10;
  let end = at;
  while (end < text.length && end - at < most && isDigit(text.charCodeAt(end))) end++;
  if (end === at) return undefined;
  const value = Number(text.slice(at, end));
  return take(letter, count, value, end - at, found) ? end : undefined;
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const take = (letter: string, count: number, value: number, digits: number, found: Found): boolean => {
  switch (letter) {
    case 'y':
    case 'Y':
      found.year = count === 2 && digits === 2 ? value + (value < PIVOT ? 2000 : 1900) : value;
      return true;
    case 'M':
    case 'L':
      found.month = value;
      return value >= 1 && value <= 12;
    case 'd':
      found.day = value;
      return value >= 1 && value <= 31;
    case 'D':
      found.dayOfYear = value;
      return value >= 1 && value <= 366;
    case 'H':
      found.hour = value;
      return value <= 23;
    case 'k':
      found.hour = value % 24;
      return value >= 1 && value <= 24;
    case 'h':
    case 'K':
      found.hour = value === 12 ? 0 : value;
      found.isHalf = true;
      return value <= 23;
    case 'm':
      found.minute = value;
      return value <= 59;
    case 's':
      found.second = value;
      return value <= 59;
    case 'S':
      // More than three digits are a fraction of a finer clock: what is below a millisecond goes.
      found.millisecond = digits > 3 ? Math.floor(value / 10 ** (digits - 3)) : value;
      return true;
    default:
      // Weeks and days of a week tell nothing that the date does not.
      return true;
  }
};

/** The longest of the names, whole or in three letters, whatever their case. */
const nameAt = (
  text: string,
  at: number,
  names: readonly string[],
): readonly [index: number, length: number] | undefined => {
  const rest = text.slice(at, at + 9).toLowerCase();
  for (const length of [undefined, 3])
    for (const [index, name] of names.entries())
      if (rest.startsWith(name.slice(0, length).toLowerCase())) return [index, length ?? name.length];
  return undefined;
};

const readWord = (text: string, at: number, { letter }: Field, found: Found): number | undefined => {
  if (letter === 'z' || letter === 'Z' || letter === 'X') {
    const zone = zoneAt(text, at);
    if (zone === undefined) return undefined;
    found.offsetMinutes = zone.offsetMinutes;
    return at + zone.length;
  }
  const pair = text.slice(at, at + 2).toUpperCase();
  if (letter === 'a') {
    found.isAfternoon = pair === 'PM';
    return pair === 'AM' || pair === 'PM' ? at + 2 : undefined;
  }
  if (letter === 'G') {
    found.isBeforeChrist = pair === 'BC';
    return pair === 'AD' || pair === 'BC' ? at + 2 : undefined;
  }
  const name = nameAt(text, at, letter === 'E' ? WEEKDAYS : MONTHS);
  if (name === undefined) return undefined;
  if (letter !== 'E') found.month = name[0] + 1;
  return at + name[1];
};

const timeOf = (found: Found): number | undefined => {
  const year = found.isBeforeChrist ? 1 - found.year : found.year;
  if (found.day > daysInMonth(year, found.month)) return undefined;
  if (found.dayOfYear !== undefined && found.dayOfYear > (isLeapYear(year) ? 366 : 365)) return undefined;
  const days =
    found.dayOfYear === undefined
      ? daysOf(year, found.month, found.day)
      : daysOf(year, 1, 1) + found.dayOfYear - 1;
  const hour = found.hour + (found.isHalf && found.isAfternoon && found.hour < 12 ? 12 : 0);
  return (
    days * DAY_MS +
    hour * HOUR_MS +
    (found.minute - found.offsetMinutes) * MINUTE_MS +
    found.second * SECOND_MS +
    found.millisecond
  );
};
