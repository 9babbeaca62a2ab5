/**
 * A reader of CBOR (RFC 8949) over bytes, moved by the decoders compiled from shapes; it builds no tree. Lengths may be definite or
 * indefinite, numbers may be integers, big integers or floats of any width, and tags that say nothing here are read over.
 * Whatever is not CBOR is thrown as `malformed()`. Types are remembered and told at the end, as in `json-cursor.ts`.
 */
import { isUtf8 } from 'node:buffer';
import { DEPTH_MAX, ELEMENTS_MAX, type Found, malformed } from './serialization.ts';

export type CborCursor = {
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
};

export function cborCursor(bytes: Buffer, packs: boolean): CborCursor {
  return { bytes, packs, at: 0, depth: 0, elements: 0, mismatch: undefined };
}

const MAJOR_NEGATIVE = 1;
export const MAJOR_BYTES = 2;
export const MAJOR_TEXT = 3;
export const MAJOR_LIST = 4;
export const MAJOR_MAP = 5;
const MAJOR_TAG = 6;

const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;
const UNDEFINED = 0xf7;
const HALF = 0xf9;
const SINGLE = 0xfa;
const DOUBLE = 0xfb;
const BREAK = 0xff;

const TAG_BIG_POSITIVE = 2;
const TAG_BIG_NEGATIVE = 3;
const TAG_NONE = -1;

/** The length of a list, map or string that ends with a break. */
export const INDEFINITE = -1;

export type CborKind = Found | 'null';

export function nextByte(cursor: CborCursor): number {
  if (cursor.at >= cursor.bytes.length) throw malformed();
  return cursor.bytes[cursor.at]!;
}

/** Moves over tags and gives the innermost. */
export function readTags(cursor: CborCursor): number {
  let tag = TAG_NONE;
  while (nextByte(cursor) >> 5 === MAJOR_TAG) {
    tag = readArgument(cursor);
    if (tag === INDEFINITE) throw malformed();
  }
  return tag;
}

/** What the value at the cursor, after its tags, is. */
export function kindAt(cursor: CborCursor, tag: number): CborKind {
  const byte = nextByte(cursor);
  switch (byte >> 5) {
    case MAJOR_BYTES:
      return tag === TAG_BIG_POSITIVE || tag === TAG_BIG_NEGATIVE ? 'number' : 'bytes';
    case MAJOR_TEXT:
      return 'string';
    case MAJOR_LIST:
      return 'list';
    case MAJOR_MAP:
      return 'structure';
    case 7:
      if (byte === TRUE || byte === FALSE) return 'boolean';
      if (byte === NULL || byte === UNDEFINED) return 'null';
      if (byte === HALF || byte === SINGLE || byte === DOUBLE) return 'number';
      throw malformed();
    default:
      return 'number';
  }
}

/** Reads an initial byte and the argument after it: a value, a length, a count or a tag; `INDEFINITE` for 31. */
export function readArgument(cursor: CborCursor): number {
  const { bytes } = cursor;
  const info = nextByte(cursor) & 31;
  const at = cursor.at + 1;
  if (info < 24) {
    cursor.at = at;
    return info;
  }
  if (info === 31) {
    cursor.at = at;
    return INDEFINITE;
  }
  if (info > 27) throw malformed();
  const width = 1 << (info - 24);
  if (at + width > bytes.length) throw malformed();
  cursor.at = at + width;
  switch (width) {
    case 1:
      return bytes[at]!;
    case 2:
      return bytes.readUInt16BE(at);
    case 4:
      return bytes.readUInt32BE(at);
    default:
      return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
  }
}

/** True when the number at the cursor is written as a float. */
export function isFloat(cursor: CborCursor): boolean {
  return nextByte(cursor) >> 5 === 7;
}

export function readNumber(cursor: CborCursor, tag: number): number {
  const { bytes } = cursor;
  const byte = nextByte(cursor);
  switch (byte >> 5) {
    case 7:
      return readFloat(cursor, byte);
    case MAJOR_BYTES: {
      const magnitude = readBytes(cursor).reduce((sum, digit) => sum * 256 + digit, 0);
      return tag === TAG_BIG_NEGATIVE ? -1 - magnitude : magnitude;
    }
    default: {
      const argument = readArgument(cursor);
      if (argument === INDEFINITE || cursor.at > bytes.length) throw malformed();
      return byte >> 5 === MAJOR_NEGATIVE ? -1 - argument : argument;
    }
  }
}

function readFloat(cursor: CborCursor, byte: number): number {
  const { bytes } = cursor;
  const at = cursor.at + 1;
  const width = byte === HALF ? 2 : byte === SINGLE ? 4 : 8;
  if (at + width > bytes.length) throw malformed();
  cursor.at = at + width;
  if (byte === SINGLE) return bytes.readFloatBE(at);
  if (byte === DOUBLE) return bytes.readDoubleBE(at);
  return halfToNumber(bytes.readUInt16BE(at));
}

function halfToNumber(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

export function readBoolean(cursor: CborCursor): boolean {
  const value = nextByte(cursor) === TRUE;
  cursor.at += 1;
  return value;
}

/** Reads the text that is next, whole or in chunks. */
export function readText(cursor: CborCursor): string {
  const length = readArgument(cursor);
  if (length !== INDEFINITE) return readTextChunk(cursor, length);
  let text = '';
  while (nextByte(cursor) !== BREAK) {
    if (nextByte(cursor) >> 5 !== MAJOR_TEXT) throw malformed();
    const chunk = readArgument(cursor);
    if (chunk === INDEFINITE) throw malformed();
    text += readTextChunk(cursor, chunk);
  }
  cursor.at += 1;
  return text;
}

function readTextChunk(cursor: CborCursor, length: number): string {
  const { bytes, at: start } = cursor;
  const end = start + length;
  if (end > bytes.length) throw malformed();
  cursor.at = end;
  for (let at = start; at < end; at += 1) {
    if (bytes[at]! < 128) continue;
    if (!isUtf8(bytes.subarray(start, end))) throw malformed();
    return bytes.toString('utf8', start, end);
  }
  return bytes.toString('latin1', start, end);
}

/** Reads the byte string that is next. It is a view of the body unless it came in chunks. */
export function readBytes(cursor: CborCursor): Uint8Array {
  const length = readArgument(cursor);
  if (length !== INDEFINITE) return readByteChunk(cursor, length);
  const chunks: Uint8Array[] = [];
  while (nextByte(cursor) !== BREAK) {
    if (nextByte(cursor) >> 5 !== MAJOR_BYTES) throw malformed();
    const chunk = readArgument(cursor);
    if (chunk === INDEFINITE) throw malformed();
    countElement(cursor);
    chunks.push(readByteChunk(cursor, chunk));
  }
  cursor.at += 1;
  return Buffer.concat(chunks);
}

function readByteChunk(cursor: CborCursor, length: number): Uint8Array {
  const { bytes, at: start } = cursor;
  if (start + length > bytes.length) throw malformed();
  cursor.at = start + length;
  return bytes.subarray(start, start + length);
}

export function countElement(cursor: CborCursor): void {
  cursor.elements += 1;
  if (cursor.elements > ELEMENTS_MAX) throw malformed();
}

/** Enters the list or map that is next and gives the count of its elements or entries, or `INDEFINITE`. */
export function enter(cursor: CborCursor): number {
  cursor.depth += 1;
  if (cursor.depth > DEPTH_MAX) throw malformed();
  return readArgument(cursor);
}

/** True when the list or map of which `done` were read goes on; moves over its break. */
export function goesOn(cursor: CborCursor, count: number, done: number): boolean {
  if (count === INDEFINITE ? nextByte(cursor) !== BREAK : done < count) return true;
  if (count === INDEFINITE) cursor.at += 1;
  cursor.depth -= 1;
  return false;
}

/** Reads over a value, checking that it is CBOR and that it is not too deep. */
export function skipValue(cursor: CborCursor): void {
  const tag = readTags(cursor);
  switch (kindAt(cursor, tag)) {
    case 'number':
      readNumber(cursor, tag);
      return;
    case 'boolean':
    case 'null':
      cursor.at += 1;
      return;
    case 'string':
      readText(cursor);
      return;
    case 'bytes':
      readBytes(cursor);
      return;
    case 'list': {
      const count = enter(cursor);
      for (let done = 0; goesOn(cursor, count, done); done += 1) skipValue(cursor);
      return;
    }
    case 'structure': {
      const count = enter(cursor);
      for (let done = 0; goesOn(cursor, count, done); done += 1) {
        skipValue(cursor);
        skipValue(cursor);
      }
    }
  }
}
