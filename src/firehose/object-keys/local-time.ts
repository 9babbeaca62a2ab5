/** An instant in a time zone, taken apart as java.time does, with the weeks of the United States: they begin on Sunday, the first holds 1 January. */
import type { TimeZone } from './time-zone.ts';

export type LocalTime = {
  readonly zoneId: string;
  /** East of UTC. */
  readonly offsetSeconds: number;
  readonly epochDay: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly dayOfMonth: number;
  readonly dayOfYear: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly weekYear: number;
  readonly weekOfWeekYear: number;
  readonly weekOfMonth: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
};

const DAY_MS = 86_400_000;

export function localTimeOf(timeMs: number, zone: TimeZone): LocalTime {
  const offsetSeconds = zone.offsetSeconds(timeMs);
  const local = new Date(timeMs + offsetSeconds * 1000);
  const year = local.getUTCFullYear();
  const dayOfMonth = local.getUTCDate();
  const weekday = local.getUTCDay();
  const epochDay = Math.floor(local.getTime() / DAY_MS);
  const dayOfYear = epochDay - Date.UTC(year, 0, 1) / DAY_MS + 1;
  const daysOfYear = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY_MS;
  // The week that holds the next 1 January is that year's first.
  const inNextYear = dayOfYear + (6 - weekday) > daysOfYear;
  return {
    zoneId: zone.id,
    offsetSeconds,
    epochDay,
    year,
    month: local.getUTCMonth() + 1,
    dayOfMonth,
    dayOfYear,
    weekday,
    weekYear: inNextYear ? year + 1 : year,
    weekOfWeekYear: inNextYear ? 1 : weekOf(dayOfYear, weekday),
    weekOfMonth: weekOf(dayOfMonth, weekday),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
}

/** Which week a day is in, counted from 1 where day 1 lies; `day` is a `weekday`. */
function weekOf(day: number, weekday: number): number {
  return Math.floor((day - 1 + ((((weekday - (day - 1)) % 7) + 7) % 7)) / 7) + 1;
}
