/**
 * Compiles a shape into a decoder of CBOR, to the same rules as the decoder of JSON: members that the shape does not have are read
 * over, of a repeated key the last value counts, null (and undefined) is the same as absent, types are told with AWS's
 * texts. Blobs are views of the body, not copies.
 *
 * Timestamps are AWS's own: an integer counts milliseconds, with tag 1 or without, whatever RFC 8949 says of tag 1; a float
 * counts seconds (docs/decisions/0101).
 */
import { unreachable } from '../../base/assert.ts';
import { base64Fault } from './base64.ts';
import {
  type CborCursor,
  MAJOR_TEXT,
  cborCursor,
  countElement,
  enter,
  goesOn,
  isFloat,
  kindAt,
  nextByte,
  readBoolean,
  readBytes,
  readNumber,
  readTags,
  readText,
  skipValue,
} from './cbor-cursor.ts';
import { compilePackedReader } from './cbor-packed.ts';
import { compiledOnce } from './compiled-once.ts';
import type { Decode } from './json-decoder.ts';
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

/** Reads the value at the cursor. Null is null; a mistyped value is undefined. */
type Read = (cursor: CborCursor) => unknown;

/** `packs`: lists that are declared as packed may come as columns. */
export function compileCborDecoder(shape: StructureShape, packs = false): Decode {
  const read = readerOf(shape);
  return (body) => {
    const cursor = cborCursor(Buffer.from(body.buffer, body.byteOffset, body.length), packs);
    const kind = kindAt(cursor, readTags(cursor));
    if (kind !== 'structure' && kind !== 'list') throw malformed();
    const value = read(cursor);
    if (cursor.at !== cursor.bytes.length) throw malformed();
    if (cursor.mismatch !== undefined) throw mistyped(cursor.mismatch);
    return value;
  };
}

const readerOf = compiledOnce<Read>(compile);

function compile(shape: Shape): Read {
  switch (shape.kind) {
    case 'string':
      return (cursor) => {
        const tag = readTags(cursor);
        return nextByte(cursor) >> 5 === MAJOR_TEXT ? readText(cursor) : refuse(cursor, 'string', tag);
      };
    case 'blob':
      return readBlob;
    case 'integer':
    case 'long': {
      const { kind } = shape;
      return (cursor) => {
        const tag = readTags(cursor);
        if (kindAt(cursor, tag) !== 'number') return refuse(cursor, kind, tag);
        return wholeNumber(kind, readNumber(cursor, tag));
      };
    }
    case 'double':
      return (cursor) => {
        const tag = readTags(cursor);
        return kindAt(cursor, tag) === 'number' ? readNumber(cursor, tag) : refuse(cursor, 'double', tag);
      };
    case 'timestamp':
      return (cursor) => {
        const tag = readTags(cursor);
        if (kindAt(cursor, tag) !== 'number') return refuse(cursor, 'timestamp', tag);
        const unitMs = isFloat(cursor) ? 1000 : 1;
        return timestampMs(readNumber(cursor, tag) * unitMs);
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

/** Reads over a value, whose tags were read, that is null or of another kind than declared. */
function refuse(cursor: CborCursor, kind: Shape['kind'], tag: number): null | undefined {
  const found = kindAt(cursor, tag);
  if (found === 'null') {
    cursor.at += 1;
    return null;
  }
  cursor.mismatch ??= mismatchMessage(kind, found);
  skipValue(cursor);
  return undefined;
}

function readBooleanLike(cursor: CborCursor): boolean | null | undefined {
  const tag = readTags(cursor);
  const found = kindAt(cursor, tag);
  if (found === 'boolean') return readBoolean(cursor);
  if (found !== 'string') return refuse(cursor, 'boolean', tag);
  const text = readText(cursor);
  const value = booleanOfText(text);
  if (value === undefined) cursor.mismatch ??= booleanMessage(text);
  return value;
}

/** Bytes; or, as in JSON, base64 in a text. */
function readBlob(cursor: CborCursor): Uint8Array | null | undefined {
  const tag = readTags(cursor);
  const found = kindAt(cursor, tag);
  if (found === 'bytes') return readBytes(cursor);
  if (found !== 'string') return refuse(cursor, 'blob', tag);
  const text = readText(cursor);
  const fault = base64Fault(text);
  if (fault === undefined) return Buffer.from(text, 'base64');
  cursor.mismatch ??= fault;
  return undefined;
}

function listReader(shape: ListShape): Read {
  const read = readerOf(shape.member);
  const readPacked = shape.packed === true ? compilePackedReader(shape, encodedKey) : undefined;
  return (cursor) => {
    const tag = readTags(cursor);
    if (kindAt(cursor, tag) !== 'list') return refuse(cursor, 'list', tag);
    const packed = cursor.packs ? readPacked?.(cursor) : undefined;
    if (packed !== undefined) return packed;
    const list: unknown[] = [];
    const count = enter(cursor);
    for (let done = 0; goesOn(cursor, count, done); done += 1) {
      countElement(cursor);
      list.push(read(cursor));
    }
    return list;
  };
}

function mapReader(shape: MapShape): Read {
  const read = readerOf(shape.value);
  return (cursor) => {
    const tag = readTags(cursor);
    if (kindAt(cursor, tag) !== 'structure') return refuse(cursor, 'map', tag);
    const map = new Map<string, unknown>();
    const count = enter(cursor);
    for (let done = 0; goesOn(cursor, count, done); done += 1) {
      countElement(cursor);
      map.set(readKey(cursor), read(cursor));
    }
    return map;
  };
}

/** Keys are texts; anything else is no object of AWS's. */
function readKey(cursor: CborCursor): string {
  readTags(cursor);
  if (nextByte(cursor) >> 5 !== MAJOR_TEXT) throw malformed();
  return readText(cursor);
}

type MemberReader = { readonly name: string; readonly encoded: Uint8Array; readonly read: Read };

function structureReader(shape: StructureShape): Read {
  const members: MemberReader[] = Object.entries(shape.members).map(([name, member]) => ({
    name,
    encoded: encodedKey(name),
    read: readerOf(member.shape),
  }));
  return (cursor) => {
    const tag = readTags(cursor);
    if (kindAt(cursor, tag) !== 'structure') return refuse(cursor, 'structure', tag);
    countElement(cursor);
    const value: Record<string, unknown> = {};
    let guess = 0;
    const count = enter(cursor);
    for (let done = 0; goesOn(cursor, count, done); done += 1) {
      const found = findMember(cursor, members, guess);
      if (found === -1) {
        skipValue(cursor);
        continue;
      }
      const member = members[found]!;
      const read = member.read(cursor);
      if (read !== null) value[member.name] = read;
      else if (member.name in value) delete value[member.name];
      guess = found + 1;
    }
    return value;
  };
}

/** A name as clients write it: one head, then its letters. */
function encodedKey(name: string): Uint8Array {
  const text = Buffer.from(name);
  const head = text.length < 24 ? [0x60 | text.length] : [0x78, text.length];
  return Buffer.concat([Buffer.from(head), text]);
}

/** Reads the key at the cursor and gives its member's index, -1 for none. Clients mostly keep one order, so `guess` is tried first. */
function findMember(cursor: CborCursor, members: readonly MemberReader[], guess: number): number {
  for (let tried = 0; tried < members.length; tried += 1) {
    const index = (guess + tried) % members.length;
    const { encoded } = members[index]!;
    if (matches(cursor, encoded)) {
      cursor.at += encoded.length;
      return index;
    }
  }
  const name = readKey(cursor);
  return members.findIndex((member) => member.name === name);
}

function matches({ bytes, at }: CborCursor, encoded: Uint8Array): boolean {
  for (let index = 0; index < encoded.length; index += 1) {
    if (bytes[at + index] !== encoded[index]) return false;
  }
  return true;
}
