/**
 * Runs a compiled pattern. A regular one takes time in proportion to its size times the text's, whatever they are, with the result that Perl, Java and
 * RE2 give (leftmost, first alternative first): a pair of instruction and place that has failed once is never tried again, for any beginning. What has
 * references or lookaround cannot be bounded so, and is charged by the step: the count is the deadline, so that a replay ends where the first run
 * ended.
 */
import { testOf, WORD } from './char-set.ts';
import type { Assertion } from './node.ts';
import type { Compiled, Instruction } from './program.ts';

/** More steps than these cannot be afforded for one row: without and with the pairs that were tried. A step of the first kind is the dearer one. */
const STEPS_MAX = 1_000_000;
const REGULAR_STEPS_MAX = 30_000_000;
/** Sixteen megabytes of pairs. */
const PAIRS_MAX = 2 ** 27;

/** How many steps a row has taken so far: a function that searches again and again is charged for all its searches. */
export type Meter = { steps: number };

export class TooManySteps extends Error {
  override readonly name = 'TooManySteps';
}

/** Positions: 2n and 2n + 1 are those of group n, -1 where it took no part; the first two are the match's. */
export type Positions = readonly number[];

const isWord = testOf(WORD);
const isWordAt = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && isWord(text.charCodeAt(at));
const isLineEnd = (code: number): boolean =>
  code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;

const holds = (what: Assertion, text: string, at: number): boolean => {
  switch (what) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'end or last line end':
      if (at === text.length) return true;
      if (!isLineEnd(text.charCodeAt(at))) return false;
      return at === text.length - 1 || (at === text.length - 2 && text.startsWith('\r\n', at));
    case 'line begin':
      if (at === 0) return true;
      return at < text.length && isLineEnd(text.charCodeAt(at - 1)) && !text.startsWith('\r\n', at - 1);
    case 'line end':
      if (at === text.length) return true;
      return isLineEnd(text.charCodeAt(at)) && !(at > 0 && text.startsWith('\r\n', at - 1));
    case 'word edge':
    case 'no word edge':
      return (isWordAt(text, at - 1) !== isWordAt(text, at)) === (what === 'word edge');
  }
};

class Search {
  readonly text: string;
  readonly slots: number[];
  readonly visited: Uint32Array | undefined;
  readonly meter: Meter;

  constructor(text: string, slots: number, visited: Uint32Array | undefined, meter: Meter) {
    this.text = text;
    this.slots = Array.from({ length: slots }, () => -1);
    this.visited = visited;
    this.meter = meter;
  }
}

/** The pairs that were tried, a bit each, for the one search that is under way. Between searches all are zero: each clears the words it has touched. */
let pairs = new Uint32Array(1 << 10);
let touched: number[] = [];

const clearedPairs = (count: number): Uint32Array => {
  if (count > PAIRS_MAX) throw new TooManySteps();
  const words = (count >>> 5) + 1;
  if (pairs.length < words) pairs = new Uint32Array(Math.max(words, 2 * pairs.length));
  else for (const word of touched) pairs[word] = 0;
  touched = [];
  return pairs;
};

/** The first match that begins at `from` or later; `isWhole`: exactly from `from` on to the text's end. */
export const search = (
  { instructions, slots, isRegular }: Compiled,
  text: string,
  from: number,
  canBegin: (code: number) => boolean,
  isNullable: boolean,
  isFixed: boolean,
  meter: Meter,
): Positions | null => {
  const visited = isRegular ? clearedPairs(instructions.length * (text.length + 1)) : undefined;
  const state = new Search(text, slots, visited, meter);
  const last = isFixed ? from : text.length;
  for (let start = from; start <= last; start++) {
    if (!isNullable && !(start < text.length && canBegin(text.charCodeAt(start)))) continue;
    state.slots.fill(-1);
    const end = run(instructions, state, start, -1);
    if (end >= 0) {
      state.slots[0] = start;
      state.slots[1] = end;
      return state.slots;
    }
  }
  return null;
};

/** Where the match that begins at `start` ends, or -1. `mustEndAt`: only there, where it is not -1. */
const run = (program: readonly Instruction[], state: Search, start: number, mustEndAt: number): number => {
  const { text, slots, visited, meter } = state;
  // Three numbers an entry: an instruction and a place, or -1, a slot and what it held.
  const stack: number[] = [];
  let pc = 0;
  let at = start;
  for (;;) {
    let isAlive = true;
    if (visited === undefined) {
      if (++meter.steps > STEPS_MAX) throw new TooManySteps();
    } else {
      if (++meter.steps > REGULAR_STEPS_MAX) throw new TooManySteps();
      const bit = pc * (text.length + 1) + at;
      const mask = 1 << (bit & 31);
      const word = visited[bit >>> 5]!;
      if ((word & mask) !== 0) isAlive = false;
      else {
        if (word === 0) touched.push(bit >>> 5);
        visited[bit >>> 5] = word | mask;
      }
    }
    if (isAlive) {
      const instruction = program[pc]!;
      switch (instruction.op) {
        case 'char':
          isAlive = at < text.length && instruction.has(text.charCodeAt(at));
          at++;
          pc++;
          break;
        case 'split':
          stack.push(instruction.other, at, 0);
          pc = instruction.next;
          break;
        case 'jump':
          pc = instruction.to;
          break;
        case 'save':
          stack.push(-1, instruction.slot, slots[instruction.slot]!);
          slots[instruction.slot] = at;
          pc++;
          break;
        case 'progress':
          // A round that consumed nothing is the last one: it leaves the loop, whose jump is next.
          isAlive = slots[instruction.slot] !== at;
          pc++;
          break;
        case 'assert':
          isAlive = holds(instruction.what, text, at);
          pc++;
          break;
        case 'back': {
          const [from, to] = [slots[2 * instruction.number]!, slots[2 * instruction.number + 1]!];
          isAlive = from >= 0 && to >= 0 && isSameText(text, from, to, at, instruction.ignoresCase);
          at += to - from;
          pc++;
          break;
        }
        case 'inside': {
          const before = instruction.isNegative ? [...slots] : undefined;
          const end = runInside(instruction, state, at);
          if (before !== undefined) before.forEach((value, slot) => (slots[slot] = value));
          isAlive = end >= 0 !== instruction.isNegative;
          if (instruction.what === 'atomic') at = end;
          pc++;
          break;
        }
        case 'match':
          if (mustEndAt < 0 || at === mustEndAt) return at;
          isAlive = false;
      }
    }
    while (!isAlive) {
      if (stack.length === 0) return -1;
      const value = stack.pop()!;
      const place = stack.pop()!;
      const next = stack.pop()!;
      if (next === -1) slots[place] = value;
      else {
        pc = next;
        at = place;
        isAlive = true;
      }
    }
  }
};

const runInside = (
  { what, program }: Extract<Instruction, { op: 'inside' }>,
  state: Search,
  at: number,
): number => {
  if (what !== 'behind') return run(program, state, at, -1);
  for (let start = at; start >= 0; start--) if (run(program, state, start, at) >= 0) return at;
  return -1;
};

const isSameText = (text: string, from: number, to: number, at: number, ignoresCase: boolean): boolean => {
  const length = to - from;
  if (at + length > text.length) return false;
  const [a, b] = [text.slice(from, to), text.slice(at, at + length)];
  return a === b || (ignoresCase && a.toLowerCase() === b.toLowerCase());
};
