/** The builtin below `test`, `match` and all others that take a regular expression. */
import { JqRefusal } from '../errors.ts';
import { charge, chargeString, raise, type Machine } from '../machine.ts';
import { described } from '../operators.ts';
import { finder, type Find } from '../regex/match.ts';
import { parseRegex, type RegexOptions } from '../regex/syntax.ts';
import type { Json } from '../value.ts';
import { native, type Builtins } from './builtin.ts';

export const PATTERNS: Builtins = {
  '_match/3': (args, machine) => {
    // The pattern is nearly always the same: the last one is kept with its call.
    let last: Compiled | undefined;
    const match = native((_, input, pattern, flags, isTest) => {
      if (typeof input !== 'string') raise(`${described(input)} cannot be matched, as it is not a string`);
      if (typeof pattern !== 'string')
        raise(`${described(pattern!)} cannot be matched, as it is not a string`);
      if (flags !== null && typeof flags !== 'string') raise(`${described(flags!)} is not a string`);
      if (last?.pattern !== pattern || last.flags !== flags) last = compiled(pattern, flags);
      return matches(machine, input, last, isTest === true);
    });
    return match(args, machine);
  },
};

type Compiled = {
  readonly pattern: string;
  readonly flags: string | null;
  readonly isGlobal: boolean;
  readonly find: Find;
  readonly captures: number;
  readonly names: ReadonlyMap<number, string>;
};

function compiled(pattern: string, flags: string | null): Compiled {
  const letters = flags ?? '';
  if (/[^gixspln]/.test(letters)) raise(`${letters} is not a valid modifier string`);
  if (/[ln]/.test(letters))
    throw new JqRefusal('unsupported', 'The flags l and n of regular expressions are refused.');
  const options: RegexOptions = {
    ignoresCase: letters.includes('i'),
    isExtended: letters.includes('x'),
    dotIsAll: letters.includes('p'),
    isByLine: false,
  };
  const { regex, captures, names } = parseRegex(pattern, options);
  return { pattern, flags, isGlobal: letters.includes('g'), find: finder(regex, captures), captures, names };
}

/** Whether there is a match, or all that are wanted. */
function matches(machine: Machine, text: string, regex: Compiled, isTest: boolean): Json {
  chargeString(machine, text.length);
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  if (isTest) return regex.find(machine, points, 0) !== null;
  const found: Json[] = [];
  // After an empty match jq 1.6 goes on one byte after where it began to search, wherever the match was.
  const starts = startsOfBytes(points);
  let byte = 0;
  do {
    const groups = regex.find(machine, points, starts === null ? byte : starts[byte]!);
    if (groups === null) break;
    charge(machine, 4);
    const [start, end] = groups as [number, number];
    if (start === end) {
      if (starts !== null && start === starts[byte] && start === starts[byte + 1])
        throw new JqRefusal(
          'unsupported',
          'An empty match inside a character, which ends jq 1.6, is refused.',
        );
      found.push({ offset: start, length: 0, string: '', captures: [] });
      byte++;
    } else {
      const captures: Json[] = [];
      for (let i = 1; i <= regex.captures; i++)
        captures.push(captured(points, groups[2 * i]!, groups[2 * i + 1]!, regex.names.get(i) ?? null));
      found.push({ offset: start, length: end - start, string: textOf(points, start, end), captures });
      byte = starts === null ? end : starts.indexOf(end);
    }
  } while (regex.isGlobal && byte < (starts === null ? points.length : starts.length - 1));
  return found;
}

/** For each byte of the UTF-8 text, the first code point that begins there or later; null where that is the byte itself. */
function startsOfBytes(points: readonly number[]): number[] | null {
  if (points.every((point) => point < 128)) return null;
  const starts: number[] = [];
  points.forEach((point, at) => {
    starts.push(at);
    for (let more = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4; more > 1; more--)
      starts.push(at + 1);
  });
  return [...starts, points.length];
}

function captured(points: readonly number[], start: number, end: number, name: string | null): Json {
  if (start < 0) return { offset: -1, string: null, length: 0, name };
  if (start === end) return { offset: start, string: '', length: 0, name };
  return { offset: start, length: end - start, string: textOf(points, start, end), name };
}

function textOf(points: readonly number[], start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCodePoint(points[at]!);
  return text;
}
