/**
 * A strict reader of JSON (RFC 8259) over bytes. The decoders compiled from shapes move it; it builds no tree. The caller has
 * checked that the bytes are UTF-8. Whatever is not JSON is thrown as `malformed()`.
 *
 * A value of the wrong type does not stop the reading: its message is kept and the rest is read on, so that a body which is not
 * JSON at all is told from one that only has a wrong type, as JSON.parse followed by a check of types would tell them.
 */
import { DEPTH_MAX, ELEMENTS_MAX, malformed } from './serialization.ts';

export type JsonCursor = {
  readonly bytes: Buffer;
  /** Lists that are declared as packed may be read as columns. */
  readonly packs: boolean;
  /** The next byte to read. */
  at: number;
  depth: number;
  /** Lists' elements, maps' entries and structures so far. */
  elements: number;
  /** The message of the first value that does not fit its shape. */
  mismatch: string | undefined;
  /** Where decoded blobs go: one allocation for a whole body. */
  arena: Buffer | undefined;
  arenaUsed: number;
  /** The body with a letter for each byte, made when the runtime is to decode part of it. */
  text: string | undefined;
};

export function jsonCursor(bytes: Buffer, packs: boolean, arena: Buffer | undefined): JsonCursor {
  return {
    bytes,
    packs,
    at: 0,
    depth: 0,
    elements: 0,
    mismatch: undefined,
    arena,
    arenaUsed: 0,
    text: undefined,
  };
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_STRUCTURE = 0x7b;
export const CLOSE_STRUCTURE = 0x7d;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const LOWER_F = 0x66;
const MINUS = 0x2d;

/** Moves over white space and gives the byte that follows, 0 at the end. */
export function peek(cursor: JsonCursor): number {
  const { bytes } = cursor;
  for (;;) {
    if (cursor.at >= bytes.length) return 0;
    const byte = bytes[cursor.at]!;
    if (byte > 0x20) return byte;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte === 0 ? 1 : byte;
    cursor.at += 1;
  }
}

/** Moves over white space and `byte`, which must follow. */
export function expect(cursor: JsonCursor, byte: number): void {
  if (peek(cursor) !== byte) throw malformed();
  cursor.at += 1;
}

export function enter(cursor: JsonCursor): void {
  cursor.at += 1;
  cursor.depth += 1;
  if (cursor.depth > DEPTH_MAX) throw malformed();
}

export function countElement(cursor: JsonCursor): void {
  cursor.elements += 1;
  if (cursor.elements > ELEMENTS_MAX) throw malformed();
}

export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'structure';

/** What the value that begins with `byte` is. */
export function kindOf(byte: number): JsonKind {
  switch (byte) {
    case QUOTE:
      return 'string';
    case OPEN_STRUCTURE:
      return 'structure';
    case OPEN_LIST:
      return 'list';
    case LOWER_T:
    case LOWER_F:
      return 'boolean';
    case LOWER_N:
      return 'null';
    default:
      if (byte === MINUS || isDigit(byte)) return 'number';
      throw malformed();
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function readNull(cursor: JsonCursor): void {
  readWord(cursor, 'null');
}

export function readBoolean(cursor: JsonCursor): boolean {
  const value = cursor.bytes[cursor.at] === LOWER_T;
  readWord(cursor, value ? 'true' : 'false');
  return value;
}

function readWord(cursor: JsonCursor, word: string): void {
  const { bytes, at } = cursor;
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[at + index] !== word.charCodeAt(index)) throw malformed();
  }
  cursor.at = at + word.length;
}

export function readNumber(cursor: JsonCursor): number {
  const { bytes, at: start } = cursor;
  let at = start;
  if (bytes[at] === MINUS) at += 1;
  if (!isDigit(bytes[at])) throw malformed();
  if (bytes[at] === 0x30) {
    at += 1;
  } else {
    while (isDigit(bytes[at])) at += 1;
  }
  if (bytes[at] === 0x2e) {
    at += 1;
    if (!isDigit(bytes[at])) throw malformed();
    while (isDigit(bytes[at])) at += 1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += 1;
    if (bytes[at] === 0x2b || bytes[at] === MINUS) at += 1;
    if (!isDigit(bytes[at])) throw malformed();
    while (isDigit(bytes[at])) at += 1;
  }
  cursor.at = at;
  return Number(bytes.toString('latin1', start, at));
}

/** Reads the string whose opening quote is next. */
export function readString(cursor: JsonCursor): string {
  const { bytes } = cursor;
  const start = cursor.at + 1;
  let ascii = true;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      cursor.at = at + 1;
      return ascii ? bytes.toString('latin1', start, at) : bytes.toString('utf8', start, at);
    }
    if (byte === BACKSLASH) return readEscapedString(cursor, start, at);
    if (byte < 0x20) break;
    if (byte > 0x7f) ascii = false;
  }
  throw malformed();
}

/** Goes on from the first backslash. Runs between escapes end at an ASCII byte, so each is whole UTF-8. */
function readEscapedString(cursor: JsonCursor, start: number, firstEscape: number): string {
  const { bytes } = cursor;
  let text = bytes.toString('utf8', start, firstEscape);
  let runStart = firstEscape;
  for (let at = firstEscape; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte < 0x20) break;
    if (byte !== QUOTE && byte !== BACKSLASH) continue;
    text += bytes.toString('utf8', runStart, at);
    if (byte === QUOTE) {
      cursor.at = at + 1;
      return text;
    }
    cursor.at = at;
    text += readEscape(cursor);
    runStart = cursor.at;
    at = runStart - 1;
  }
  throw malformed();
}

/** Reads the escape whose backslash is next. */
function readEscape(cursor: JsonCursor): string {
  const letter = cursor.bytes[cursor.at + 1];
  cursor.at += 2;
  switch (letter) {
    case 0x22:
      return '"';
    case 0x5c:
      return '\\';
    case 0x2f:
      return '/';
    case 0x62:
      return '\b';
    case 0x66:
      return '\f';
    case 0x6e:
      return '\n';
    case 0x72:
      return '\r';
    case 0x74:
      return '\t';
    case 0x75: {
      const digits = cursor.bytes.toString('latin1', cursor.at, cursor.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw malformed();
      cursor.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    default:
      throw malformed();
  }
}

/** Reads over a value, checking that it is JSON and that it is not too deep. */
export function skipValue(cursor: JsonCursor): void {
  switch (kindOf(peek(cursor))) {
    case 'string':
      return skipString(cursor);
    case 'number':
      readNumber(cursor);
      return;
    case 'boolean':
      readBoolean(cursor);
      return;
    case 'null':
      return readNull(cursor);
    case 'list':
      return skipBracketed(cursor, CLOSE_LIST, skipValue);
    case 'structure':
      return skipBracketed(cursor, CLOSE_STRUCTURE, skipEntry);
  }
}

function skipEntry(cursor: JsonCursor): void {
  if (peek(cursor) !== QUOTE) throw malformed();
  skipString(cursor);
  expect(cursor, COLON);
  skipValue(cursor);
}

function skipBracketed(cursor: JsonCursor, close: number, skipItem: (cursor: JsonCursor) => void): void {
  enter(cursor);
  if (peek(cursor) !== close) {
    for (;;) {
      skipItem(cursor);
      if (peek(cursor) === close) break;
      expect(cursor, COMMA);
    }
  }
  leave(cursor);
}

function skipString(cursor: JsonCursor): void {
  const { bytes } = cursor;
  for (let at = cursor.at + 1; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      cursor.at = at + 1;
      return;
    }
    if (byte < 0x20) break;
    if (byte !== BACKSLASH) continue;
    cursor.at = at;
    readEscape(cursor);
    at = cursor.at - 1;
  }
  throw malformed();
}

/** Moves over the closing bracket, which is next. */
export function leave(cursor: JsonCursor): void {
  cursor.at += 1;
  cursor.depth -= 1;
}
