/**
 * Patterns of Joda-Time's DateTimeFormat, compiled into a parser. English names, UTC unless the text says an offset, and what
 * the pattern does not tell is as in 1970-01-01T00:00. Letters that would need week years, eras or named zones are refused
 * when the pattern is compiled.
 */
import { epochDayOf, setEpoch, setEpochMillis, type Moment } from './moments.ts';
import { UnsupportedConversion } from '../unsupported-conversion.ts';

export type ParseMoment = (text: string, into: Moment) => boolean;

type Fields = Record<
  | 'year'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'hour'
  | 'halfDay'
  | 'hourOfHalf'
  | 'minute'
  | 'second'
  | 'nanos'
  | 'offset',
  number | undefined
>;

type Step = { readonly source: string; readonly read?: (text: string, fields: Fields) => void };

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const NUMERIC: Readonly<Record<string, { readonly field: keyof Fields; readonly digits: number }>> = {
  d: { field: 'day', digits: 2 },
  D: { field: 'dayOfYear', digits: 3 },
  H: { field: 'hour', digits: 2 },
  k: { field: 'hour', digits: 2 },
  K: { field: 'hourOfHalf', digits: 2 },
  h: { field: 'hourOfHalf', digits: 2 },
  m: { field: 'minute', digits: 2 },
  s: { field: 'second', digits: 2 },
};

/** `millis` is AWS's and Hive's word for milliseconds since 1970. Throws UnsupportedConversion. */
export function compileTimestampFormat(pattern: string): ParseMoment {
  if (pattern === 'millis') return parseMillis;
  const steps = compile(pattern);
  const expression = new RegExp(
    `^${steps.map((step) => (step.read === undefined ? step.source : `(${step.source})`)).join('')}$`,
    'i',
  );
  const readers = steps.flatMap((step) => (step.read === undefined ? [] : [step.read]));
  return (text, into) => {
    const found = expression.exec(text);
    if (found === null) return false;
    const fields = {} as Fields;
    for (let index = 0; index < readers.length; index += 1) readers[index]!(found[index + 1]!, fields);
    return resolve(fields, into);
  };
}

function parseMillis(text: string, into: Moment): boolean {
  return /^[+-]?\d{1,16}$/.test(text) && setEpochMillis(Number(text), into);
}

function compile(pattern: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [token] of pattern.matchAll(/([A-Za-z])\1*|'(?:[^']|'')*'|[^A-Za-z']+|'/g)) {
    const letter = token[0] ?? '';
    if (/[A-Za-z]/.test(letter))
      steps.push(step(letter, token.length, pattern, isDigitNext(pattern, steps, token)));
    else if (token === "''") steps.push({ source: "'" });
    else if (token === "'") throw refused(pattern, 'a quote is not closed');
    else if (letter === "'") steps.push({ source: literal(token.slice(1, -1).replaceAll("''", "'")) });
    else steps.push({ source: literal(token) });
  }
  if (steps.length === 0) throw refused(pattern, 'it is empty');
  return steps;

  /** Fields that touch the next one have as many digits as letters; others may have more. */
  function isDigitNext(text: string, before: readonly Step[], token: string): boolean {
    let at = 0;
    let seen = 0;
    for (const match of text.matchAll(/([A-Za-z])\1*|'(?:[^']|'')*'|[^A-Za-z']+|'/g)) {
      if (seen === before.length) at = match.index;
      seen += 1;
    }
    return /[yYMdDHhKkmsS]/.test(text[at + token.length] ?? '');
  }
}

function step(letter: string, length: number, pattern: string, isDigitNext: boolean): Step {
  const numeric = NUMERIC[letter];
  if (numeric !== undefined) {
    const { field } = numeric;
    return {
      source: isDigitNext ? `\\d{${length}}` : `\\d{1,${Math.max(length, numeric.digits)}}`,
      read: (text, fields) => {
        const value = Number(text);
        const wraps = (letter === 'k' && value === 24) || (letter === 'h' && value === 12);
        fields[field] = wraps ? 0 : value;
      },
    };
  }
  switch (letter) {
    case 'y':
    case 'Y':
      if (length === 2)
        return { source: '\\d{2}', read: (text, fields) => (fields.year = pivot(Number(text))) };
      return {
        source: isDigitNext ? `\\d{${length}}` : '\\d{1,4}',
        read: (text, fields) => (fields.year = Number(text)),
      };
    case 'M':
      if (length <= 2)
        return {
          source: isDigitNext ? `\\d{${length}}` : '\\d{1,2}',
          read: (text, fields) => (fields.month = Number(text)),
        };
      return {
        source: names(MONTHS),
        read: (text, fields) => (fields.month = indexOfName(MONTHS, text) + 1),
      };
    case 'E':
      return { source: names(DAYS), read: () => {} };
    case 'a':
      return {
        source: 'am|pm',
        read: (text, fields) => (fields.halfDay = text.toLowerCase() === 'pm' ? 1 : 0),
      };
    case 'S':
      return {
        source: isDigitNext ? `\\d{${length}}` : `\\d{1,${Math.max(length, 9)}}`,
        read: (text, fields) => (fields.nanos = Number(text.slice(0, 9).padEnd(9, '0'))),
      };
    case 'Z':
      return { source: 'Z|[+-]\\d{2}:?\\d{2}', read: (text, fields) => (fields.offset = offsetOf(text)) };
    default:
      throw refused(pattern, `the letter ${letter} is not supported`);
  }
}

/** Two digits are the year nearest to 2000 that ends so, as Joda's default pivot has it for this decade's data. */
function pivot(year: number): number {
  return year < 70 ? 2000 + year : 1900 + year;
}

function offsetOf(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.replaceAll(/\D/g, '');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return text.startsWith('-') ? -seconds : seconds;
}

function resolve(fields: Fields, into: Moment): boolean {
  const {
    year = 1970,
    month = 1,
    day = 1,
    dayOfYear,
    halfDay = 0,
    hourOfHalf,
    minute = 0,
    second = 0,
    nanos = 0,
    offset = 0,
  } = fields;
  const hour = fields.hour ?? (hourOfHalf === undefined ? 0 : hourOfHalf + halfDay * 12);
  if (hour > 23 || minute > 59 || second > 59) return false;
  const epochDay = dayOfYear === undefined ? epochDayOf(year, month, day) : dayFrom(year, dayOfYear);
  return (
    epochDay !== undefined &&
    setEpoch(epochDay * 86_400 + hour * 3600 + minute * 60 + second - offset, nanos, into)
  );
}

function dayFrom(year: number, dayOfYear: number): number | undefined {
  const first = epochDayOf(year, 1, 1)!;
  return dayOfYear >= 1 && first + dayOfYear <= epochDayOf(year + 1, 1, 1)!
    ? first + dayOfYear - 1
    : undefined;
}

function names(full: readonly string[]): string {
  return full.flatMap((name) => [name, name.slice(0, 3)]).join('|');
}

function indexOfName(full: readonly string[], text: string): number {
  return full.findIndex((name) => name.startsWith(text.toLowerCase()));
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function refused(pattern: string, reason: string): UnsupportedConversion {
  return new UnsupportedConversion(
    'TimestampFormats',
    `The timestamp format '${pattern}' cannot be used: ${reason}`,
  );
}
