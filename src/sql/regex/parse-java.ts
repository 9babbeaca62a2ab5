/** The syntax of java.util.regex, as far as Java's own page tells it; what is left out (`\G`, `\X`, `\N{…}`) is refused. */
import {
  ALL,
  ANY_OF_LINE,
  type CharSet,
  charsOf,
  complement,
  DIGITS,
  intersection,
  LINE_ENDS,
  NONE,
  one,
  propertySet,
  SPACES,
  union,
  withBothCases,
  WORD,
} from './char-set.ts';
import { type Node, type Pattern, PatternError, sequence } from './node.ts';

const DEPTH_MAX = 100;
const REPEAT_MAX = 1_000;

type Flags = { ignoresCase: boolean; isMultiline: boolean; isDotAll: boolean; isCommented: boolean };

export const parseJavaPattern = (text: string): Pattern => new JavaParser(text).parse();

const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  s: SPACES,
  S: complement(SPACES),
  w: WORD,
  W: complement(WORD),
  h: charsOf(' \t\u00a0\u1680\u180e\u202f\u205f\u3000').concat([[0x2000, 0x200a]]),
  v: union(charsOf('\n\v\f\r\u0085'), [[0x2028, 0x2029]]),
};
const HORIZONTAL = union(CLASSES.h!);
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

class JavaParser {
  readonly #text: string;
  #at = 0;
  #groups = 0;
  #depth = 0;
  #flags: Flags = { ignoresCase: false, isMultiline: false, isDotAll: false, isCommented: false };
  readonly #names = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Pattern {
    const node = this.#choice();
    if (this.#at < this.#text.length) this.#fail('unmatched )');
    return { node, groups: this.#groups };
  }

  #fail(reason: string): never {
    throw new PatternError(`${reason} near index ${this.#at} of the pattern ${this.#text.slice(0, 100)}`);
  }

  get #next(): string {
    return this.#text[this.#at] ?? '';
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Node {
    if (++this.#depth > DEPTH_MAX) this.#fail('nested too deeply');
    const before = { ...this.#flags };
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#flags = before;
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    for (;;) {
      if (this.#flags.isCommented && this.#skipComment()) continue;
      const char = this.#next;
      if (char === '' || char === '|' || char === ')') return sequence(parts);
      if (this.#take('\\Q')) {
        const end = this.#text.indexOf('\\E', this.#at);
        const quoted = this.#text.slice(this.#at, end < 0 ? undefined : end);
        this.#at = end < 0 ? this.#text.length : end + 2;
        const chars = quoted.split('').map((each) => this.#set(one(each.charCodeAt(0))));
        const last = chars.pop();
        parts.push(...chars);
        if (last !== undefined) parts.push(this.#repeated(last));
        continue;
      }
      const atom = this.#atom();
      if (atom !== undefined) parts.push(this.#repeated(atom));
    }
  }

  #skipComment(): boolean {
    if (/\s/.test(this.#next)) this.#at++;
    else if (this.#next === '#') {
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
    } else return false;
    return true;
  }

  #repeated(atom: Node): Node {
    let node = atom;
    for (;;) {
      const range = this.#quantifier();
      if (range === undefined) return node;
      const isLazy = this.#take('?');
      const isPossessive = !isLazy && this.#take('+');
      node = { kind: 'repeat', body: node, min: range[0], max: range[1], isLazy };
      if (isPossessive) node = { kind: 'atomic', body: node };
    }
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    if (this.#next !== '{') return undefined;
    const range = /^\{([0-9]{1,9})(?:(,)([0-9]{1,9})?)?\}/.exec(this.#text.slice(this.#at, this.#at + 24));
    if (range === null) this.#fail('illegal repetition');
    this.#at += range[0].length;
    const min = Number(range[1]);
    const max = range[2] === undefined ? min : range[3] === undefined ? Infinity : Number(range[3]);
    if (max < min || min > REPEAT_MAX || (max > REPEAT_MAX && max !== Infinity))
      this.#fail('illegal repetition range');
    return [min, max];
  }

  /** Undefined where nothing stands that could be repeated: flags. */
  #atom(): Node | undefined {
    const char = this.#next;
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#set(this.#class());
      case '.':
        this.#at++;
        return { kind: 'set', set: this.#flags.isDotAll ? ALL : ANY_OF_LINE };
      case '^':
        this.#at++;
        return { kind: 'assert', what: this.#flags.isMultiline ? 'line begin' : 'begin' };
      case '$':
        this.#at++;
        return { kind: 'assert', what: this.#flags.isMultiline ? 'line end' : 'end or last line end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        return this.#fail(`dangling meta character '${char}'`);
      default:
        this.#at++;
        return this.#set(one(char.charCodeAt(0)));
    }
  }

  #set(set: CharSet): Node {
    return { kind: 'set', set: this.#flags.ignoresCase ? withBothCases(set) : set };
  }

  #group(): Node | undefined {
    this.#at++;
    if (!this.#take('?')) return this.#capture();
    if (this.#take('<')) {
      if (this.#take('=')) return this.#look(true, false);
      if (this.#take('!')) return this.#look(true, true);
      const name = /^([A-Za-z][A-Za-z0-9]*)>/.exec(this.#text.slice(this.#at, this.#at + 100));
      if (name === null || this.#names.has(name[1]!)) this.#fail('illegal group name');
      this.#at += name[0].length;
      this.#names.set(name[1]!, this.#groups + 1);
      return this.#capture();
    }
    if (this.#take('=')) return this.#look(false, false);
    if (this.#take('!')) return this.#look(false, true);
    if (this.#take('>')) return { kind: 'atomic', body: this.#inside() };
    return this.#flagged();
  }

  #capture(): Node {
    const number = ++this.#groups;
    return { kind: 'group', number, body: this.#inside() };
  }

  #inside(): Node {
    const body = this.#choice();
    if (!this.#take(')')) this.#fail('unclosed group');
    return body;
  }

  #look(isBehind: boolean, isNegative: boolean): Node {
    return { kind: 'look', isBehind, isNegative, body: this.#inside() };
  }

  #flagged(): Node | undefined {
    const before = { ...this.#flags };
    let isOn = true;
    for (;;) {
      const char = this.#next;
      this.#at++;
      if (char === '-') isOn = false;
      else if (char === 'i') this.#flags.ignoresCase = isOn;
      else if (char === 'm') this.#flags.isMultiline = isOn;
      else if (char === 's') this.#flags.isDotAll = isOn;
      else if (char === 'x') this.#flags.isCommented = isOn;
      else if (char === ')') return undefined;
      else if (char === ':') {
        const body = this.#inside();
        this.#flags = before;
        return body;
      } else if (!'duU'.includes(char) || char === '') this.#fail('unknown inline modifier');
    }
  }

  #escape(): Node {
    const char = this.#text[this.#at + 1] ?? this.#fail('a backslash ends it');
    switch (char) {
      case 'b':
      case 'B':
      case 'A':
      case 'Z':
      case 'z':
        this.#at += 2;
        return {
          kind: 'assert',
          what: (
            { b: 'word edge', B: 'no word edge', A: 'begin', Z: 'end or last line end', z: 'end' } as const
          )[char],
        };
      case 'R':
        this.#at += 2;
        return {
          kind: 'choice',
          parts: [
            sequence([
              { kind: 'set', set: one(13) },
              { kind: 'set', set: one(10) },
            ]),
            { kind: 'set', set: union(LINE_ENDS, [[11, 12]]) },
          ],
        };
      case 'k': {
        const name = /^\\k<([A-Za-z][A-Za-z0-9]*)>/.exec(this.#text.slice(this.#at, this.#at + 100));
        const number = name === null ? undefined : this.#names.get(name[1]!);
        if (number === undefined) this.#fail('unknown group');
        this.#at += name![0].length;
        return { kind: 'back', number, ignoresCase: this.#flags.ignoresCase };
      }
    }
    if (char >= '1' && char <= '9') {
      this.#at += 2;
      let number = Number(char);
      // More digits belong to it while there are so many groups, as in Java.
      while (/[0-9]/.test(this.#next) && number * 10 + Number(this.#next) <= this.#groups)
        number = number * 10 + Number(this.#text[this.#at++]);
      if (number > this.#groups) this.#fail('a reference to a group that is not there');
      return { kind: 'back', number, ignoresCase: this.#flags.ignoresCase };
    }
    return this.#set(this.#escapedSet());
  }

  /** What a backslash means both outside and inside of brackets. */
  #escapedSet(): CharSet {
    const char = this.#text[this.#at + 1] ?? this.#fail('a backslash ends it');
    this.#at += 2;
    if (char === 'h') return HORIZONTAL;
    if (char === 'H') return complement(HORIZONTAL);
    if (char === 'V') return complement(CLASSES.v!);
    if (Object.hasOwn(CLASSES, char)) return CLASSES[char]!;
    if (Object.hasOwn(CONTROLS, char)) return one(CONTROLS[char]!);
    if (char === 'p' || char === 'P') return this.#property(char === 'P');
    if (char === 'x' || char === 'u') return one(this.#hex(char));
    if (char === '0') {
      const digits = /^[0-3]?[0-7]{1,2}/.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
      if (digits === undefined) this.#fail('illegal octal escape');
      this.#at += digits.length;
      return one(Number.parseInt(digits, 8));
    }
    if (char === 'c') return one((this.#text.charCodeAt(this.#at++) || 64) ^ 64);
    if (/[A-Za-z]/.test(char)) this.#fail(`illegal escape \\${char}`);
    return one(char.charCodeAt(0));
  }

  #hex(kind: string): number {
    const pattern = kind === 'u' ? /^[0-9A-Fa-f]{4}/ : /^(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,4}\})/;
    const digits = pattern.exec(this.#text.slice(this.#at, this.#at + 6))?.[0];
    if (digits === undefined) this.#fail('illegal hexadecimal escape');
    this.#at += digits.length;
    return Number.parseInt(digits.replace('{', ''), 16);
  }

  #property(isNegated: boolean): CharSet {
    const name = /^(?:\{(\^?)([A-Za-z0-9_=]{1,50})\}|()([A-Z]))/.exec(
      this.#text.slice(this.#at, this.#at + 60),
    );
    const set = name === null ? undefined : propertySet(name[2] ?? name[4]!);
    if (name === null || set === undefined) this.#fail('unknown character property');
    this.#at += name[0].length;
    return isNegated ? complement(set) : set;
  }

  #class(): CharSet {
    if (++this.#depth > DEPTH_MAX) this.#fail('nested too deeply');
    this.#at++;
    const isNegated = this.#take('^');
    let set = NONE;
    let left: CharSet | undefined;
    for (let isFirst = true; ; isFirst = false) {
      if (this.#next === '') this.#fail('unclosed character class');
      if (this.#next === ']' && !isFirst) break;
      if (this.#take('&&')) {
        left = left === undefined ? set : intersection(left, set);
        set = NONE;
        continue;
      }
      set = union(set, this.#next === '[' ? this.#class() : this.#member());
    }
    this.#at++;
    this.#depth--;
    const whole = left === undefined ? set : intersection(left, set);
    // Case is folded before the complement is taken: [^a] leaves out A too under (?i).
    const folded = this.#flags.ignoresCase ? withBothCases(whole) : whole;
    return isNegated ? complement(folded) : folded;
  }

  #member(): CharSet {
    const from = this.#classChar();
    const isRange = this.#next === '-' && !['', ']', '['].includes(this.#text[this.#at + 1] ?? '');
    if (!isRange || from.length !== 1 || from[0]![0] !== from[0]![1]) return from;
    this.#at++;
    const to = this.#classChar();
    if (to.length !== 1 || to[0]![0] !== to[0]![1] || to[0]![0] < from[0]![0])
      this.#fail('illegal character range');
    return [[from[0]![0], to[0]![0]]];
  }

  #classChar(): CharSet {
    if (this.#next === '\\') return this.#escapedSet();
    return one(this.#text.charCodeAt(this.#at++));
  }
}
