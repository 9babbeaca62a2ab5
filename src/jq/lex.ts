/** A program's text as tokens. The parts of a string between `\(` and `)` are tokens in it. */
import { ESCAPES } from './escapes.ts';
import { JqSyntaxError } from './errors.ts';

export type Token =
  | {
      readonly kind: 'operator' | 'keyword' | 'name' | 'field' | 'format';
      readonly text: string;
      readonly offset: number;
    }
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly offset: number }
  | {
      readonly kind: 'string';
      readonly text: string;
      readonly parts: readonly (string | readonly Token[])[];
      readonly offset: number;
    }
  | { readonly kind: 'end'; readonly text: string; readonly offset: number };

const KEYWORDS = new Set(
  'def if then elif else end as reduce foreach try catch label import include module and or __loc__ break'.split(
    ' ',
  ),
);
const SPACE = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const FIELD = /\.[a-zA-Z_][a-zA-Z_0-9]*/y;
const NAME = /(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*/y;
const FORMAT = /@[a-zA-Z0-9_]+/y;
const OPERATOR = /\?\/\/|\/\/=|[|+\-*/%=!<>]=|\/\/|\.\.|[.[\]{}()|,:;=<>+\-*/%$?]/y;

/** Where in `text` an offset is, from 1. */
export function syntaxError(
  text: string,
  offset: number,
  message: string,
  reason: JqSyntaxError['reason'] = 'syntax',
): JqSyntaxError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return new JqSyntaxError(message, line, offset - before.lastIndexOf('\n'), reason);
}

export function lex(text: string): readonly Token[] {
  const lexer = new Lexer(text);
  return lexer.tokens(false);
}

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the text, or inside a string up to the `)` that closes what `\(` opened. */
  tokens(isInString: boolean): Token[] {
    const tokens: Token[] = [];
    for (let open = 0; ;) {
      this.#match(SPACE);
      const offset = this.#at;
      if (offset >= this.#text.length) {
        if (isInString) throw this.#error(offset, 'the program ends inside \\( of a string; expected )');
        return [...tokens, { kind: 'end', text: 'the end of the program', offset }];
      }
      const token = this.#token();
      if (isInString && token.kind === 'operator') {
        if (token.text === '(') open++;
        if (token.text === ')' && open-- === 0)
          return [...tokens, { kind: 'end', text: 'the ) that ends \\(', offset }];
      }
      tokens.push(token);
    }
  }

  #token(): Token {
    const offset = this.#at;
    if (this.#text[offset] === '"')
      return { kind: 'string', text: 'a string', parts: this.#string(), offset };
    const number = this.#match(NUMBER);
    if (number !== null) return { kind: 'number', text: number, value: Number(number), offset };
    const field = this.#match(FIELD);
    if (field !== null) return { kind: 'field', text: field, offset };
    const name = this.#match(NAME);
    if (name !== null) return { kind: KEYWORDS.has(name) ? 'keyword' : 'name', text: name, offset };
    const format = this.#match(FORMAT);
    if (format !== null) return { kind: 'format', text: format, offset };
    const operator = this.#match(OPERATOR);
    if (operator !== null) return { kind: 'operator', text: operator, offset };
    throw this.#error(offset, `unexpected character ${JSON.stringify(this.#text[offset])}`);
  }

  #string(): (string | readonly Token[])[] {
    const start = this.#at++;
    const parts: (string | readonly Token[])[] = [];
    for (let run = ''; ;) {
      const character = this.#text[this.#at++];
      if (character === undefined) throw this.#error(start, 'this string has no end; expected "');
      if (character === '"') {
        parts.push(run);
        return parts;
      }
      if (character !== '\\') run += character;
      else if (this.#text[this.#at] === '(') {
        this.#at++;
        parts.push(run, this.tokens(true));
        run = '';
      } else run += this.#escape();
    }
  }

  #escape(): string {
    const offset = this.#at - 1;
    const letter = this.#text[this.#at++] ?? '';
    const plain = ESCAPES[letter];
    if (plain !== undefined) return plain;
    if (letter === 'u') {
      const digits = this.#match(/[0-9a-fA-F]{4}/y);
      if (digits !== null) {
        const unit = Number.parseInt(digits, 16);
        if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
        const low = unit < 0xdc00 ? this.#match(/\\u[dD][c-fC-F][0-9a-fA-F]{2}/y) : null;
        if (low === null)
          throw this.#error(offset, 'half of a \\uXXXX\\uXXXX surrogate pair; expected the other half');
        return String.fromCharCode(unit, Number.parseInt(low.slice(2), 16));
      }
    }
    throw this.#error(
      offset,
      'unknown escape in a string; expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX \\(',
    );
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[0];
  }

  #error(offset: number, message: string): JqSyntaxError {
    return syntaxError(this.#text, offset, message);
  }
}
