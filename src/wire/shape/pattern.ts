/**
 * Matches whole texts against the patterns of AWS's model in time that grows with the text alone. The runtime's own regular
 * expressions go back and try again: the model's ARN patterns have three `.*` each, and 13 KB made for the purpose
 * keep them busy for 3.5 seconds. This is Thompson's construction instead: the pattern becomes a graph, a set of places in
 * it is a state, and states are made as texts need them.
 *
 * It reads what the models use: literals, `.`, classes, `\d \w \s \S \p{L} \p{N} \p{Z} \u0001` and escapes, groups, `|`,
 * `* + ? {n} {n}+ {n,} {n,m}`, `(?!…)` and `(?=…)` at the beginning, and elsewhere before or behind (`(?<!…)`) one symbol. `^` and `$` at the ends mean
 * nothing when all must match. Like Java's, `\d \w \s` are ASCII, `.` is no line end, and code points are matched, not units.
 */
import { assert } from '../../base/assert.ts';

/** A code point is its own symbol below 128; above, it is one of these kinds. */
const SYMBOL_OTHER = 128;
/** U+0085. */
const SYMBOL_NEXT_LINE = 129;
/** U+2028 and U+2029, which are line ends and separators. */
const SYMBOL_LINE_SEPARATOR = 130;
const SYMBOL_SEPARATOR = 131;
const SYMBOL_LETTER = 132;
const SYMBOL_NUMBER = 133;
/** Halves of surrogate pairs that stand alone, U+FFFE and U+FFFF: what the models leave out of texts. */
const SYMBOL_NO_CHARACTER = 134;
const SYMBOLS = 135;

/** Where ranges that go beyond ASCII may end: they take all of the kinds, or all but the last. */
const RANGE_ENDS: ReadonlyMap<number, number> = new Map([
  [0xd7ff, SYMBOL_NO_CHARACTER],
  [0xfffd, SYMBOL_NO_CHARACTER],
  [0xffff, SYMBOLS],
  [0x10ffff, SYMBOL_NO_CHARACTER],
]);

/** One flag for each symbol. */
type SymbolSet = Uint8Array;

/** A pattern as a tree. */
type Node =
  | { readonly kind: 'set'; readonly set: SymbolSet }
  /** Takes no symbol: the next one, or the last one, is none of `set`. */
  | { readonly kind: 'not-ahead' | 'not-behind'; readonly set: SymbolSet }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

/** A place in the graph: it takes a symbol of `set` and goes to `next`, or goes to each of `skips` without one. */
type Place = {
  set: SymbolSet | undefined;
  next: number;
  readonly skips: number[];
  /** Its skips are closed when the next symbol is one of these. */
  notAhead: SymbolSet | undefined;
  /** And when the last symbol was one of those. */
  notBehind: SymbolSet | undefined;
};

/** Before the first symbol. */
const NONE = -1;

/** States are forgotten and made anew beyond this many, so that no text can fill the memory. */
const STATES_MAX = 1000;

type State = {
  readonly places: readonly number[];
  /** The symbol that led here. */
  readonly last: number;
  readonly accepts: boolean;
  readonly after: (State | undefined)[];
};

/** Whether a text begins like that, or is like that where it ends with `$`. */
function compileBeginning(pattern: string): (text: string) => boolean {
  const isWhole = pattern.endsWith('$') && !pattern.endsWith('\\$');
  return compileGraph(isWhole ? pattern : `${pattern}[\\s\\S]*`);
}

/** Gives the function that tells whether the whole of a text matches. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const demand = /^\^?\(\?=([^()]*)\)/.exec(pattern);
  if (demand !== null) {
    const demanded = compileBeginning(demand[1]!);
    const matches = compilePattern(pattern.slice(demand[0].length));
    return (text) => demanded(text) && matches(text);
  }
  const refusal = /^\^?\(\?!([^()]*)\)/.exec(pattern);
  if (refusal === null) return compileGraph(pattern);
  const refused = compileBeginning(refusal[1]!);
  const rest = pattern.slice(refusal[0].length);
  assert(!rest.includes('|'), `${pattern} refuses a beginning of all that it takes`);
  const matches = compileGraph(rest);
  return (text) => !refused(text) && matches(text);
}

function compileGraph(pattern: string): (text: string) => boolean {
  const places: Place[] = [];
  const end = place(places);
  const start = build(places, parse(pattern), end);
  let states = new Map<string, State>();
  let first = stateOf([start], NONE);

  function stateOf(from: readonly number[], last: number): State {
    const reached = closure(places, from, last, undefined);
    const waits = reached.some((at) => places[at]!.notAhead !== undefined);
    const key = waits ? `${last}:${reached.join()}` : reached.join();
    let state = states.get(key);
    if (state === undefined) {
      state = {
        places: reached,
        last,
        accepts: closure(places, reached, last, NONE).includes(end),
        after: Array.from<undefined>({ length: SYMBOLS }),
      };
      states.set(key, state);
    }
    return state;
  }

  function step(state: State, symbol: number): State {
    if (states.size > STATES_MAX) {
      states = new Map();
      first = stateOf([start], NONE);
    }
    const next = closure(places, state.places, state.last, symbol)
      .filter((at) => places[at]!.set?.[symbol] === 1)
      .map((at) => places[at]!.next);
    return (state.after[symbol] = stateOf(next, symbol));
  }

  return (text) => {
    let state = first;
    for (let index = 0; index < text.length; index += 1) {
      const point = text.codePointAt(index)!;
      if (point > 0xffff) index += 1;
      const symbol = symbolOf(point);
      state = state.after[symbol] ?? step(state, symbol);
      if (state.places.length === 0) return false;
    }
    return state.accepts;
  };
}

function symbolOf(point: number): number {
  if (point < 128) return point;
  if (point === 0x85) return SYMBOL_NEXT_LINE;
  if (point === 0x2028 || point === 0x2029) return SYMBOL_LINE_SEPARATOR;
  if ((point >= 0xd800 && point <= 0xdfff) || point === 0xfffe || point === 0xffff)
    return SYMBOL_NO_CHARACTER;
  const character = String.fromCodePoint(point);
  if (/^\p{L}/u.test(character)) return SYMBOL_LETTER;
  if (/^\p{N}/u.test(character)) return SYMBOL_NUMBER;
  return /^\p{Z}/u.test(character) ? SYMBOL_SEPARATOR : SYMBOL_OTHER;
}

function place(places: Place[]): number {
  return places.push({ set: undefined, next: -1, skips: [], notAhead: undefined, notBehind: undefined }) - 1;
}

/** Adds the places of `node` in front of the place `next` and gives the first of them. */
function build(places: Place[], node: Node, next: number): number {
  switch (node.kind) {
    case 'set': {
      const at = place(places);
      places[at]!.set = node.set;
      places[at]!.next = next;
      return at;
    }
    case 'not-ahead':
    case 'not-behind': {
      const at = place(places);
      places[at]!.skips.push(next);
      places[at]![node.kind === 'not-ahead' ? 'notAhead' : 'notBehind'] = node.set;
      return at;
    }
    case 'sequence':
      return node.nodes.reduceRight((after, part) => build(places, part, after), next);
    case 'choice': {
      const at = place(places);
      places[at]!.skips.push(...node.nodes.map((part) => build(places, part, next)));
      return at;
    }
    case 'repeat': {
      let after = next;
      if (node.max === Infinity) {
        after = place(places);
        places[after]!.skips.push(build(places, node.node, after), next);
      } else {
        for (let count = node.min; count < node.max; count += 1) {
          const at = place(places);
          places[at]!.skips.push(build(places, node.node, after), next);
          after = at;
        }
      }
      for (let count = 0; count < node.min; count += 1) after = build(places, node.node, after);
      return after;
    }
  }
}

/**
 * All places that can be reached from `from` without a symbol, in order. `next` is the symbol that follows: while it is not known,
 * nothing is reached through a place that asks for it.
 */
function closure(
  places: readonly Place[],
  from: readonly number[],
  last: number,
  next: number | undefined,
): readonly number[] {
  const reached = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const { skips, notAhead, notBehind } = places[at]!;
    if (notBehind?.[last] === 1) continue;
    if (notAhead !== undefined && (next === undefined || notAhead[next] === 1)) continue;
    open.push(...skips);
  }
  return [...reached].sort((left, right) => left - right);
}

function parse(pattern: string): Node {
  let at = 0;

  function choice(): Node {
    const nodes = [sequence()];
    while (pattern[at] === '|') {
      at += 1;
      nodes.push(sequence());
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes };
  }

  function sequence(): Node {
    const nodes: Node[] = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      if (pattern[at] === '^' || pattern[at] === '$') at += 1;
      else nodes.push(repeated(atom()));
      // A reluctant repetition matches the same whole texts.
      if (pattern[at] === '?') at += 1;
    }
    return { kind: 'sequence', nodes };
  }

  function atom(): Node {
    const letter = pattern[at]!;
    at += 1;
    switch (letter) {
      case '(': {
        const looks = /^\?(<?)!/.exec(pattern.slice(at));
        at += looks?.[0].length ?? (pattern.startsWith('?:', at) ? 2 : 0);
        const node = choice();
        assert(pattern[at] === ')', `group of ${pattern} is closed`);
        at += 1;
        return looks === null ? node : lookingNode(node, looks[1] === '<');
      }
      case '[':
        return { kind: 'set', set: classSet() };
      case '.':
        return { kind: 'set', set: negated(setOf('\n\r', SYMBOL_NEXT_LINE, SYMBOL_LINE_SEPARATOR)) };
      case '\\':
        return { kind: 'set', set: escapeSet() };
      default:
        assert(!'*+?{'.includes(letter), `pattern ${pattern} repeats something`);
        return { kind: 'set', set: setOf(letter) };
    }
  }

  function lookingNode(node: Node, isBehind: boolean): Node {
    const only = node.kind === 'sequence' && node.nodes.length === 1 ? node.nodes[0]! : node;
    assert(only.kind === 'set', `${pattern} looks at one symbol`);
    return { kind: isBehind ? 'not-behind' : 'not-ahead', set: only.set };
  }

  function repeated(node: Node): Node {
    switch (pattern[at]) {
      case '*':
        at += 1;
        return { kind: 'repeat', node, min: 0, max: Infinity };
      case '+':
        at += 1;
        return { kind: 'repeat', node, min: 1, max: Infinity };
      case '?':
        at += 1;
        return { kind: 'repeat', node, min: 0, max: 1 };
      case '{': {
        const bounds = /^\{(\d+)(,?)(\d*)\}/.exec(pattern.slice(at));
        assert(bounds !== null, `bounds in ${pattern} are numbers`);
        at += bounds[0].length;
        const min = Number(bounds[1]);
        // Possessive: of a fixed count it changes nothing.
        if (bounds[2] === '' && pattern[at] === '+') at += 1;
        return {
          kind: 'repeat',
          node,
          min,
          max: bounds[2] === '' ? min : bounds[3] === '' ? Infinity : Number(bounds[3]),
        };
      }
      default:
        return node;
    }
  }

  /** After the opening bracket. */
  function classSet(): SymbolSet {
    const isNegated = pattern[at] === '^';
    if (isNegated) at += 1;
    const set = new Uint8Array(SYMBOLS);
    while (pattern[at] !== ']') {
      assert(at < pattern.length, `class in ${pattern} is closed`);
      const from = codePoint();
      if (from === undefined) {
        at += 1;
        addAll(set, escapeSet());
        continue;
      }
      let to = from;
      if (pattern[at] === '-' && pattern[at + 1] !== ']') {
        at += 1;
        to = codePoint() ?? NONE;
      }
      assert(to < 128 || RANGE_ENDS.has(to), `range in ${pattern} ends where a kind of symbols does`);
      for (let point = from; point <= Math.min(to, 127); point += 1) set[point] = 1;
      set.fill(1, SYMBOL_OTHER, RANGE_ENDS.get(to) ?? SYMBOL_OTHER);
    }
    at += 1;
    return isNegated ? negated(set) : set;
  }

  /** Of a character in a class, or of `\uFFFF`; undefined, and nothing read, before any other escape. */
  function codePoint(): number | undefined {
    if (pattern[at] !== '\\') {
      at += 1;
      return pattern.charCodeAt(at - 1);
    }
    const units = /^(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4})/.exec(
      pattern.slice(at, at + 12),
    );
    if (units === null) return undefined;
    at += units[0].length;
    const text = units[0].replace(/\\u(.{4})/g, (_, hexadecimal: string) =>
      String.fromCharCode(Number.parseInt(hexadecimal, 16)),
    );
    return text.codePointAt(0);
  }

  /** After the backslash. */
  function escapeSet(): SymbolSet {
    const letter = pattern[at]!;
    at += 1;
    switch (letter) {
      case 'd':
        return DIGITS;
      case 'D':
        return negated(DIGITS);
      case 'w':
        return WORD;
      case 'W':
        return negated(WORD);
      case 's':
        return SPACE;
      case 'S':
        return negated(SPACE);
      case 'p': {
        const property = pattern.slice(at, at + 3);
        const set = PROPERTIES.get(property);
        assert(set !== undefined, `property ${property} in ${pattern} is known`);
        at += 3;
        return set;
      }
      case 't':
        return setOf('\t');
      case 'n':
        return setOf('\n');
      case 'r':
        return setOf('\r');
      default:
        assert(!/[a-zA-Z0-9]/.test(letter), `escape \\${letter} in ${pattern} is known`);
        return setOf(letter);
    }
  }

  const node = choice();
  assert(at === pattern.length, `pattern ${pattern} is read to its end`);
  return node;
}

function setOf(characters: string, ...symbols: number[]): SymbolSet {
  const set = new Uint8Array(SYMBOLS);
  for (const character of characters) set[symbolOf(character.charCodeAt(0))] = 1;
  for (const symbol of symbols) set[symbol] = 1;
  return set;
}

function negated(set: SymbolSet): SymbolSet {
  return set.map((flag) => 1 - flag);
}

function addAll(set: SymbolSet, added: SymbolSet): void {
  added.forEach((flag, symbol) => {
    if (flag === 1) set[symbol] = 1;
  });
}

const ASCII_LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const PROPERTIES: ReadonlyMap<string, SymbolSet> = new Map([
  ['{L}', setOf(ASCII_LETTERS, SYMBOL_LETTER)],
  ['{N}', setOf('0123456789', SYMBOL_NUMBER)],
  ['{Z}', setOf(' ', SYMBOL_SEPARATOR, SYMBOL_LINE_SEPARATOR)],
]);
const DIGITS = setOf('0123456789');
const WORD = setOf(`0123456789${ASCII_LETTERS}_`);
const SPACE = setOf(' \t\n\v\f\r');
