/**
 * A backtracking matcher. JavaScript's own would be faster, but nobody can stop it: one record against `(a+)+b` would hold
 * the server for good. Here every step is charged, and the rules are Oniguruma's.
 */
import { charge, type Machine } from '../machine.ts';
import { fold, WORD } from './sets.ts';
import type { Regex } from './syntax.ts';

/** One search: the text as code points, and what the groups have captured, two positions each (-1 where nothing). */
type Search = { readonly machine: Machine; readonly points: readonly number[]; readonly groups: number[] };
type Next = (at: number) => boolean;
type Matcher = (search: Search, at: number, next: Next) => boolean;

export type Find = (machine: Machine, points: readonly number[], from: number) => readonly number[] | null;

/** Finds the first match at or after `from`: where it begins and ends, then the same of each group. */
export function finder(regex: Regex, captures: number): Find {
  const match = matcher(regex);
  return (machine, points, from) => {
    const search: Search = { machine, points, groups: [] };
    for (let start = from; start <= points.length; start++) {
      charge(machine, 1);
      search.groups.length = 0;
      for (let i = 0; i < 2 * captures + 2; i++) search.groups.push(-1);
      const isFound = match(search, start, (end) => {
        search.groups[0] = start;
        search.groups[1] = end;
        return true;
      });
      if (isFound) return search.groups;
    }
    return null;
  };
}

function matcher(regex: Regex): Matcher {
  switch (regex.kind) {
    case 'set': {
      const { has } = regex;
      return ({ machine, points }, at, next) => {
        charge(machine, 1);
        return at < points.length && has(points[at]!) && next(at + 1);
      };
    }
    case 'sequence':
      return sequence(regex.parts.map(matcher));
    case 'choice': {
      const choices = regex.parts.map(matcher);
      return (search, at, next) => choices.some((choice) => choice(search, at, next));
    }
    case 'capture':
      return capture(regex.number, matcher(regex.body));
    case 'atomic': {
      const body = matcher(regex.body);
      return (search, at, next) => {
        const end = endOf(search, body, at);
        return end >= 0 && next(end);
      };
    }
    case 'look':
      return look(regex);
    case 'repeat':
      return regex.body.kind === 'set' ? repeatSet(regex, regex.body.has) : repeat(regex);
    case 'again':
      return again(regex.numbers, regex.ignoresCase);
    default: {
      const holds = POSITIONS[regex.kind];
      return ({ points }, at, next) => holds(points, at) && next(at);
    }
  }
}

type Position = 'begin' | 'end' | 'end-or-newline' | 'line-begin' | 'line-end' | 'edge' | 'no-edge';
const POSITIONS: Readonly<Record<Position, (points: readonly number[], at: number) => boolean>> = {
  begin: (_, at) => at === 0,
  end: (points, at) => at === points.length,
  'end-or-newline': (points, at) => at === points.length || (at === points.length - 1 && points[at] === 10),
  'line-begin': (points, at) => at === 0 || (points[at - 1] === 10 && at < points.length),
  'line-end': (points, at) => at === points.length || points[at] === 10,
  edge: isEdge,
  'no-edge': (points, at) => !isEdge(points, at),
};

function isEdge(points: readonly number[], at: number): boolean {
  const before = at > 0 && WORD(points[at - 1]!);
  return before !== (at < points.length && WORD(points[at]!));
}

function sequence(parts: readonly Matcher[]): Matcher {
  const from = (i: number, search: Search, at: number, next: Next): boolean =>
    i === parts.length ? next(at) : parts[i]!(search, at, (end) => from(i + 1, search, end, next));
  return (search, at, next) => from(0, search, at, next);
}

function capture(number: number, body: Matcher): Matcher {
  const first = 2 * number;
  return (search, at, next) => {
    const { groups } = search;
    const start = groups[first]!;
    const end = groups[first + 1]!;
    const isFound = body(search, at, (to) => {
      const [startBefore, endBefore] = [groups[first]!, groups[first + 1]!];
      groups[first] = at;
      groups[first + 1] = to;
      if (next(to)) return true;
      groups[first] = startBefore;
      groups[first + 1] = endBefore;
      return false;
    });
    if (!isFound) {
      groups[first] = start;
      groups[first + 1] = end;
    }
    return isFound;
  };
}

/** Where the first match of `body` that begins at `at` ends, or -1. */
function endOf(search: Search, body: Matcher, at: number): number {
  let end = -1;
  body(search, at, (to) => {
    end = to;
    return true;
  });
  return end;
}

function look({ isBehind, isNegative, body }: Extract<Regex, { kind: 'look' }>): Matcher {
  const match = matcher(body);
  return (search, at, next) => {
    let isFound = false;
    if (!isBehind) isFound = endOf(search, match, at) >= 0;
    else
      for (let from = at; from >= 0 && !isFound; from--) isFound = match(search, from, (end) => end === at);
    return isFound !== isNegative && next(at);
  };
}

/** Of single characters: a loop, so that long texts need no stack. */
function repeatSet(
  { min, max, isLazy }: Extract<Regex, { kind: 'repeat' }>,
  has: (point: number) => boolean,
): Matcher {
  return ({ machine, points }, at, next) => {
    const end = Math.min(points.length, at + max);
    let to = at;
    const goTo = (limit: number): void => {
      while (to < limit && has(points[to]!)) to++;
    };
    goTo(isLazy ? Math.min(end, at + min) : end);
    charge(machine, 1 + to - at);
    if (to < at + min) return false;
    if (!isLazy) {
      for (; to >= at + min; to--) {
        charge(machine, 1);
        if (next(to)) return true;
      }
      return false;
    }
    for (;;) {
      charge(machine, 1);
      if (next(to)) return true;
      if (to >= end || !has(points[to]!)) return false;
      to++;
    }
  };
}

/** A round that consumes nothing is the last one. */
function repeat({ body, min, max, isLazy }: Extract<Regex, { kind: 'repeat' }>): Matcher {
  const match = matcher(body);
  const rounds = (search: Search, count: number, at: number, next: Next): boolean => {
    charge(search.machine, 1);
    const more = (): boolean =>
      count < max &&
      match(search, at, (end) =>
        end === at && count >= min ? next(end) : rounds(search, count + 1, end, next),
      );
    if (count < min) return more();
    return isLazy ? next(at) || more() : more() || next(at);
  };
  return (search, at, next) => rounds(search, 0, at, next);
}

/** What a group captured, once more. Of groups that share a name, the last that captured counts. */
function again(numbers: readonly number[], ignoresCase: boolean): Matcher {
  const same = (a: number, b: number): boolean => a === b || (ignoresCase && fold(a) === fold(b));
  return ({ machine, points, groups }, at, next) => {
    const number = numbers.find((each) => groups[2 * each]! >= 0);
    if (number === undefined) return false;
    const start = groups[2 * number]!;
    const length = groups[2 * number + 1]! - start;
    charge(machine, 1 + length);
    if (at + length > points.length) return false;
    for (let i = 0; i < length; i++) if (!same(points[start + i]!, points[at + i]!)) return false;
    return next(at + length);
  };
}
