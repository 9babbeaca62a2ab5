/** The letters of a date pattern: how often each may stand in a row, and what it prints. Source: DateTimeFormatter's documentation in Java 17. */
import { MONTHS, WEEKDAYS } from '../../base/calendar-names.ts';
import type { LocalTime } from './local-time.ts';

type Letter = {
  /** The allowed numbers of repetitions. */
  readonly counts: readonly number[];
  readonly print: (time: LocalTime, count: number) => string;
};

const QUARTERS = ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'];

/** The days from 1858-11-17, where modified Julian days begin, to 1970. */
const MODIFIED_JULIAN_DAY_OF_1970 = 40_587;
const ONE_OR_TWO = [1, 2];
const UP_TO_19 = Array.from({ length: 19 }, (_, i) => i + 1);

const year = number((time) => time.year);
const weekYear = number((time) => time.weekYear);

/** By the letter itself. */
export const LETTERS: Readonly<Record<string, Letter>> = Object.freeze({
  G: { counts: [1, 2, 3, 4, 5], print: (_, count) => ['AD', 'Anno Domini', 'A'][Math.max(count - 3, 0)]! },
  u: { counts: UP_TO_19, print: yearWith(year) },
  y: { counts: UP_TO_19, print: yearWith(year) },
  Y: { counts: UP_TO_19, print: yearWith(weekYear) },
  Q: { counts: [1, 2, 3, 4, 5], print: quarter },
  q: { counts: [1, 2, 3, 4, 5], print: quarter },
  M: { counts: [1, 2, 3, 4, 5], print: month },
  L: { counts: [1, 2, 3, 4, 5], print: month },
  w: { counts: ONE_OR_TWO, print: number((time) => time.weekOfWeekYear) },
  W: { counts: [1], print: number((time) => time.weekOfMonth) },
  D: { counts: [1, 2, 3], print: number((time) => time.dayOfYear) },
  d: { counts: ONE_OR_TWO, print: number((time) => time.dayOfMonth) },
  F: { counts: [1], print: number((time) => ((time.dayOfMonth - 1) % 7) + 1) },
  g: { counts: UP_TO_19, print: number((time) => time.epochDay + MODIFIED_JULIAN_DAY_OF_1970) },
  E: { counts: [1, 2, 3, 4, 5], print: (time, count) => named(WEEKDAYS[time.weekday]!, Math.max(count, 3)) },
  e: { counts: [1, 2, 3, 4, 5], print: weekday },
  c: { counts: [1, 3, 4, 5], print: weekday },
  a: { counts: [1], print: (time) => (time.hour < 12 ? 'AM' : 'PM') },
  B: { counts: [1, 4, 5], print: periodOfDay },
  H: { counts: ONE_OR_TWO, print: number((time) => time.hour) },
  k: { counts: ONE_OR_TWO, print: number((time) => time.hour || 24) },
  K: { counts: ONE_OR_TWO, print: number((time) => time.hour % 12) },
  h: { counts: ONE_OR_TWO, print: number((time) => time.hour % 12 || 12) },
  m: { counts: ONE_OR_TWO, print: number((time) => time.minute) },
  s: { counts: ONE_OR_TWO, print: number((time) => time.second) },
  S: { counts: UP_TO_19.slice(0, 9), print: fraction },
  A: { counts: UP_TO_19, print: number(millisecondOfDay) },
  n: { counts: UP_TO_19, print: number((time) => time.millisecond * 1_000_000) },
  N: { counts: UP_TO_19, print: number((time) => millisecondOfDay(time) * 1_000_000) },
  V: { counts: [2], print: (time) => time.zoneId },
  z: { counts: [1, 2, 3, 4], print: (_, count) => (count === 4 ? 'Coordinated Universal Time' : 'UTC') },
  O: { counts: [1, 4], print: ({ offsetSeconds }, count) => gmtOffset(offsetSeconds, count === 4) },
  Z: { counts: [1, 2, 3, 4, 5], print: offsetZ },
  X: {
    counts: [1, 2, 3, 4, 5],
    print: ({ offsetSeconds }, count) => (offsetSeconds === 0 ? 'Z' : isoOffset(offsetSeconds, count)),
  },
  x: { counts: [1, 2, 3, 4, 5], print: ({ offsetSeconds }, count) => isoOffset(offsetSeconds, count) },
});

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function number(valueOf: (time: LocalTime) => number): Letter['print'] {
  return (time, count) => digits(valueOf(time), count);
}

/** Two letters are the last two digits; from four letters on a year that needs more digits than letters gets a plus sign. */
function yearWith(print: Letter['print']): Letter['print'] {
  return (time, count) => {
    const text = print(time, count);
    if (count === 2) return text.slice(-2);
    return count >= 4 && text.length > count ? `+${text}` : text;
  };
}

/** Three letters are the short name, four the whole, five its first character. */
function named(name: string, count: number): string {
  return count === 3 ? name.slice(0, 3) : count === 4 ? name : name.slice(0, 1);
}

function month(time: LocalTime, count: number): string {
  return count <= 2 ? digits(time.month, count) : named(MONTHS[time.month - 1]!, count);
}

function quarter(time: LocalTime, count: number): string {
  const value = Math.ceil(time.month / 3);
  if (count === 3) return `Q${value}`;
  return count === 4 ? QUARTERS[value - 1]! : digits(value, Math.min(count, 5) === 5 ? 1 : count);
}

function weekday(time: LocalTime, count: number): string {
  return count <= 2 ? digits(time.weekday + 1, count) : named(WEEKDAYS[time.weekday]!, count);
}

function periodOfDay({ hour, minute }: LocalTime, count: number): string {
  if (minute === 0 && hour === 0) return count === 5 ? 'mi' : 'midnight';
  if (minute === 0 && hour === 12) return count === 5 ? 'n' : 'noon';
  if (hour < 6 || hour >= 21) return 'at night';
  return hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
}

function fraction(time: LocalTime, count: number): string {
  return `${digits(time.millisecond, 3)}000000`.slice(0, count);
}

function millisecondOfDay(time: LocalTime): number {
  return ((time.hour * 60 + time.minute) * 60 + time.second) * 1000 + time.millisecond;
}

type Offset = { sign: string; hours: number; minutes: number; seconds: number };

function offsetParts(offsetSeconds: number): Offset {
  const size = Math.abs(offsetSeconds);
  return {
    sign: offsetSeconds < 0 ? '-' : '+',
    hours: Math.floor(size / 3600),
    minutes: Math.floor(size / 60) % 60,
    seconds: size % 60,
  };
}

/** +08, +0830 · +0800 · +08:00 · +080000 · +08:00:00, by count; seconds only when there are any, and with 1 letter minutes too. */
function isoOffset(offsetSeconds: number, count: number): string {
  const { sign, hours, minutes, seconds } = offsetParts(offsetSeconds);
  const colon = count === 3 || count === 5 ? ':' : '';
  let text = sign + digits(hours, 2);
  if (count > 1 || minutes !== 0) text += colon + digits(minutes, 2);
  if (count > 3 && seconds !== 0) text += colon + digits(seconds, 2);
  return text;
}

function gmtOffset(offsetSeconds: number, full: boolean): string {
  if (offsetSeconds === 0) return 'GMT';
  const { sign, hours, minutes, seconds } = offsetParts(offsetSeconds);
  let text = `GMT${sign}${full ? digits(hours, 2) : hours}`;
  if (full || minutes !== 0 || seconds !== 0) text += `:${digits(minutes, 2)}`;
  return seconds === 0 ? text : `${text}:${digits(seconds, 2)}`;
}

function offsetZ({ offsetSeconds }: LocalTime, count: number): string {
  if (count === 4) return gmtOffset(offsetSeconds, true);
  if (count === 5) return offsetSeconds === 0 ? 'Z' : isoOffset(offsetSeconds, 5);
  return isoOffset(offsetSeconds, 2);
}
