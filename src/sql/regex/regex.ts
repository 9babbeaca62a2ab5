/**
 * A regular expression that never takes longer than it may: JavaScript's own matcher where the pattern and the text's length prove it cheap (`cost.ts`),
 * else the machine of `machine.ts`, which is linear for all but references and lookaround, and counts its steps for those.
 */
import { RowError } from '../value.ts';
import { testOf } from './char-set.ts';
import { analyse, costOf, isAnchored } from './cost.ts';
import { javascriptSource } from './javascript.ts';
import { type Meter, search, TooManySteps } from './machine.ts';
import { type Pattern } from './node.ts';
import { parseJavaPattern } from './parse-java.ts';
import { compilePattern } from './program.ts';

/** Index 0 is the match itself; undefined where a group took no part. */
export type Match = { readonly index: number; readonly groups: readonly (string | undefined)[] };

export type Regex = {
  readonly groups: number;
  /** The first match that begins at `from` or later. `meter` where one row is searched more than once. */
  find(text: string, from: number, meter?: Meter): Match | null;
  test(text: string): boolean;
};

/** So many steps of JavaScript's matcher are some ten milliseconds: the most that one row may take. */
const STEPS_MAX = 10_000_000;

export const regexOf = (pattern: Pattern): Regex => {
  const cost = costOf(pattern);
  const lengthMax =
    cost === undefined
      ? -1
      : cost.degree === 1
        ? Infinity
        : Math.floor((STEPS_MAX / cost.factor) ** (1 / cost.degree));
  const slow = machineRegex(pattern);
  if (lengthMax < 0) return slow();
  const native = new RegExp(javascriptSource(pattern.node), 'g');
  const test = new RegExp(javascriptSource(pattern.node), '');
  return {
    groups: pattern.groups,
    find(text, from, meter) {
      if (text.length > lengthMax) return slow().find(text, from, meter);
      native.lastIndex = from;
      const match = native.exec(text);
      return match === null ? null : { index: match.index, groups: match };
    },
    test: (text) => (text.length > lengthMax ? slow().test(text) : test.test(text)),
  };
};

/** Made when it is needed. */
const machineRegex = (pattern: Pattern): (() => Regex) => {
  let made: Regex | undefined;
  return () => (made ??= makeMachineRegex(pattern));
};

export const makeMachineRegex = (pattern: Pattern): Regex => {
  const compiled = compilePattern(pattern);
  const { first, isNullable } = analyse(pattern.node);
  const canBegin = testOf(first);
  const isFixed = isAnchored(pattern.node);
  const find = (text: string, from: number, meter: Meter = { steps: 0 }): Match | null => {
    try {
      // A pattern for the beginning finds nothing behind it.
      const positions =
        isFixed && from > 0 ? null : search(compiled, text, from, canBegin, isNullable, isFixed, meter);
      if (positions === null) return null;
      const groups = Array.from({ length: pattern.groups + 1 }, (_, group) => {
        const [start, end] = [positions[2 * group]!, positions[2 * group + 1]!];
        return start < 0 || end < 0 ? undefined : text.slice(start, end);
      });
      return { index: positions[0]!, groups };
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      throw new RowError('REGEX_DEADLINE', 'the regular expression takes too many steps for this text');
    }
  };
  return { groups: pattern.groups, find, test: (text) => find(text, 0) !== null };
};

/** Throws `PatternError`. */
export const compileJavaRegex = (text: string): Regex => regexOf(parseJavaPattern(text));
