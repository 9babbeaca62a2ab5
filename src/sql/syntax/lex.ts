/**
 * A program's text as tokens. White space is whatever Unicode calls so, besides the byte order mark and the zero-width characters that editors and
 * web pages leave behind. Comments are `--` and `//` to the end of the line, and those of C.
 */
import { SqlError } from '../sql-error.ts';

export type Token = {
  /** `name` was quoted. `symbol` is an operator or a bracket. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'end';
  /** A word in capitals; a name and a string without quotes and escapes; else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

/** AWS's limit of an application's code. */
const LENGTH_MAX = 102_400;
/** AWS's limit of a name. */
const NAME_LENGTH_MAX = 128;

const SPACE = /[\s\u0085\u180e\u200b-\u200d\u2060\ufeff]+/y;
const LINE_COMMENT = /(?:--|\/\/)[^\n\r]*/y;
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[\p{L}_][\p{L}\p{Mn}\p{Nd}_$]*/uy;
const SYMBOL = /<>|!=|<=|>=|\|\||[-+*/=<>(),.;{}]/y;
const UNICODE_STRING = /[uU]&'/y;
const UESCAPE = /uescape\b/iy;

export function lex(text: string): readonly Token[] {
  if (text.length > LENGTH_MAX)
    throw new SqlError(
      { start: LENGTH_MAX, end: text.length },
      `The program has ${text.length} characters; ${LENGTH_MAX} are allowed`,
    );
  return new Lexer(text).tokens();
}

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  tokens(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length)
        return [...tokens, { kind: 'end', text: '', start: this.#text.length, end: this.#text.length }];
      tokens.push(this.#token());
    }
  }

  #skip(): void {
    for (;;) {
      if (this.#match(SPACE) !== undefined || this.#match(LINE_COMMENT) !== undefined) continue;
      if (!this.#text.startsWith('/*', this.#at)) return;
      const end = this.#text.indexOf('*/', this.#at + 2);
      if (end < 0)
        throw this.#error(this.#at, this.#text.length, 'This comment has no end: expected */', this.#at + 2);
      this.#at = end + 2;
    }
  }

  #token(): Token {
    const start = this.#at;
    const token = (kind: Token['kind'], text: string): Token => ({ kind, text, start, end: this.#at });
    const first = this.#text[start]!;
    if (first === "'") return token('string', this.#quoted("'"));
    if (first === '"') return token('name', this.#quotedName());
    if (this.#match(UNICODE_STRING) !== undefined) {
      this.#at--;
      const raw = this.#quoted("'");
      const end = this.#at;
      return token('string', this.#unicode(raw, start, end, this.#unicodeEscape()));
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      const rest = this.#match(WORD);
      if (rest !== undefined)
        throw this.#error(
          start,
          this.#at,
          `Encountered "${number}${rest}": a name that begins with a digit must be quoted ("${number}${rest}")`,
        );
      return token('number', number);
    }
    const word = this.#match(WORD);
    if (word !== undefined) {
      if (word.length > NAME_LENGTH_MAX)
        throw this.#error(start, this.#at, `A name has at most ${NAME_LENGTH_MAX} characters`);
      return token('word', word.toUpperCase());
    }
    const symbol = this.#match(SYMBOL);
    if (symbol !== undefined) return token('symbol', symbol === '!=' ? '<>' : symbol);
    throw this.#unknown(start);
  }

  /** What stands between this quote and the next that is not doubled. */
  #quoted(quote: string): string {
    const start = this.#at++;
    for (let value = ''; ;) {
      const end = this.#text.indexOf(quote, this.#at);
      if (end < 0)
        throw this.#error(
          start,
          this.#text.length,
          quote === "'"
            ? "This string has no end: expected ' (a quote inside of one is doubled)"
            : 'This quoted name has no end: expected "',
          start + 1,
        );
      value += this.#text.slice(this.#at, end);
      this.#at = end + 1;
      if (this.#text[this.#at] !== quote) return value;
      value += quote;
      this.#at++;
    }
  }

  #quotedName(): string {
    const start = this.#at;
    const name = this.#quoted('"');
    const what =
      name === ''
        ? 'A quoted name has at least one character'
        : name.length > NAME_LENGTH_MAX
          ? `A name has at most ${NAME_LENGTH_MAX} characters`
          : // eslint-disable-next-line no-control-regex -- AWS forbids exactly these in names.
            /[\u0000-\u001f]/.test(name)
            ? 'A quoted name has no control characters and no line breaks: is its closing " missing?'
            : undefined;
    if (what !== undefined) throw this.#error(start, this.#at, what);
    return name;
  }

  /** The escape character that `UESCAPE '!'` behind a `u&'…'` names. */
  #unicodeEscape(): string {
    const after = this.#at;
    this.#skip();
    if (this.#match(UESCAPE) === undefined) {
      this.#at = after;
      return '\\';
    }
    this.#skip();
    const start = this.#at;
    const escape = this.#text[start] === "'" ? this.#quoted("'") : '';
    if (escape.length !== 1 || /[0-9a-fA-F+'"\s]/.test(escape))
      throw this.#error(
        start,
        Math.min(Math.max(this.#at, start + 1), this.#text.length),
        'UESCAPE takes one character that is no hexadecimal digit, quote, plus sign or space',
      );
    return escape;
  }

  #unicode(raw: string, start: number, end: number, escape: string): string {
    let value = '';
    for (let at = 0; at < raw.length; at++) {
      if (raw[at] !== escape) value += raw[at];
      else if (raw[at + 1] === escape) value += raw[++at];
      else {
        const [, long, short] =
          /^(?:\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))/.exec(raw.slice(at + 1, at + 8)) ?? [];
        const code = Number.parseInt(long ?? short ?? 'none', 16);
        if (!(code <= 0x10ffff))
          throw this.#error(
            start,
            end,
            `Unicode escape sequence starting at character ${at} is not exactly four hex digits`,
          );
        value += String.fromCodePoint(code);
        at += long === undefined ? 4 : 7;
      }
    }
    return value;
  }

  #unknown(start: number): SqlError {
    const character = String.fromCodePoint(this.#text.codePointAt(start)!);
    const help = HELP.find(([characters]) => characters.includes(character))?.[1];
    return this.#error(
      start,
      start + character.length,
      `Lexical error: encountered ${JSON.stringify(character)}${help === undefined ? '' : `; ${help}`}`,
    );
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #error(start: number, end: number, message: string, spanEnd = end): SqlError {
    return new SqlError({ start, end: spanEnd }, message);
  }
}

/** What people type, or paste from a page that has been made beautiful. */
const HELP: readonly (readonly [characters: string, help: string])[] = [
  ['‘’‚‛′', "a string stands between straight quotes (')"],
  ['“”„‟″', 'a name is quoted with straight quotes (")'],
  ['–—―−‐‑‒', 'a comment begins with two hyphens (--), and a minus sign is a hyphen (-)'],
  ['`[]', 'a name is quoted with "'],
  ['%', 'the remainder of a division is MOD(a, b)'],
  ['&', 'strings are joined with ||, conditions with AND'],
  ['!', 'not equal is <> or !=, and negation is NOT'],
  ['|', 'strings are joined with ||, conditions with OR'],
  ['\\', 'a backslash has no meaning outside a string'],
  ['#', 'a comment begins with --'],
  [':', 'there are no parameters and no :: casts: write CAST(x AS type)'],
  ['?@', 'there are no parameters'],
  ['^~', 'there are no operators on bits'],
];
