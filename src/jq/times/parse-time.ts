/** strptime of the C library that jq 1.6 runs on (glibc, C locale). */
import { MONTHS, WEEKDAYS } from '../../base/calendar-names.ts';
import { brokenDown, daysOf, isLeap, type Time } from './time.ts';

/** What was read so far. What no directive names stays as jq begins it: 1900, and weekday and day of the year out of range. */
type Found = {
  -readonly [part in keyof Time]: Time[part];
} & {
  century: number | null;
  isAfternoon: boolean | null;
  hasMonth: boolean;
  hasDay: boolean;
  hasWeekday: boolean;
  hasYearday: boolean;
  hasYear: boolean;
  yearOfCentury: number | null;
  weekFrom: 'U' | 'W' | null;
  week: number;
};

/** The time that begins `text` and what is left of it, which is white space; null when the text is not as the pattern says. */
export function parseTime(
  text: string,
  pattern: string,
): { readonly time: Time; readonly rest: string } | null {
  const found: Found = {
    year: 1900,
    month: 0,
    day: 0,
    hours: 0,
    minutes: 0,
    seconds: 0,
    weekday: 8,
    yearday: 367,
    century: null,
    isAfternoon: null,
    hasMonth: false,
    hasDay: false,
    hasWeekday: false,
    hasYearday: false,
    hasYear: false,
    yearOfCentury: null,
    weekFrom: null,
    week: 0,
  };
  const end = read(found, text, 0, pattern);
  if (end < 0 || (end < text.length && !/\s/.test(text[end]!))) return null;
  return { time: completed(found), rest: text.slice(end) };
}

/** Reads `pattern` from `text` at `start`; answers where it ends, or -1. */
function read(found: Found, text: string, start: number, pattern: string): number {
  let at = start;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (/\s/.test(character)) {
      at = afterSpace(text, at);
    } else if (character !== '%') {
      if (text[at++] !== character) return -1;
    } else {
      i++;
      while ('-_0^#'.includes(pattern[i] ?? '?')) i++;
      if (pattern[i] === 'E' || pattern[i] === 'O') i++;
      at = directive(found, text, at, pattern[i] ?? '');
      if (at < 0) return -1;
    }
  }
  return at;
}

function afterSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && /\s/.test(text[end]!)) end++;
  return end;
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
};

/** Numbers: least, greatest, digits at most, and what they are. */
const NUMBERS: Readonly<
  Record<string, readonly [number, number, number, (found: Found, value: number) => void]>
> = {
  C: [0, 99, 2, (found, value) => (found.century = value)],
  d: [1, 31, 2, setDay],
  e: [1, 31, 2, setDay],
  H: [0, 23, 2, setHours],
  k: [0, 23, 2, setHours],
  I: [1, 12, 2, setHours12],
  l: [1, 12, 2, setHours12],
  j: [1, 366, 3, (found, value) => ((found.yearday = value - 1), (found.hasYearday = true))],
  m: [1, 12, 2, (found, value) => ((found.month = value - 1), (found.hasMonth = true))],
  M: [0, 59, 2, (found, value) => (found.minutes = value)],
  S: [0, 61, 2, (found, value) => (found.seconds = value)],
  u: [1, 7, 1, (found, value) => ((found.weekday = value % 7), (found.hasWeekday = true))],
  w: [0, 6, 1, (found, value) => ((found.weekday = value), (found.hasWeekday = true))],
  y: [0, 99, 2, (found, value) => ((found.yearOfCentury = value), (found.hasYear = true))],
  Y: [
    0,
    9999,
    4,
    (found, value) => (
      (found.year = value),
      (found.hasYear = true),
      (found.yearOfCentury = null),
      (found.century = null)
    ),
  ],
  U: [0, 53, 2, (found, value) => ((found.week = value), (found.weekFrom = 'U'))],
  W: [0, 53, 2, (found, value) => ((found.week = value), (found.weekFrom = 'W'))],
  V: [0, 53, 2, () => {}],
  g: [0, 99, 2, () => {}],
  G: [0, 9999, 4, () => {}],
};

function setDay(found: Found, value: number): void {
  found.day = value;
  found.hasDay = true;
}

function setHours(found: Found, value: number): void {
  found.hours = value;
  found.isAfternoon = null;
}

function setHours12(found: Found, value: number): void {
  found.hours = value % 12;
  found.isAfternoon ??= false;
}

function directive(found: Found, text: string, at: number, letter: string): number {
  const shorthand = SHORTHANDS[letter];
  if (shorthand !== undefined) return read(found, text, at, shorthand);
  const number = NUMBERS[letter];
  if (number !== undefined) return readNumber(text, at, number, found);
  switch (letter) {
    case '%':
      return text[at] === '%' ? at + 1 : -1;
    case 'n':
    case 't':
      return afterSpace(text, at);
    case 'a':
    case 'A':
      return readName(text, at, WEEKDAYS, (value) => ((found.weekday = value), (found.hasWeekday = true)));
    case 'b':
    case 'B':
    case 'h':
      return readName(text, at, MONTHS, (value) => ((found.month = value), (found.hasMonth = true)));
    case 'p':
    case 'P':
      return readHalf(found, text, at);
    case 's':
      return readSeconds(found, text, at);
    case 'z':
      return readZone(text, at);
    case 'Z':
      return afterWord(text, at);
    default:
      return -1;
  }
}

function readNumber(
  text: string,
  start: number,
  [least, most, digits, set]: (typeof NUMBERS)[string],
  found: Found,
): number {
  let at = start;
  while (text[at] === ' ') at++;
  const first = at;
  let value = 0;
  while (at - first < digits && /^[0-9]$/.test(text[at] ?? '')) {
    value = value * 10 + Number(text[at++]);
    if (value * 10 > most) break;
  }
  if (at === first || value < least || value > most) return -1;
  set(found, value);
  return at;
}

function readName(text: string, at: number, names: readonly string[], set: (value: number) => void): number {
  const rest = text.slice(at, at + 10).toLowerCase();
  for (const [value, name] of names.entries()) {
    for (const form of [name, name.slice(0, 3)]) {
      if (!rest.startsWith(form.toLowerCase())) continue;
      set(value);
      return at + form.length;
    }
  }
  return -1;
}

function readHalf(found: Found, text: string, at: number): number {
  const half = text.slice(at, at + 2).toUpperCase();
  if (half !== 'AM' && half !== 'PM') return -1;
  found.isAfternoon = half === 'PM';
  return at + 2;
}

function readSeconds(found: Found, text: string, at: number): number {
  const digits = /^[0-9]+/.exec(text.slice(at, at + 20));
  const time = digits === null ? null : brokenDown(Number(digits[0]));
  if (digits === null || time === null) return -1;
  Object.assign(found, time);
  return at + digits[0].length;
}

/** The offset is read and has no effect, as in jq. */
function readZone(text: string, start: number): number {
  const at = afterSpace(text, start);
  const zone = /^(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)/.exec(text.slice(at, at + 6));
  return zone === null ? -1 : at + zone[0].length;
}

function afterWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/\s/.test(text[at]!)) at++;
  return at;
}

function completed(found: Found): Time {
  if (found.isAfternoon !== null) found.hours = (found.hours % 12) + (found.isAfternoon ? 12 : 0);
  const short = found.yearOfCentury;
  if (short !== null)
    found.year = found.century === null ? short + (short < 69 ? 2000 : 1900) : found.century * 100 + short;
  else if (found.century !== null) found.year = found.century * 100 + (found.year % 100);
  completeDays(found);
  const { year, month, day, hours, minutes, seconds } = found;
  return { year, month, day, hours, minutes, seconds, weekday: found.weekday, yearday: found.yearday };
}

/** glibc works out the weekday and the day of the year once it knows the year, and the month and day from those. */
function completeDays(found: Found): void {
  const wantsDays = found.hasYear || found.hasMonth || found.hasDay;
  if (found.hasYearday && !(found.hasMonth && found.hasDay)) {
    const time = brokenDown((daysOf(found.year, 0, 1) + found.yearday) * 86_400)!;
    if (!found.hasMonth) found.month = time.month;
    if (!found.hasDay) found.day = time.day;
  }
  if (found.weekFrom !== null && found.hasWeekday && !found.hasMonth && !found.hasDay) fromWeek(found);
  else if (wantsDays && !found.hasWeekday)
    found.weekday = (((daysOf(found.year, found.month, found.day) + 4) % 7) + 7) % 7;
  if (wantsDays && !found.hasYearday) found.yearday = daysBefore(found.year, found.month) + found.day - 1;
}

function fromWeek(found: Found): void {
  const first = (((daysOf(found.year, 0, 1) + 4) % 7) + 7) % 7;
  const offset = found.weekFrom === 'U' ? 0 : 1;
  const yearday = ((7 - (first - offset)) % 7) + (found.week - 1) * 7 + ((found.weekday - offset + 7) % 7);
  const time = brokenDown((daysOf(found.year, 0, 1) + yearday) * 86_400)!;
  found.month = time.month;
  found.day = time.day;
  found.hasDay = true;
  found.yearday = time.yearday;
  found.hasYearday = true;
}

function daysBefore(year: number, month: number): number {
  const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month] ?? 0;
  return before + (month > 1 && isLeap(year) ? 1 : 0);
}
