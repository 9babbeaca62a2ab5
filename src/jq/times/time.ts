/** Broken-down times in UTC, as C has them: months from 0, days from 1, weekdays from Sunday, days of the year from 0. */
export type Time = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly weekday: number;
  readonly yearday: number;
};

const DAY_SECONDS = 86_400;
/** What a `Date` can hold. Beyond it lie the years before -271821 and after 275760. */
const SECONDS_MAX = 8.64e12;

/** Null where the time cannot be told. */
export function brokenDown(seconds: number): Time | null {
  if (!(Math.abs(seconds) <= SECONDS_MAX)) return null;
  const date = new Date(seconds * 1000);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hours: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
    seconds: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearday:
      Math.round(
        (Date.UTC(2000, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(2000, 0, 1)) / (DAY_SECONDS * 1000),
      ) - (isLeap(year) || date.getUTCMonth() < 2 ? 0 : 1),
  };
}

export function timeOf(parts: readonly number[]): Time {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, weekday = 0, yearday = 0] = parts;
  return { year, month, day, hours, minutes, seconds, weekday, yearday };
}

/** Parts that are out of their range carry over into the next. */
export function secondsOf(time: Time): number {
  return (
    daysOf(time.year, time.month, time.day) * DAY_SECONDS +
    time.hours * 3600 +
    time.minutes * 60 +
    time.seconds
  );
}

/** From 1970-01-01 to a day, whatever the month. */
export function daysOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date.getTime() / (DAY_SECONDS * 1000) + day - 1;
}

export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
