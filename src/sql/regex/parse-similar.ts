/**
 * The patterns of SIMILAR TO: a regular expression of the whole text, with `%` for any text and `_` for any character. A bracket may leave characters
 * out of what it lists: `[a-e^c]`.
 */
import {
  ALL,
  type CharSet,
  complement,
  intersection,
  NONE,
  one,
  propertySet,
  SPACES,
  union,
} from './char-set.ts';
import { type Node, type Pattern, PatternError, sequence } from './node.ts';

const DEPTH_MAX = 100;
const REPEAT_MAX = 1_000;
const SPECIAL = '[]()|^-+*_%?{}';

/** Of the whole text: anchored at both ends. */
export const parseSimilarPattern = (text: string, escape: string | undefined): Pattern => {
  const parser = new SimilarParser(text, escape);
  const node = parser.parse();
  return {
    node: sequence([{ kind: 'assert', what: 'begin' }, node, { kind: 'assert', what: 'end' }]),
    groups: 0,
  };
};

/**
 * The three parts of SUBSTRING(s SIMILAR 'a#"b#"c' ESCAPE '#'), of which the middle is what is wanted: group 1. They may stand anywhere in the text,
 * as AWS's example shows, where the standard asks that they be all of it.
 */
export const parseSubstringPattern = (text: string, escape: string): Pattern => {
  const parts = text.split(`${escape}"`);
  if (parts.length !== 3)
    throw new PatternError('the pattern has to hold the escape character and a double quote twice');
  const [before, wanted, after] = parts.map((part) => new SimilarParser(part, escape).parse());
  return { node: sequence([before!, { kind: 'group', number: 1, body: wanted! }, after!]), groups: 1 };
};

class SimilarParser {
  readonly #text: string;
  readonly #escape: string | undefined;
  #at = 0;
  #depth = 0;

  constructor(text: string, escape: string | undefined) {
    this.#text = text;
    this.#escape = escape;
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) this.#fail(`unexpected ${this.#next}`);
    return node;
  }

  #fail(reason: string): never {
    throw new PatternError(
      `Invalid regular expression '${this.#text.slice(0, 100)}': ${reason} at ${this.#at + 1}`,
    );
  }

  get #next(): string {
    return this.#text[this.#at] ?? '';
  }

  #choice(): Node {
    if (++this.#depth > DEPTH_MAX) this.#fail('nested too deeply');
    const parts = [this.#sequence()];
    while (this.#next === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (!['', '|', ')'].includes(this.#next)) parts.push(this.#repeated(this.#atom()));
    return sequence(parts);
  }

  #atom(): Node {
    const char = this.#next;
    if (char === this.#escape) return { kind: 'set', set: one(this.#escaped()) };
    this.#at++;
    switch (char) {
      case '%':
        return { kind: 'repeat', body: { kind: 'set', set: ALL }, min: 0, max: Infinity, isLazy: false };
      case '_':
        return { kind: 'set', set: ALL };
      case '(': {
        const body = this.#choice();
        if (this.#next !== ')') this.#fail('a ) is missing');
        this.#at++;
        return body;
      }
      case '[':
        return { kind: 'set', set: this.#bracket() };
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#fail(`nothing stands before ${char}`);
      default:
        return { kind: 'set', set: one(char.charCodeAt(0)) };
    }
  }

  #escaped(): number {
    const char = this.#text[this.#at + 1];
    if (char === undefined || (!SPECIAL.includes(char) && char !== this.#escape && /[0-9A-Za-z]/.test(char)))
      this.#fail('an escape character that escapes nothing');
    this.#at += 2;
    return char.charCodeAt(0);
  }

  #repeated(atom: Node): Node {
    const counted = /^\{([0-9]{1,5})(?:(,)([0-9]{1,5})?)?\}/.exec(this.#text.slice(this.#at, this.#at + 16));
    const repeat = (min: number, max: number, length: number): Node => {
      this.#at += length;
      return this.#repeated({ kind: 'repeat', body: atom, min, max, isLazy: false });
    };
    if (this.#next === '*') return repeat(0, Infinity, 1);
    if (this.#next === '+') return repeat(1, Infinity, 1);
    if (this.#next === '?') return repeat(0, 1, 1);
    if (this.#next !== '{') return atom;
    if (counted === null) this.#fail('braces that hold no numbers');
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === undefined ? Infinity : Number(counted[3]);
    if (max < min || min > REPEAT_MAX || (max > REPEAT_MAX && max !== Infinity))
      this.#fail('an impossible repetition');
    return repeat(min, max, counted[0].length);
  }

  #bracket(): CharSet {
    let [included, left] = [NONE, NONE];
    let isLeavingOut = false;
    let isEmpty = true;
    for (let isFirst = true; this.#next !== ']' || isFirst; isFirst = false) {
      if (this.#next === '') this.#fail('a ] is missing');
      if (this.#next === '^') {
        this.#at++;
        isLeavingOut = true;
        continue;
      }
      const member = this.#member();
      if (isLeavingOut) left = union(left, member);
      else {
        included = union(included, member);
        isEmpty = false;
      }
    }
    this.#at++;
    return intersection(isEmpty ? ALL : included, complement(left));
  }

  #member(): CharSet {
    const named = /^\[:([A-Za-z]+):\]/.exec(this.#text.slice(this.#at, this.#at + 20));
    if (named !== null) {
      const name = named[1]!.toUpperCase();
      const set =
        name === 'WHITESPACE'
          ? SPACES
          : propertySet(name === 'ALNUM' ? 'Alnum' : name[0] + name.slice(1).toLowerCase());
      if (set === undefined) this.#fail('an unknown class');
      this.#at += named[0].length;
      return set;
    }
    const from = this.#bracketChar();
    if (this.#next !== '-' || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length)
      return one(from);
    this.#at++;
    const to = this.#bracketChar();
    if (to < from) this.#fail('a range that goes down');
    return [[from, to]];
  }

  #bracketChar(): number {
    if (this.#next === this.#escape) return this.#escaped();
    if ('()[|*+?{}%_'.includes(this.#next)) this.#fail(`${this.#next} in brackets has to be escaped`);
    return this.#text.charCodeAt(this.#at++);
  }
}
