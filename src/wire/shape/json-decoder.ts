/**
 * Compiles a shape into a decoder of JSON. The decoder walks the bytes once, guided by the shape: members that the shape does not
 * have are read over, blobs are decoded from base64 straight into one arena, and nothing else is built than the value itself.
 * Of a repeated key the last value counts, and null is the same as absent, as for AWS.
 *
 * What comes out has the declared types but may lack required members and break constraints: that is the validator's to say.
 */
import { isUtf8 } from 'node:buffer';
import { unreachable } from '../../base/assert.ts';
import {
  NATIVE_FROM_CHARS,
  base64Fault,
  decodeBase64,
  decodeBase64Natively,
  decodedLength,
} from './base64.ts';
import type { Arena } from '../../base/arena.ts';
import { compiledOnce } from './compiled-once.ts';
import {
  CLOSE_LIST,
  CLOSE_STRUCTURE,
  COLON,
  COMMA,
  type JsonCursor,
  OPEN_LIST,
  OPEN_STRUCTURE,
  QUOTE,
  countElement,
  enter,
  expect,
  jsonCursor,
  kindOf,
  leave,
  peek,
  readBoolean,
  readNull,
  readNumber,
  readString,
  skipValue,
} from './json-cursor.ts';
import { arenaRoom, compilePackedReader } from './json-packed.ts';
import {
  booleanMessage,
  booleanOfText,
  malformed,
  mismatchMessage,
  mistyped,
  timestampMs,
  wholeNumber,
} from './serialization.ts';
import type { ListShape, MapShape, Shape, StructureShape } from './shape.ts';

/** Reads the value that begins at the cursor, which stands on its first byte. Null is null; a mistyped value is undefined. */
type Read = (cursor: JsonCursor) => unknown;

/** Throws `ServiceError` SerializationException when the body is not a JSON object of the declared types. */
export type Decode = (body: Uint8Array, arena?: Arena) => unknown;

/** `packs`: lists that are declared as packed may come as columns. Blobs lie in the arena when there is one, or in the body. */
export function compileJsonDecoder(shape: StructureShape, packs = false): Decode {
  const read = readerOf(shape);
  return (body, arena) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.length);
    if (!isUtf8(bytes)) throw malformed();
    const cursor = jsonCursor(bytes, packs, arena?.bytes);
    const first = peek(cursor);
    const value = read(cursor);
    if (arena !== undefined && cursor.arena !== undefined) arena.bytes = cursor.arena;
    if (peek(cursor) !== 0) throw malformed();
    if (first !== OPEN_STRUCTURE && first !== OPEN_LIST) throw malformed();
    if (cursor.mismatch !== undefined) throw mistyped(cursor.mismatch);
    return value;
  };
}

const readerOf = compiledOnce<Read>(compile);

function compile(shape: Shape): Read {
  switch (shape.kind) {
    case 'string':
      return (cursor) => (cursor.bytes[cursor.at] === QUOTE ? readString(cursor) : refuse(cursor, 'string'));
    case 'blob':
      return readBlob;
    case 'integer':
    case 'long': {
      const { kind } = shape;
      return (cursor) => {
        if (kindOf(peek(cursor)) !== 'number') return refuse(cursor, kind);
        return wholeNumber(kind, readNumber(cursor));
      };
    }
    case 'double':
      return (cursor) => (kindOf(peek(cursor)) === 'number' ? readNumber(cursor) : refuse(cursor, 'double'));
    case 'timestamp':
      return (cursor) => {
        if (kindOf(peek(cursor)) !== 'number') return refuse(cursor, 'timestamp');
        return timestampMs(readNumber(cursor) * 1000);
      };
    case 'boolean':
      return readBooleanLike;
    case 'list':
      return listReader(shape);
    case 'map':
      return mapReader(shape);
    case 'structure':
      return structureReader(shape);
    case 'eventStream':
      throw new TypeError(`an input cannot hold the event stream ${shape.name}`);
    default:
      return unreachable(shape);
  }
}

/** Reads over a value that is null or of another kind than declared. */
function refuse(cursor: JsonCursor, kind: Shape['kind']): null | undefined {
  const found = kindOf(peek(cursor));
  if (found === 'null') {
    readNull(cursor);
    return null;
  }
  cursor.mismatch ??= mismatchMessage(kind, found);
  skipValue(cursor);
  return undefined;
}

function readBooleanLike(cursor: JsonCursor): boolean | null | undefined {
  const found = kindOf(peek(cursor));
  if (found === 'boolean') return readBoolean(cursor);
  if (found !== 'string') return refuse(cursor, 'boolean');
  const text = readString(cursor);
  const value = booleanOfText(text);
  if (value === undefined) cursor.mismatch ??= booleanMessage(text);
  return value;
}

function readBlob(cursor: JsonCursor): Uint8Array | null | undefined {
  const { bytes, at } = cursor;
  if (bytes[at] !== QUOTE) return refuse(cursor, 'blob');
  const start = at + 1;
  const end = bytes.indexOf(QUOTE, start);
  if (end === -1) throw malformed();
  const length = decodedLength(bytes, start, end);
  if (length !== -1) {
    // What is left of the body bounds all the blobs that may follow.
    const restMax = Math.ceil(((bytes.length - at) * 3) / 4);
    const offset = arenaRoom(cursor, length, Math.max(length, restMax));
    if (decodeInto(cursor, start, end, offset, length)) {
      cursor.at = end + 1;
      cursor.arenaUsed = offset + length;
      return cursor.arena!.subarray(offset, offset + length);
    }
  }
  return readUnusualBlob(cursor);
}

function decodeInto(cursor: JsonCursor, start: number, end: number, offset: number, length: number): boolean {
  const { bytes, arena } = cursor;
  if (end - start <= NATIVE_FROM_CHARS) return decodeBase64(bytes, start, arena!, offset, length);
  // A slice of one string of the whole body costs half of a string made for each blob.
  cursor.text ??= bytes.toString('latin1');
  return decodeBase64Natively(cursor.text.slice(start, end), bytes, end, arena!, offset, length);
}

/** Not plain base64 up to the next quote: it has an escape (PHP writes `\/`), or it is wrong. */
function readUnusualBlob(cursor: JsonCursor): Uint8Array | undefined {
  const text = readString(cursor);
  const fault = base64Fault(text);
  if (fault === undefined) return Buffer.from(text, 'base64');
  cursor.mismatch ??= fault;
  return undefined;
}

function listReader(shape: ListShape): Read {
  const read = readerOf(shape.member);
  const readPacked = shape.packed === true ? compilePackedReader(shape) : undefined;
  return (cursor) => {
    if (cursor.bytes[cursor.at] !== OPEN_LIST) return refuse(cursor, 'list');
    const packed = cursor.packs ? readPacked?.(cursor) : undefined;
    if (packed !== undefined) return packed;
    enter(cursor);
    const list: unknown[] = [];
    if (peek(cursor) !== CLOSE_LIST) {
      for (;;) {
        countElement(cursor);
        peek(cursor);
        list.push(read(cursor));
        if (peek(cursor) === CLOSE_LIST) break;
        expect(cursor, COMMA);
      }
    }
    leave(cursor);
    return list;
  };
}

function mapReader(shape: MapShape): Read {
  const read = readerOf(shape.value);
  return (cursor) => {
    if (cursor.bytes[cursor.at] !== OPEN_STRUCTURE) {
      return refuse(cursor, 'map');
    }
    enter(cursor);
    const map = new Map<string, unknown>();
    if (peek(cursor) !== CLOSE_STRUCTURE) {
      for (;;) {
        countElement(cursor);
        if (peek(cursor) !== QUOTE) throw malformed();
        const key = readString(cursor);
        expect(cursor, COLON);
        peek(cursor);
        map.set(key, read(cursor));
        if (peek(cursor) === CLOSE_STRUCTURE) break;
        expect(cursor, COMMA);
      }
    }
    leave(cursor);
    return map;
  };
}

type MemberReader = { readonly name: string; readonly quoted: Buffer; readonly read: Read };

function structureReader(shape: StructureShape): Read {
  const members: MemberReader[] = Object.entries(shape.members).map(([name, member]) => ({
    name,
    quoted: Buffer.from(`"${name}"`),
    read: readerOf(member.shape),
  }));
  return (cursor) => {
    if (cursor.bytes[cursor.at] !== OPEN_STRUCTURE) return refuse(cursor, 'structure');
    enter(cursor);
    countElement(cursor);
    const value: Record<string, unknown> = {};
    let guess = 0;
    if (peek(cursor) !== CLOSE_STRUCTURE) {
      for (;;) {
        if (peek(cursor) !== QUOTE) throw malformed();
        const found = findMember(cursor, members, guess);
        expect(cursor, COLON);
        peek(cursor);
        if (found === -1) {
          skipValue(cursor);
        } else {
          const { name, read } = members[found]!;
          const held = read(cursor);
          if (held !== null) value[name] = held;
          else if (name in value) delete value[name];
          guess = found + 1;
        }
        if (peek(cursor) === CLOSE_STRUCTURE) break;
        expect(cursor, COMMA);
      }
    }
    leave(cursor);
    return value;
  };
}

/** Reads the key at the cursor and gives its member's index, -1 for none. Clients mostly keep one order, so `guess` is tried first. */
function findMember(cursor: JsonCursor, members: readonly MemberReader[], guess: number): number {
  for (let tried = 0; tried < members.length; tried += 1) {
    const index = (guess + tried) % members.length;
    const { quoted } = members[index]!;
    if (matches(cursor, quoted)) {
      cursor.at += quoted.length;
      return index;
    }
  }
  const name = readString(cursor);
  return members.findIndex((member) => member.name === name);
}

function matches(cursor: JsonCursor, quoted: Buffer): boolean {
  const { bytes, at } = cursor;
  for (let index = 1; index < quoted.length; index += 1) {
    if (bytes[at + index] !== quoted[index]) return false;
  }
  return true;
}
