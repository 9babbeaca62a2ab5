/**
 * Regular expressions as jq 1.6 reads them: Oniguruma's Perl_NG syntax. What is wrong there raises Oniguruma's message; what
 * is right there and not served here is refused.
 */
import { JqRefusal } from '../errors.ts';
import { raise } from '../machine.ts';
import { DIGIT, fold, posixSet, propertySet, SPACE, WORD, type CharacterSet } from './sets.ts';

export type Regex =
  | { readonly kind: 'set'; readonly has: CharacterSet }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Regex[] }
  | { readonly kind: 'capture'; readonly number: number; readonly body: Regex }
  | { readonly kind: 'atomic'; readonly body: Regex }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNegative: boolean; readonly body: Regex }
  | {
      readonly kind: 'repeat';
      readonly body: Regex;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
    }
  | { readonly kind: 'again'; readonly numbers: readonly number[]; readonly ignoresCase: boolean }
  | { readonly kind: 'begin' | 'end' | 'end-or-newline' | 'line-begin' | 'line-end' | 'edge' | 'no-edge' };

export type RegexOptions = {
  readonly ignoresCase: boolean;
  readonly isExtended: boolean;
  readonly dotIsAll: boolean;
  readonly isByLine: boolean;
};

export type ParsedRegex = {
  readonly regex: Regex;
  readonly captures: number;
  readonly names: ReadonlyMap<number, string>;
};

const ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };
const CLASSES: Readonly<Record<string, CharacterSet>> = { d: DIGIT, w: WORD, s: SPACE };
const REPEAT_MAX = 100_000;

export function parseRegex(text: string, options: RegexOptions): ParsedRegex {
  const parser = new RegexParser(text, options);
  const regex = parser.all();
  return { regex, captures: parser.captures, names: parser.names };
}

function fail(message: string): never {
  raise(`Regex failure: ${message}`);
}

function refuse(what: string): never {
  throw new JqRefusal('unsupported', `${what} in a regular expression is refused.`);
}

class RegexParser {
  readonly #points: readonly string[];
  #at = 0;
  #options: RegexOptions;
  captures = 0;
  readonly names = new Map<number, string>();

  constructor(text: string, options: RegexOptions) {
    this.#points = [...text];
    this.#options = options;
  }

  all(): Regex {
    const regex = this.#choice();
    if (this.#at < this.#points.length) fail('unmatched close parenthesis');
    return regex;
  }

  #take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#points[this.#at + i] !== text[i]) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Regex {
    const outside = this.#options;
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#options = outside;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): Regex {
    const parts: Regex[] = [];
    while (this.#at < this.#points.length && !')|'.includes(this.#points[this.#at]!)) {
      if (this.#options.isExtended && this.#skipSpace()) continue;
      const atom = this.#atom();
      if (atom !== null) parts.push(this.#repeats(atom));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #skipSpace(): boolean {
    const character = this.#points[this.#at]!;
    if (character === '#')
      while (this.#at < this.#points.length && this.#points[this.#at] !== '\n') this.#at++;
    else if (/[ \t\r\n\f\v]/.test(character)) this.#at++;
    else return false;
    return true;
  }

  #atom(): Regex | null {
    const character = this.#points[this.#at++]!;
    switch (character) {
      case '.':
        return { kind: 'set', has: this.#options.dotIsAll ? () => true : (point) => point !== 10 };
      case '^':
        return { kind: this.#options.isByLine ? 'line-begin' : 'begin' };
      case '$':
        return { kind: this.#options.isByLine ? 'line-end' : 'end-or-newline' };
      case '*':
      case '+':
      case '?':
        return fail('target of repeat operator is not specified');
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', has: this.#class() };
      case '\\':
        return this.#escape();
      default:
        return this.#literal(character.codePointAt(0)!);
    }
  }

  #literal(point: number): Regex {
    if (!this.#options.ignoresCase) return { kind: 'set', has: (other) => other === point };
    const folded = fold(point);
    return { kind: 'set', has: (other) => other === point || fold(other) === folded };
  }

  #repeats(atom: Regex): Regex {
    let body = atom;
    for (;;) {
      const range = this.#range();
      if (range === null) return body;
      const [min, max] = range;
      const isLazy = this.#take('?');
      const isPossessive = !isLazy && this.#points[this.#at - 1] !== '}' && this.#take('+');
      const repeat: Regex = { kind: 'repeat', body, min, max, isLazy };
      body = isPossessive ? { kind: 'atomic', body: repeat } : repeat;
    }
  }

  #range(): readonly [number, number] | null {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    if (this.#points[this.#at] !== '{') return null;
    const found = /^\{([0-9]+)(,?)([0-9]*)\}/.exec(this.#points.slice(this.#at, this.#at + 20).join(''));
    if (found === null) return null;
    const min = Number(found[1]);
    const max = found[3] !== '' ? Number(found[3]) : found[2] === '' ? min : Infinity;
    if (min > REPEAT_MAX || (max !== Infinity && max > REPEAT_MAX)) fail('too big number of repeat range');
    if (max < min) fail('upper is smaller than lower in repeat range');
    this.#at += found[0].length;
    return [min, max];
  }

  #group(): Regex | null {
    if (!this.#take('?')) return this.#capture(null);
    if (this.#take(':')) return this.#close(this.#choice());
    if (this.#take('>')) return { kind: 'atomic', body: this.#close(this.#choice()) };
    if (this.#take('#')) {
      while (this.#at < this.#points.length && this.#points[this.#at] !== ')') this.#at++;
      this.#close(null);
      return null;
    }
    for (const [start, isBehind, isNegative] of [
      ['=', false, false],
      ['!', false, true],
      ['<=', true, false],
      ['<!', true, true],
    ] as const) {
      if (this.#take(start)) return { kind: 'look', isBehind, isNegative, body: this.#close(this.#choice()) };
    }
    if (this.#take('<')) return this.#capture(this.#name('>'));
    return this.#setOptions();
  }

  #capture(name: string | null): Regex {
    const number = ++this.captures;
    if (name !== null) this.names.set(number, name);
    return { kind: 'capture', number, body: this.#close(this.#choice()) };
  }

  #close<T>(body: T): T {
    if (!this.#take(')')) fail('end pattern with unmatched parenthesis');
    return body;
  }

  #name(end: string): string {
    const from = this.#at;
    while (this.#at < this.#points.length && this.#points[this.#at] !== end) this.#at++;
    const name = this.#points.slice(from, this.#at++).join('');
    if (name === '') fail('group name is empty');
    if (!/^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name)) fail(`invalid group name <${name}>`);
    return name;
  }

  /** `(?i)` up to the end of the group, or `(?i:…)`. */
  #setOptions(): Regex | null {
    const found = /^([imsx]*)(?:-([imsx]*))?([:)])/.exec(
      this.#points.slice(this.#at, this.#at + 20).join(''),
    );
    if (found === null) fail('undefined group option');
    this.#at += found[0].length;
    const outside = this.#options;
    const isOn = (letter: string, before: boolean): boolean =>
      found[2]?.includes(letter) === true ? false : found[1]!.includes(letter) || before;
    this.#options = {
      ignoresCase: isOn('i', outside.ignoresCase),
      isExtended: isOn('x', outside.isExtended),
      dotIsAll: isOn('s', outside.dotIsAll),
      isByLine: isOn('m', outside.isByLine),
    };
    const body = this.#choice();
    if (found[3] === ')') return body;
    this.#options = outside;
    return this.#close(body);
  }

  #escape(): Regex {
    const letter = this.#points[this.#at++];
    if (letter === undefined) fail('end pattern at escape');
    const set = this.#escapedSet(letter);
    if (set !== null) return { kind: 'set', has: set };
    switch (letter) {
      case 'A':
        return { kind: 'begin' };
      case 'z':
        return { kind: 'end' };
      case 'Z':
        return { kind: 'end-or-newline' };
      case 'b':
        return { kind: 'edge' };
      case 'B':
        return { kind: 'no-edge' };
      case 'k':
        return this.#named();
    }
    if (/[1-9]/.test(letter)) {
      const number = Number(letter);
      if (/[0-9]/.test(this.#points[this.#at] ?? '')) refuse('A reference to a group above 9');
      if (number > this.captures) fail('invalid backref number/name');
      return { kind: 'again', numbers: [number], ignoresCase: this.#options.ignoresCase };
    }
    return this.#literal(this.#escapedPoint(letter));
  }

  #named(): Regex {
    if (!this.#take('<')) refuse('\\k without <');
    const name = this.#name('>');
    const numbers = [...this.names].filter(([, other]) => other === name).map(([number]) => number);
    if (numbers.length === 0) fail(`undefined name <${name}> reference`);
    return { kind: 'again', numbers: numbers.toReversed(), ignoresCase: this.#options.ignoresCase };
  }

  #escapedSet(letter: string): CharacterSet | null {
    const lower = letter.toLowerCase();
    const set = CLASSES[lower];
    if (set !== undefined) return lower === letter ? set : (point) => !set(point);
    if (lower !== 'p') return null;
    const found = /^\{(\^?)([^}]*)\}/.exec(this.#points.slice(this.#at, this.#at + 40).join(''));
    if (found === null) refuse('\\p without {name}');
    this.#at += found[0].length;
    const named = propertySet(found[2]!);
    if (named === undefined) fail(`invalid character property name {${found[1]}${found[2]}}`);
    return (lower === letter) === (found[1] === '') ? named : (point) => !named(point);
  }

  /** The character after a backslash, here or in a class. */
  #escapedPoint(letter: string): number {
    const plain = ESCAPES[letter];
    if (plain !== undefined) return plain;
    const rest = this.#points.slice(this.#at, this.#at + 12).join('');
    const found = letter === 'x' ? /^(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{1,2}))/.exec(rest) : null;
    if (found !== null) {
      this.#at += found[0].length;
      const point = Number.parseInt(found[1] ?? found[2]!, 16);
      if (point > 0x10ffff) fail('too big wide-char value');
      if (found[1] === undefined && point > 127) refuse('A byte above 7F');
      return point;
    }
    if (/[a-zA-Z0-9]/.test(letter)) refuse(`\\${letter}`);
    return letter.codePointAt(0)!;
  }

  /** After `[`. */
  #class(): CharacterSet {
    const isNegative = this.#take('^');
    const sets: CharacterSet[] = [];
    let isFirst = true;
    for (; ; isFirst = false) {
      if (this.#at >= this.#points.length) fail('premature end of char-class');
      if (this.#points[this.#at] === ']') {
        if (!isFirst) break;
        if (!this.#points.includes(']', this.#at + 1)) fail('empty char-class');
      }
      sets.push(this.#classItem());
    }
    this.#at++;
    const has: CharacterSet = (point) => sets.some((set) => set(point));
    const { ignoresCase } = this.#options;
    const hasAnyCase: CharacterSet = ignoresCase
      ? (point) => has(point) || has(fold(point)) || has(upper(point))
      : has;
    return isNegative ? (point) => !hasAnyCase(point) : hasAnyCase;
  }

  #classItem(): CharacterSet {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#points.slice(this.#at, this.#at + 12).join(''));
    if (posix !== null) {
      const named = posixSet(posix[2]!);
      if (named === undefined) refuse(`[:${posix[2]}:]`);
      this.#at += posix[0].length;
      return posix[1] === '' ? named : (point) => !named(point);
    }
    const from = this.#classPoint();
    if (typeof from !== 'number') return from;
    const after = this.#points[this.#at + 1];
    if (this.#points[this.#at] !== '-' || after === ']' || after === undefined)
      return (point) => point === from;
    this.#at++;
    const to = this.#classPoint();
    if (typeof to !== 'number') refuse('A range in [] that ends in a class');
    if (to < from) fail('empty range in char class');
    return (point) => point >= from && point <= to;
  }

  #classPoint(): number | CharacterSet {
    const character = this.#points[this.#at++]!;
    if (character === '[') refuse('[ within []');
    if (character !== '\\') return character.codePointAt(0)!;
    const letter = this.#points[this.#at++];
    if (letter === undefined) fail('end pattern at escape');
    if (letter === 'b') return 8;
    return this.#escapedSet(letter) ?? this.#escapedPoint(letter);
  }
}

function upper(point: number): number {
  const text = String.fromCodePoint(point).toUpperCase();
  return text.length <= 2 && [...text].length === 1 ? text.codePointAt(0)! : point;
}
