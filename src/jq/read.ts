/**
 * JSON text to values, with what jq 1.6 takes besides JSON (`01`, `.5`, `NaN`) and with its messages. Most text is read by
 * `JSON.parse`; the reader below is for what that refuses or would read differently.
 */
import { ESCAPES } from './escapes.ts';
import { raise } from './machine.ts';
import { DEPTH_MAX, isObject, putMember, type Json, type JsonObject } from './value.ts';

/** Keys that must be marked, and escapes that may be half of a pair or such a key. */
const DIFFERENT = /"(?:[0-9]|__proto__)|\\u(?:d|00[035])/i;

/** Raises jq's message, with the text in it. */
export function parseJson(text: string): Json {
  if (!DIFFERENT.test(text) && !mayBeTooDeep(text)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // Read it once more, for jq's message or because jq allows it.
    }
  }
  try {
    return new Reader(text).read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    raise(`${error.message} (while parsing '${text}')`);
  }
}

function mayBeTooDeep(text: string): boolean {
  return text.length > 2 * DEPTH_MAX && (text.match(/[[{]/g)?.length ?? 0) > DEPTH_MAX;
}

class Malformed extends Error {}

const NUMBER = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)$/i;
const WORDS: Readonly<Record<string, readonly [string, Json]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
};

/** Goes through the text as jq does, because that is what its messages and their columns (which count bytes) come from. */
class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #column = 0;
  #literal = '';
  /** Open arrays and objects, and the key of each member that is being read. */
  readonly #open: Json[] = [];
  #value: Json | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Json {
    const first = this.#next();
    if (first === undefined) throw new Malformed('Expected JSON value');
    if (this.#next() !== undefined) throw new Malformed('Unexpected extra JSON values');
    return first;
  }

  #next(): Json | undefined {
    while (this.#at < this.#text.length) {
      const character = this.#advance();
      if (!'"[]{}:, \t\r\n'.includes(character)) {
        this.#literal += character;
        continue;
      }
      this.#endLiteral();
      let done = this.#done();
      if (character === '"') this.#put(this.#string());
      else this.#structure(character);
      done ??= this.#done();
      if (done !== undefined) return done;
    }
    this.#endLiteral(' at EOF');
    if (this.#open.length > 0) throw this.#malformed('Unfinished JSON term', ' at EOF');
    return this.#done();
  }

  #advance(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    this.#at += character.length;
    this.#column += Buffer.byteLength(character);
    if (character === '\n') {
      this.#line++;
      this.#column = 0;
    }
    return character;
  }

  #malformed(message: string, where = ''): Malformed {
    return new Malformed(`${message}${where} at line ${this.#line}, column ${this.#column}`);
  }

  #done(): Json | undefined {
    if (this.#open.length > 0) return undefined;
    const value = this.#value;
    this.#value = undefined;
    return value;
  }

  #put(value: Json): void {
    if (this.#value !== undefined) throw this.#malformed('Expected separator between values');
    this.#value = value;
  }

  #endLiteral(where = ''): void {
    const literal = this.#literal;
    this.#literal = '';
    if (literal === '') return;
    const word = WORDS[literal[0]!];
    if (word !== undefined) {
      if (literal !== word[0]) throw this.#malformed('Invalid literal', where);
      this.#put(word[1]);
      return;
    }
    if (!NUMBER.test(literal)) throw this.#malformed('Invalid numeric literal', where);
    const lower = literal.toLowerCase();
    if (lower.includes('n')) {
      this.#put(lower.includes('nan') ? NaN : lower.startsWith('-') ? -Infinity : Infinity);
    } else this.#put(Number(literal));
  }

  #structure(character: string): void {
    const top = this.#open.at(-1);
    const value = this.#value;
    switch (character) {
      case '[':
      case '{':
        if (this.#open.length >= DEPTH_MAX) throw this.#malformed('Exceeds depth limit for parsing');
        if (value !== undefined) throw this.#malformed('Expected separator between values');
        this.#open.push(character === '[' ? [] : {});
        return;
      case ':':
        if (value === undefined) throw this.#malformed("Expected string key before ':'");
        if (top === undefined || !isObject(top)) throw this.#malformed("':' not as part of an object");
        if (typeof value !== 'string') throw this.#malformed('Object keys must be strings');
        this.#open.push(value);
        break;
      case ',':
        if (value === undefined) throw this.#malformed("Expected value before ','");
        if (Array.isArray(top)) top.push(value);
        else this.#endMember(top, value);
        break;
      case ']':
        if (!Array.isArray(top)) throw this.#malformed("Unmatched ']'");
        if (value !== undefined) top.push(value);
        else if (top.length > 0) throw this.#malformed('Expected another array element');
        this.#value = this.#open.pop()!;
        return;
      case '}':
        if (top === undefined) throw this.#malformed("Unmatched '}'");
        if (value !== undefined) this.#endMember(top, value);
        else if (!isObject(top)) throw this.#malformed("Unmatched '}'");
        else if (Object.keys(top).length > 0) throw this.#malformed('Expected another key-value pair');
        this.#value = this.#open.pop()!;
        return;
      default:
        return;
    }
    this.#value = undefined;
  }

  #endMember(key: Json | undefined, value: Json): void {
    if (typeof key !== 'string') throw this.#malformed('Objects must consist of key:value pairs');
    this.#open.pop();
    putMember(this.#open.at(-1) as JsonObject, key, value);
  }

  /** After the opening quote. What is wrong in a string is found at its end. */
  #string(): string {
    let raw = '';
    for (;;) {
      if (this.#at >= this.#text.length) throw this.#malformed('Unfinished string', ' at EOF');
      const character = this.#advance();
      if (character === '"') return this.#unescaped(raw);
      raw += character;
      if (character === '\\' && this.#at < this.#text.length) raw += this.#advance();
    }
  }

  #unescaped(raw: string): string {
    let text = '';
    for (let at = 0; at < raw.length; at++) {
      const character = raw[at]!;
      if (character < ' ')
        throw this.#malformed(
          'Invalid string: control characters from U+0000 through U+001F must be escaped',
        );
      if (character !== '\\') {
        text += character;
        continue;
      }
      const letter = raw[++at]!;
      if (letter !== 'u') {
        const plain = ESCAPES[letter];
        if (plain === undefined) throw this.#malformed('Invalid escape');
        text += plain;
        continue;
      }
      const unit = this.#unit(raw, at + 1);
      at += 4;
      if (unit < 0xd800 || unit > 0xdbff) {
        text += unit >= 0xdc00 && unit <= 0xdfff ? '\ufffd' : String.fromCharCode(unit);
        continue;
      }
      const low = raw.startsWith('\\u', at + 1) ? this.#unit(raw, at + 3) : 0;
      if (low < 0xdc00 || low > 0xdfff) throw this.#malformed('Invalid \\uXXXX\\uXXXX surrogate pair escape');
      text += String.fromCharCode(unit, low);
      at += 6;
    }
    return text;
  }

  #unit(raw: string, at: number): number {
    const digits = raw.slice(at, at + 4);
    if (digits.length < 4) throw this.#malformed('Invalid \\uXXXX escape');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#malformed('Invalid characters in \\uXXXX escape');
    return Number.parseInt(digits, 16);
  }
}
