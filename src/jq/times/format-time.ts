/** strftime of the C library that jq 1.6 runs on (glibc, C locale, UTC), with its flags and widths. */
import { raise } from '../machine.ts';
import { MONTHS, WEEKDAYS } from '../../base/calendar-names.ts';
import { isLeap, secondsOf, type Time } from './time.ts';

/** `%`, flags, width, a modifier that changes nothing in this locale, and what is wanted. */
const DIRECTIVE = /%([-_0^#]*)([0-9]*)([EO]?)([\s\S])/g;
/** jq gives strftime a buffer of 4096 bytes. */
const BYTES_MAX = 4095;

export function formatTime(time: Time, pattern: string): string {
  const text = expanded(time, pattern);
  const bytes = Buffer.byteLength(text);
  if (bytes === 0 || bytes > BYTES_MAX) raise('strftime/1: unknown system failure');
  return text;
}

type Part = { readonly text: string; readonly pad: ' ' | '0' | ''; readonly width: number };

function expanded(time: Time, pattern: string): string {
  return pattern.replace(
    DIRECTIVE,
    (whole, flags: string, width: string, _modifier: string, letter: string) => {
      const part = partOf(time, letter);
      if (part === null) return whole;
      let { text, pad } = part;
      for (const flag of flags) {
        if (flag === '_') pad = ' ';
        else if (flag === '-') pad = '';
        else if (flag === '0') pad = '0';
        else if (flag === '^') text = text.toUpperCase();
        else text = letter === 'Z' || letter === 'p' ? text.toLowerCase() : text.toUpperCase();
      }
      if (pad === '' && flags.includes('-')) return text;
      const filled = flags.includes('_') ? ' ' : flags.includes('0') ? '0' : pad === '' ? ' ' : pad;
      const length = Math.min(Math.max(part.width, Number(width)), BYTES_MAX + 1);
      if (filled === '0' && text.startsWith('-')) return `-${text.slice(1).padStart(length - 1, '0')}`;
      return text.padStart(length, filled);
    },
  );
}

function number(value: number, width: number, pad: ' ' | '0' = '0'): Part {
  return { text: String(value), pad, width };
}

function words(text: string): Part {
  return { text, pad: '', width: 0 };
}

function partOf(time: Time, letter: string): Part | null {
  const hours12 = time.hours % 12 === 0 ? 12 : time.hours % 12;
  const half = time.hours >= 12 ? 'PM' : 'AM';
  switch (letter) {
    case '%':
      return words('%');
    case 'n':
      return words('\n');
    case 't':
      return words('\t');
    case 'a':
      return words(WEEKDAYS[time.weekday]?.slice(0, 3) ?? '?');
    case 'A':
      return words(WEEKDAYS[time.weekday] ?? '?');
    case 'b':
    case 'h':
      return words(MONTHS[time.month]?.slice(0, 3) ?? '?');
    case 'B':
      return words(MONTHS[time.month] ?? '?');
    case 'c':
      return words(expanded(time, '%a %b %e %H:%M:%S %Y'));
    case 'C':
      return number(Math.floor(time.year / 100), 2);
    case 'd':
      return number(time.day, 2);
    case 'D':
    case 'x':
      return words(expanded(time, '%m/%d/%y'));
    case 'e':
      return number(time.day, 2, ' ');
    case 'F':
      return words(expanded(time, '%Y-%m-%d'));
    case 'g':
      return number(((isoWeek(time).year % 100) + 100) % 100, 2);
    case 'G':
      return number(isoWeek(time).year, 1);
    case 'H':
      return number(time.hours, 2);
    case 'I':
      return number(hours12, 2);
    case 'j':
      return number(time.yearday + 1, 3);
    case 'k':
      return number(time.hours, 2, ' ');
    case 'l':
      return number(hours12, 2, ' ');
    case 'm':
      return number(time.month + 1, 2);
    case 'M':
      return number(time.minutes, 2);
    case 'p':
      return words(half);
    case 'P':
      return words(half.toLowerCase());
    case 'r':
      return words(expanded(time, '%I:%M:%S %p'));
    case 'R':
      return words(expanded(time, '%H:%M'));
    case 's':
      return number(secondsOf(time), 1);
    case 'S':
      return number(time.seconds, 2);
    case 'T':
    case 'X':
      return words(expanded(time, '%H:%M:%S'));
    case 'u':
      return number(((time.weekday + 6) % 7) + 1, 1);
    case 'U':
      return number(Math.floor((time.yearday - time.weekday + 7) / 7), 2);
    case 'V':
      return number(isoWeek(time).week, 2);
    case 'w':
      return number(time.weekday, 1);
    case 'W':
      return number(Math.floor((time.yearday - ((time.weekday + 6) % 7) + 7) / 7), 2);
    case 'y':
      return number(((time.year % 100) + 100) % 100, 2);
    case 'Y':
      return number(time.year, 1);
    case 'z':
      return words('+0000');
    case 'Z':
      return words('UTC');
    default:
      return null;
  }
}

/** Weeks begin on Monday; the first has the year's first Thursday. */
function isoWeek(time: Time): { readonly year: number; readonly week: number } {
  const monday = (time.weekday + 6) % 7;
  const week = Math.floor((time.yearday - monday + 10) / 7);
  if (week < 1) {
    const before = time.year - 1;
    const yearday = time.yearday + (isLeap(before) ? 366 : 365);
    return { year: before, week: Math.floor((yearday - monday + 10) / 7) };
  }
  if (week === 53 && time.yearday - monday + 3 >= (isLeap(time.year) ? 366 : 365))
    return { year: time.year + 1, week: 1 };
  return { year: time.year, week };
}
