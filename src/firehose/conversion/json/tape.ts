/**
 * Finds the values in the text of one JSON document and lays them out as a tape: a row of entries in typed arrays, children
 * right after their parent. Nothing is decoded, so that the text of each value stays what it was: 64-bit integers and
 * decimals keep every digit. The grammar is that of RFC 8259, the faults are told in Jackson's words, and the depth is
 * bounded as Jackson bounds it, without recursion.
 */
import { isUtf8 } from 'node:buffer';
import { JacksonFaults } from './jackson-faults.ts';

export const OBJECT = 1;
export const ARRAY = 2;
/** Without escapes: its bytes are its text. */
export const STRING = 3;
export const ESCAPED_STRING = 4;
export const INTEGER = 5;
/** With a fraction or an exponent. */
export const REAL = 6;
export const TRUE = 7;
export const FALSE = 8;
export const NULL = 9;

const DEPTH_MAX = 1000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export class JsonTape {
  bytes: Buffer = Buffer.alloc(0);
  kinds = new Uint8Array(64);
  /** Bytes of the value's text; of strings that within the quotes. */
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  /** The entry after the value and all that is in it. */
  nexts = new Int32Array(64);
  #length = 0;
  readonly #open = new Int32Array(DEPTH_MAX);
  readonly #faults = new JacksonFaults();

  /** To be called before the documents of a record are read. Throws RecordFault when it is not UTF-8. */
  load(bytes: Buffer): void {
    this.bytes = bytes;
    this.#faults.bytes = bytes;
    if (!isUtf8(bytes)) throw this.#faults.notUtf8();
    if (this.kinds.length >= bytes.length + 1) return;
    const room = bytes.length * 2;
    this.kinds = new Uint8Array(room);
    this.starts = new Int32Array(room);
    this.ends = new Int32Array(room);
    this.nexts = new Int32Array(room);
  }

  /** Reads the document that begins at `from`; entry 0 is its root. Returns where it ends. Throws RecordFault. */
  read(from: number): number {
    const { bytes, kinds, starts, ends, nexts } = this;
    const open = this.#open;
    this.#length = 0;
    let depth = 0;
    let at = from;
    for (;;) {
      at = this.skipSpace(at);
      const first = bytes[at]!;
      if (first === OPEN_BRACE || first === OPEN_BRACKET) {
        if (depth === DEPTH_MAX) throw this.#faults.tooDeep(depth + 1, DEPTH_MAX);
        const entry = this.#length++;
        kinds[entry] = first === OPEN_BRACE ? OBJECT : ARRAY;
        starts[entry] = at;
        open[depth++] = entry;
        at = this.skipSpace(at + 1);
        const isEmpty = bytes[at] === (first === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET);
        if (!isEmpty) {
          if (first === OPEN_BRACE) at = this.#key(at, entry);
          continue;
        }
      } else {
        at = this.#scalar(at, first);
      }
      // A value has ended: so may the containers around it.
      for (;;) {
        if (depth === 0) return at;
        at = this.skipSpace(at);
        const entry = open[depth - 1]!;
        const isObject = kinds[entry] === OBJECT;
        const next = bytes[at]!;
        if (next === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
          depth -= 1;
          at += 1;
          ends[entry] = at;
          nexts[entry] = this.#length;
        } else if (next === COMMA) {
          at = isObject ? this.#key(this.skipSpace(at + 1), entry) : at + 1;
          break;
        } else {
          throw this.#faults.noComma(at, isObject, starts[entry]!);
        }
      }
    }
  }

  skipSpace(from: number): number {
    const { bytes } = this;
    let at = from;
    for (;;) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
      at += 1;
    }
  }

  #key(from: number, object: number): number {
    const { bytes } = this;
    if (bytes[from] !== QUOTE) throw this.#faults.noKey(from, this.starts[object]!);
    const at = this.skipSpace(this.#string(from, true));
    if (bytes[at] !== COLON) throw this.#faults.noColon(at, this.starts[object]!);
    return at + 1;
  }

  #scalar(at: number, first: number): number {
    if (first === QUOTE) return this.#string(at, false);
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#number(at);
    if (first === 0x74) return this.#word(at, 'true', TRUE);
    if (first === 0x66) return this.#word(at, 'false', FALSE);
    if (first === 0x6e) return this.#word(at, 'null', NULL);
    throw this.#faults.noValue(at);
  }

  #push(kind: number, start: number, end: number): void {
    const entry = this.#length++;
    this.kinds[entry] = kind;
    this.starts[entry] = start;
    this.ends[entry] = end;
    this.nexts[entry] = entry + 1;
  }

  #string(quote: number, isKey: boolean): number {
    const { bytes } = this;
    let kind = STRING;
    let at = quote + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined) throw this.#faults.openString(isKey);
      if (byte < 0x20) throw this.#faults.controlCharacter(at, byte, isKey);
      if (byte === BACKSLASH) {
        kind = ESCAPED_STRING;
        at = this.#escape(at + 1, isKey);
      } else {
        at += 1;
      }
    }
    this.#push(kind, quote + 1, at);
    return at + 1;
  }

  #escape(at: number, isKey: boolean): number {
    const { bytes } = this;
    const byte = bytes[at];
    if (byte === undefined) throw this.#faults.openString(isKey);
    if (byte !== 0x75) {
      if (!'"\\/bfnrt'.includes(String.fromCharCode(byte))) throw this.#faults.unknownEscape(at, byte);
      return at + 1;
    }
    for (let digit = at + 1; digit <= at + 4; digit += 1) {
      const hex = bytes[digit];
      if (hex === undefined) throw this.#faults.openString(isKey);
      if (!/[\dA-Fa-f]/.test(String.fromCharCode(hex))) throw this.#faults.badHexDigit(digit, hex);
    }
    return at + 5;
  }

  #number(start: number): number {
    const { bytes } = this;
    let kind = INTEGER;
    let at = bytes[start] === MINUS ? start + 1 : start;
    const first = at;
    at = this.#digits(at, 'in numeric value');
    if (at > first + 1 && bytes[first] === ZERO) throw this.#faults.leadingZero(first + 1);
    if (bytes[at] === DOT) {
      kind = REAL;
      at = this.#digits(at + 1, 'Decimal point not followed by a digit');
    }
    const exponent = bytes[at];
    if (exponent === 0x65 || exponent === 0x45) {
      kind = REAL;
      const sign = bytes[at + 1];
      at = this.#digits(
        at + (sign === 0x2b || sign === MINUS ? 2 : 1),
        'Exponent indicator not followed by a digit',
      );
    }
    if (this.#isWordByte(bytes[at])) throw this.#faults.afterNumber(at);
    this.#push(kind, start, at);
    return at;
  }

  #digits(from: number, fault: string): number {
    const { bytes } = this;
    let at = from;
    for (;;) {
      const byte = bytes[at]!;
      if (!(byte >= ZERO && byte <= NINE)) break;
      at += 1;
    }
    if (at === from) throw this.#faults.badNumber(at, fault);
    return at;
  }

  #word(start: number, word: string, kind: number): number {
    const { bytes } = this;
    for (let index = 1; index < word.length; index += 1) {
      if (bytes[start + index] !== word.charCodeAt(index)) throw this.#faults.noValue(start);
    }
    const end = start + word.length;
    if (this.#isWordByte(bytes[end])) throw this.#faults.noValue(start);
    this.#push(kind, start, end);
    return end;
  }

  #isWordByte(byte: number | undefined): boolean {
    if (byte === undefined) return false;
    return (
      (byte >= 0x61 && byte <= 0x7a) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= ZERO && byte <= NINE) ||
      byte === 0x5f ||
      byte >= 0x80
    );
  }
}
