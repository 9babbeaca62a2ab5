/** Builtins about times. The zone is UTC, as it is where Firehose runs its queries. */
import { raise } from '../machine.ts';
import { oneNode } from '../node.ts';
import { formatTime } from '../times/format-time.ts';
import { parseTime } from '../times/parse-time.ts';
import { brokenDown, secondsOf, timeOf, type Time } from '../times/time.ts';
import type { Json } from '../value.ts';
import { native, type Builtin, type Builtins } from './builtin.ts';

const MALFORMED = 'requires parsed datetime inputs';

export const TIMES: Builtins = {
  'now/0': (_, machine) => oneNode(() => machine.nowMs / 1000),
  'mktime/0': native((_, input) => {
    if (!Array.isArray(input)) raise('mktime requires array inputs');
    return secondsOf(timeFrom(input, 'mktime'));
  }),
  'gmtime/0': native((_, input) => gmtime(input, 'gmtime')),
  'localtime/0': native((_, input) => gmtime(input, 'localtime')),
  'strftime/1': format('strftime'),
  'strflocaltime/1': format('strflocaltime'),
  'strptime/1': native((_, input, pattern) => {
    if (typeof input !== 'string' || typeof pattern !== 'string')
      raise('strptime/1 requires string inputs and arguments');
    const found = parseTime(input, pattern);
    if (found === null) raise(`date "${input}" does not match format "${pattern}"`);
    const parts = partsOf(found.time);
    return found.rest === '' ? parts : [...parts, found.rest];
  }),
};

function format(name: string): Builtin {
  return native((_, input, pattern) => {
    const parts = typeof input === 'number' ? gmtime(input, name) : input;
    if (!Array.isArray(parts)) raise(`${name}/1 ${MALFORMED}`);
    if (typeof pattern !== 'string') raise(`${name}/1 requires a string format`);
    return formatTime(timeFrom(parts, `${name}/1`), pattern);
  });
}

/** The seconds keep their fraction. */
function gmtime(input: Json, name: string): Json[] {
  if (typeof input !== 'number') raise(`${name}() requires numeric inputs`);
  const whole = Math.trunc(input);
  const time = brokenDown(whole);
  if (time === null) raise('error converting number of seconds since epoch to datetime');
  const parts = partsOf(time);
  parts[5] = time.seconds + (input - Math.floor(input));
  return parts;
}

function partsOf(time: Time): Json[] {
  return [
    time.year,
    time.month,
    time.day,
    time.hours,
    time.minutes,
    time.seconds,
    time.weekday,
    time.yearday,
  ];
}

function timeFrom(parts: readonly Json[], name: string): Time {
  const numbers = parts.slice(0, 8);
  if (numbers.length < 8 || !numbers.every((part) => typeof part === 'number')) raise(`${name} ${MALFORMED}`);
  return timeOf(numbers.map(Math.trunc));
}
