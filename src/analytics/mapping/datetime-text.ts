/**
 * Dates and times as records write them. AWS names `1992-02-14` and `1992-02-14 18:35:44.0`; the ISO 8601 that most producers write (`T`, `Z`, an
 * offset) is read as well: it could only be an error otherwise.
 */
const DAY_MS = 86_400_000;
const DATE_TIME =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$/;
const TIME = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?\s*$/;

const millisecondsOf = (fraction: string | undefined): number =>
  fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));

const timeOfDay = (
  hours: string,
  minutes: string,
  seconds: string | undefined,
  fraction: string | undefined,
) => {
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecondsOf(fraction);
};

const offsetMs = (zone: string | undefined): number => {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
};

/** Milliseconds since 1970 in UTC, or undefined where the text is none. A date alone is its midnight. */
export const readTimestampText = (text: string): number | undefined => {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hours, minutes = '', seconds, fraction, zone] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  // Years below 100 mean the years since 1900 to Date.UTC; nobody sends those.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (hours === undefined) return midnight;
  const time = timeOfDay(hours, minutes, seconds, fraction);
  return time === undefined ? undefined : midnight + time - offsetMs(zone);
};

/** Midnight of the day. */
export const readDateText = (text: string): number | undefined => {
  const at = readTimestampText(text);
  return at === undefined ? undefined : Math.floor(at / DAY_MS) * DAY_MS;
};

/** Milliseconds since midnight. */
export const readTimeText = (text: string): number | undefined => {
  const match = TIME.exec(text);
  if (match !== null) return timeOfDay(match[1] ?? '', match[2] ?? '', match[3], match[4]);
  const at = readTimestampText(text);
  return at === undefined ? undefined : at - Math.floor(at / DAY_MS) * DAY_MS;
};
