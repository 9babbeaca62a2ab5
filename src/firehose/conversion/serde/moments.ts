/** Dates and timestamps from their text, on the proleptic Gregorian calendar, in UTC, to the nanosecond. */

/** A moment as Parquet's INT96 wants it. */
export type Moment = { epochDay: number; nanosOfDay: number };

const SECOND = 1_000_000_000;
const DAY_SECONDS = 86_400;

/** Years 1 to 9999: what java.sql.Timestamp writes in four digits. */
const EPOCH_DAY_MIN = -719_162;
const EPOCH_DAY_MAX = 2_932_896;

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const ISO_OR_JDBC = /^(\d{4})-(\d{1,2})-(\d{1,2})([ T])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?(Z?)$/;
const EPOCH = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** So many digits and more are milliseconds, as OpenX has it. */
const MILLIS_DIGITS = 13;

/** As java.sql.Date.valueOf, but only days that exist. */
export function parseDate(text: string): number | undefined {
  const found = DATE.exec(text);
  return found === null ? undefined : epochDayOf(Number(found[1]), Number(found[2]), Number(found[3]));
}

/** java.sql.Timestamp.valueOf: `yyyy-[m]m-[d]d hh:mm:ss[.f…]`. */
export function parseJdbcTimestamp(text: string, into: Moment): boolean {
  return parseCalendar(text.trim(), ' ', into);
}

/** `yyyy-MM-ddTHH:mm:ss[.f…]Z`. */
export function parseIsoTimestamp(text: string, into: Moment): boolean {
  return parseCalendar(text, 'T', into);
}

/** Seconds since 1970 with or without a fraction, or milliseconds when there are 13 digits. */
export function parseEpoch(text: string, into: Moment): boolean {
  const found = EPOCH.exec(text);
  if (found === null) return false;
  const [, sign = '', whole = '', fraction, exponent] = found;
  if (exponent !== undefined) return setEpochMillis(Math.trunc(Number(text) * 1000), into);
  if (whole.length > 18) return false;
  if (fraction === undefined && whole.length >= MILLIS_DIGITS) return setEpochMillis(Number(text), into);
  const nanos = Number((fraction ?? '').slice(0, 9).padEnd(9, '0'));
  const seconds = Number(whole);
  if (sign !== '-') return setEpoch(seconds, nanos, into);
  return nanos === 0 ? setEpoch(-seconds, 0, into) : setEpoch(-seconds - 1, SECOND - nanos, into);
}

export function setEpochMillis(millis: number, into: Moment): boolean {
  const seconds = Math.floor(millis / 1000);
  return setEpoch(seconds, (millis - seconds * 1000) * 1_000_000, into);
}

/** False when the day is not one of the years 1 to 9999. */
export function setEpoch(seconds: number, nanos: number, into: Moment): boolean {
  const epochDay = Math.floor(seconds / DAY_SECONDS);
  into.epochDay = epochDay;
  into.nanosOfDay = (seconds - epochDay * DAY_SECONDS) * SECOND + nanos;
  return epochDay >= EPOCH_DAY_MIN && epochDay <= EPOCH_DAY_MAX;
}

/** Undefined when there is no such day. */
export function epochDayOf(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // Years that begin in March end with the leap day.
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function parseCalendar(text: string, separator: ' ' | 'T', into: Moment): boolean {
  const found = ISO_OR_JDBC.exec(text);
  if (found === null || found[4] !== separator || (found[9] === 'Z') !== (separator === 'T')) return false;
  const epochDay = epochDayOf(Number(found[1]), Number(found[2]), Number(found[3]));
  const [hour, minute, second] = [Number(found[5]), Number(found[6]), Number(found[7])];
  if (epochDay === undefined || hour > 23 || minute > 59 || second > 59) return false;
  const fraction = found[8];
  into.epochDay = epochDay;
  into.nanosOfDay =
    (hour * 3600 + minute * 60 + second) * SECOND +
    (fraction === undefined ? 0 : Number(fraction.padEnd(9, '0')));
  return true;
}
