/**
 * The syntax of FAST_REGEX_LOG_PARSE, that of the dk.brics automaton: no backslash classes and no lazy repeats, but `"text"`, `@` for any text, `<Alpha>`,
 * `<n-m>` and `&`. Gives the elements of the whole in their order, each with the column it belongs to; `x+` comes as x and x*.
 */
import { ALL, type CharSet, complement, intersection, NONE, one, propertySet, union } from './char-set.ts';
import { type Node, PatternError, sequence } from './node.ts';

/** `column` is zero for what stands outside of brackets. */
export type FastElement = { readonly node: Node; readonly column: number };
export type FastPattern = { readonly elements: readonly FastElement[]; readonly columns: number };

const DEPTH_MAX = 100;
const REPEAT_MAX = 1_000;
const NUMBERS_MAX = 1_000;
const ANY_TEXT: Node = {
  kind: 'repeat',
  body: { kind: 'set', set: ALL },
  min: 0,
  max: Infinity,
  isLazy: false,
};

export const parseFastPattern = (text: string): FastPattern => new FastParser(text).parse();

class FastParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): FastPattern {
    const elements: FastElement[] = [];
    let columns = 0;
    while (this.#at < this.#text.length) {
      if (this.#next === '|') this.#fail('alternatives have to stand in brackets');
      const isGroup = this.#next === '(' && this.#text[this.#at + 1] !== ')';
      const node = this.#repeated();
      const column = isGroup ? ++columns : 0;
      for (const part of unrolled(node)) elements.push({ node: part, column });
    }
    if (columns === 0) this.#fail('the pattern has no bracketed part');
    return { elements, columns };
  }

  #fail(reason: string): never {
    throw new PatternError(`${reason} at ${this.#at + 1} of the pattern ${this.#text.slice(0, 100)}`);
  }

  get #next(): string {
    return this.#text[this.#at] ?? '';
  }

  #union(): Node {
    if (++this.#depth > DEPTH_MAX) this.#fail('nested too deeply');
    const parts = [this.#intersected()];
    while (this.#next === '|') {
      this.#at++;
      parts.push(this.#intersected());
    }
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #intersected(): Node {
    let node = this.#concatenated();
    while (this.#next === '&') {
      this.#at++;
      const other = this.#concatenated();
      if (node.kind !== 'set' || other.kind !== 'set') this.#fail('& is for single characters only');
      node = { kind: 'set', set: intersection(node.set, other.set) };
    }
    return node;
  }

  #concatenated(): Node {
    const parts: Node[] = [];
    while (!['', '|', ')', '&'].includes(this.#next)) parts.push(this.#repeated());
    return sequence(parts);
  }

  #repeated(): Node {
    let node = this.#atom();
    for (;;) {
      const range = this.#quantifier();
      if (range === undefined) return node;
      node = { kind: 'repeat', body: node, min: range[0], max: range[1], isLazy: false };
    }
  }

  #quantifier(): readonly [number, number] | undefined {
    const found = /^(?:[?*+]|\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\})/.exec(
      this.#text.slice(this.#at, this.#at + 14),
    );
    if (found === null) return undefined;
    this.#at += found[0].length;
    if (found[0] === '?') return [0, 1];
    if (found[0] === '*') return [0, Infinity];
    if (found[0] === '+') return [1, Infinity];
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
    if (max < min || min > REPEAT_MAX || (max > REPEAT_MAX && max !== Infinity))
      this.#fail('an impossible repetition');
    return [min, max];
  }

  #atom(): Node {
    const char = this.#next;
    this.#at++;
    switch (char) {
      case '.':
        return { kind: 'set', set: ALL };
      case '@':
        return ANY_TEXT;
      case '#':
        return { kind: 'set', set: NONE };
      case '[':
        return { kind: 'set', set: this.#class() };
      case '(': {
        const node = this.#union();
        if (this.#next !== ')') this.#fail('a ) is missing');
        this.#at++;
        return node;
      }
      case '"': {
        const end = this.#text.indexOf('"', this.#at);
        if (end < 0) this.#fail('a " is missing');
        const text = this.#text.slice(this.#at, end);
        this.#at = end + 1;
        return textNode(text);
      }
      case '<':
        return this.#named();
      case '\\': {
        const escaped = this.#next;
        if (escaped === '') this.#fail('a backslash ends it');
        this.#at++;
        return { kind: 'set', set: one(escaped.charCodeAt(0)) };
      }
      case '*':
      case '+':
      case '?':
      case ')':
      case '{':
        this.#at--;
        return this.#fail(`unexpected ${char}`);
      default:
        return { kind: 'set', set: one(char.charCodeAt(0)) };
    }
  }

  #named(): Node {
    const found = /^(?:([A-Za-z]+)|([0-9]{1,9})-([0-9]{1,9}))>/.exec(
      this.#text.slice(this.#at, this.#at + 30),
    );
    if (found === null) this.#fail('a name or a range of numbers has to stand in < >');
    this.#at += found[0].length;
    if (found[1] !== undefined) {
      const set = propertySet(found[1]);
      if (set === undefined) this.#fail(`no pattern is named ${found[1]}`);
      return { kind: 'set', set };
    }
    const [from, to] = [Number(found[2]), Number(found[3])];
    if (to < from || to - from > NUMBERS_MAX) this.#fail(`a range of numbers holds 1 to ${NUMBERS_MAX}`);
    return {
      kind: 'choice',
      parts: Array.from({ length: to - from + 1 }, (_, index) => textNode(String(to - index))),
    };
  }

  #class(): CharSet {
    const isNegated = this.#next === '^';
    if (isNegated) this.#at++;
    let set = NONE;
    for (let isFirst = true; this.#next !== ']' || isFirst; isFirst = false) {
      if (this.#next === '') this.#fail('a ] is missing');
      const from = this.#classChar();
      if (this.#next === '-' && this.#text[this.#at + 1] !== ']' && this.#at + 1 < this.#text.length) {
        this.#at++;
        const to = this.#classChar();
        if (to < from) this.#fail('a range that goes down');
        set = union(set, [[from, to]]);
      } else set = union(set, one(from));
    }
    this.#at++;
    return isNegated ? complement(set) : set;
  }

  #classChar(): number {
    if (this.#next === '\\' && this.#at + 1 < this.#text.length) this.#at++;
    return this.#text.charCodeAt(this.#at++);
  }
}

const textNode = (text: string): Node =>
  sequence(text.split('').map((char) => ({ kind: 'set', set: one(char.charCodeAt(0)) })));

/** The parts of a sequence, with what a repeat asks for in front of what it allows. */
const unrolled = (node: Node): readonly Node[] => {
  if (node.kind === 'sequence') return node.parts.flatMap(unrolled);
  if (node.kind !== 'repeat' || node.min === 0 || node.min > 20) return [node];
  const asked = Array.from({ length: node.min }, () => unrolled(node.body)).flat();
  return node.max === node.min ? asked : [...asked, { ...node, min: 0, max: node.max - node.min }];
};
