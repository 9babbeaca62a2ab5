/**
 * DATE, TIME and TIMESTAMP as whole milliseconds, in the proleptic Gregorian calendar, without a zone and without a Date: from fields and to
 * fields, from text and to text. Rows read and write times by the million, so text is put together digit by digit.
 */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Times lie within 275,000 years of 1970, so that no rounding of one leaves the safe integers. */
const TIME_MAX = 8.64e15;
export const isTime = (timeMs: number): boolean => timeMs <= TIME_MAX && timeMs >= -TIME_MAX;

/** Month and day count from one. */
export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

/** Days since 1970-01-01, by the algorithm of Howard Hinnant's "chrono-compatible low-level date algorithms" (years begin in March there). */
export const daysOf = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

export const civilOf = (days: number): CivilDate => {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
};

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export const daysInMonth = (year: number, month: number): number =>
  month === 2
    ? isLeapYear(year)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;

/** The day, in days since 1970, and the milliseconds since its midnight. */
export const dayOf = (timeMs: number): number => Math.floor(timeMs / DAY_MS);
export const timeOfDay = (timeMs: number): number => timeMs - Math.floor(timeMs / DAY_MS) * DAY_MS;

/** Months added; a day that the month does not have becomes its last. */
export const addMonths = (timeMs: number, months: number): number => {
  const days = dayOf(timeMs);
  const { year, month, day } = civilOf(days);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  return (
    daysOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth))) * DAY_MS +
    (timeMs - days * DAY_MS)
  );
};

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
const three = (value: number): string => (value < 10 ? `00${value}` : value < 100 ? `0${value}` : `${value}`);

const yearText = (year: number): string =>
  year >= 1000 ? `${year}` : year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');

// Most rows of a stream are of the same day: the text of the last one is kept.
let lastDay = Number.NaN;
let lastDayText = '';

/** `yyyy-MM-dd`. */
export const dateText = (timeMs: number): string => {
  const days = dayOf(timeMs);
  if (days !== lastDay) {
    const { year, month, day } = civilOf(days);
    lastDayText = `${yearText(year)}-${two(month)}-${two(day)}`;
    lastDay = days;
  }
  return lastDayText;
};

/** `HH:mm:ss`. */
export const timeText = (timeMs: number): string => {
  const seconds = Math.floor(timeOfDay(timeMs) / SECOND_MS);
  const minutes = Math.floor(seconds / 60);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
};

/** `.SSS`. */
export const fractionText = (timeMs: number): string =>
  `.${three(timeMs - Math.floor(timeMs / SECOND_MS) * SECOND_MS)}`;

/** `yyyy-MM-dd HH:mm:ss.SSS`: what outputs write. */
export const timestampText = (timeMs: number): string =>
  `${dateText(timeMs)} ${timeText(timeMs)}${fractionText(timeMs)}`;

const digitsAt = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
};

/** `yyyy-MM-dd`, and nothing behind it: milliseconds, or undefined. */
export const parseDate = (text: string): number | undefined =>
  text.length === 10 ? parseDateAt(text) : undefined;

const parseDateAt = (text: string): number | undefined => {
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  if (year < 0 || text[4] !== '-' || text[7] !== '-' || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysOf(year, month, day) * DAY_MS;
};

/** `HH:mm:ss`, with up to nine digits behind a point where they are allowed; what is below a millisecond is dropped. */
export const parseTime = (text: string, allowsFraction: boolean): number | undefined => {
  // AWS's examples write `1:03:34` in a literal too.
  const padded = text[1] === ':' ? `0${text}` : text;
  const hour = digitsAt(padded, 0, 2);
  const minute = digitsAt(padded, 3, 2);
  const second = digitsAt(padded, 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  if (padded[2] !== ':' || padded[5] !== ':') return undefined;
  let fractionMs = 0;
  if (padded.length > 8) {
    if (!allowsFraction || !/^\.[0-9]{1,9}$/.test(padded.slice(8))) return undefined;
    fractionMs = Number(padded.slice(9, 12).padEnd(3, '0'));
  }
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + fractionMs;
};

/** `yyyy-MM-dd HH:mm:ss`, with a fraction where it is allowed. */
export const parseTimestamp = (text: string, allowsFraction: boolean): number | undefined => {
  if (text[10] !== ' ') return undefined;
  const date = parseDateAt(text);
  const time = parseTime(text.slice(11), allowsFraction);
  return date === undefined || time === undefined ? undefined : date + time;
};
