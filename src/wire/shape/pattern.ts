/**
 * Matches whole texts against the patterns of AWS's model in time that grows with the text alone. The runtime's own regular
 * expressions go back and try again: the model's ARN patterns have three `.*` each, and 13 KB made for the purpose
 * keep them busy for 3.5 seconds. This is Thompson's construction instead: the pattern becomes a graph, a set of places in
 * it is a state, and states are made as texts need them.
 *
 * It reads what the model uses: literals, `.`, classes, `\d \w \s \S` and escapes, groups, `|`, `* + ? {n} {n,} {n,m}`, and
 * `^` and `$` at the ends, which mean nothing when all must match. Like Java's, `\d \w \s` are ASCII and `.` is no line end.
 */
import { assert } from '../../base/assert.ts';

/** A text's unit is its own symbol below 128; above, it is one of these two. */
const SYMBOL_OTHER = 128;
const SYMBOL_LINE_END = 129;
const SYMBOLS = 130;

/** One flag for each symbol. */
type SymbolSet = Uint8Array;

/** A pattern as a tree. */
type Node =
  | { readonly kind: 'set'; readonly set: SymbolSet }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

/** A place in the graph: it takes a symbol of `set` and goes to `next`, or goes to each of `skips` without one. */
type Place = { set: SymbolSet | undefined; next: number; readonly skips: number[] };

/** States are forgotten and made anew beyond this many, so that no text can fill the memory. */
const STATES_MAX = 1000;

type State = {
  readonly places: readonly number[];
  readonly accepts: boolean;
  readonly after: (State | undefined)[];
};

/** Gives the function that tells whether the whole of a text matches. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const places: Place[] = [];
  const end = place(places);
  const start = build(places, parse(pattern), end);
  let states = new Map<string, State>();
  let first = stateOf([start]);

  function stateOf(from: readonly number[]): State {
    const reached = closure(places, from);
    const key = reached.join();
    let state = states.get(key);
    if (state === undefined) {
      state = {
        places: reached,
        accepts: reached.includes(end),
        after: Array.from<undefined>({ length: SYMBOLS }),
      };
      states.set(key, state);
    }
    return state;
  }

  function step(state: State, symbol: number): State {
    if (states.size > STATES_MAX) {
      states = new Map();
      first = stateOf([start]);
    }
    const next = state.places.filter((at) => places[at]!.set?.[symbol] === 1).map((at) => places[at]!.next);
    return (state.after[symbol] = stateOf(next));
  }

  return (text) => {
    let state = first;
    for (let index = 0; index < text.length; index += 1) {
      const symbol = symbolOf(text.charCodeAt(index));
      state = state.after[symbol] ?? step(state, symbol);
      if (state.places.length === 0) return false;
    }
    return state.accepts;
  };
}

function symbolOf(unit: number): number {
  if (unit < 128) return unit;
  return unit === 0x85 || unit === 0x2028 || unit === 0x2029 ? SYMBOL_LINE_END : SYMBOL_OTHER;
}

function place(places: Place[]): number {
  return places.push({ set: undefined, next: -1, skips: [] }) - 1;
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

/** All places that can be reached from `from` without a symbol, in order. */
function closure(places: readonly Place[], from: readonly number[]): readonly number[] {
  const reached = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    open.push(...places[at]!.skips);
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
    }
    return { kind: 'sequence', nodes };
  }

  function atom(): Node {
    const letter = pattern[at]!;
    at += 1;
    switch (letter) {
      case '(': {
        if (pattern.startsWith('?:', at)) at += 2;
        const node = choice();
        assert(pattern[at] === ')', `group of ${pattern} is closed`);
        at += 1;
        return node;
      }
      case '[':
        return { kind: 'set', set: classSet() };
      case '.':
        return { kind: 'set', set: negated(setOf('\n\r', SYMBOL_LINE_END)) };
      case '\\':
        return { kind: 'set', set: escapeSet() };
      default:
        assert(!'*+?{'.includes(letter), `pattern ${pattern} repeats something`);
        return { kind: 'set', set: setOf(letter) };
    }
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
      const from = pattern[at]!;
      at += 1;
      if (from === '\\') {
        addAll(set, escapeSet());
      } else if (pattern[at] === '-' && pattern[at + 1] !== ']') {
        for (let unit = from.charCodeAt(0); unit <= pattern.charCodeAt(at + 1); unit += 1) {
          set[symbolOf(unit)] = 1;
        }
        at += 2;
      } else {
        addAll(set, setOf(from));
      }
    }
    at += 1;
    return isNegated ? negated(set) : set;
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

const DIGITS = setOf('0123456789');
const WORD = setOf('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_');
const SPACE = setOf(' \t\n\v\f\r');
