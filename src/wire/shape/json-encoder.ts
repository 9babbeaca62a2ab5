/**
 * Compiles a shape into an encoder of JSON that writes bytes, not a tree of objects. Absent members are left out and null is never
 * written. Timestamps are epoch seconds in the notation of Java's doubles (`1.441215410867E9`), as AWS writes them.
 */
import type { Arena } from '../../base/arena.ts';
import { unreachable } from '../../base/assert.ts';
import { encodeBase64, encodedLength } from './base64.ts';
import {
  type ByteSink,
  byteSink,
  expectElements,
  makeRoom,
  putAscii,
  putByte,
  putConstant,
  written,
} from './byte-sink.ts';
import { compiledOnce } from './compiled-once.ts';
import { JSON_ROWS } from './json-rows.ts';
import { Packed } from './packed.ts';
import { compileRows } from './rows.ts';
import type { ListShape, MapShape, Shape, StructureShape } from './shape.ts';

type Write = (sink: ByteSink, value: never) => void;
type WriteAny = (sink: ByteSink, value: unknown) => void;

/** The bytes lie in the arena when one is given. */
export type Encode = (value: unknown, arena?: Arena) => Uint8Array;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

export function compileJsonEncoder(shape: StructureShape): Encode {
  const write = writerOf(shape);
  return (value, arena) => {
    const sink = byteSink(arena);
    write(sink, value);
    return written(sink, arena);
  };
}

const writerOf = compiledOnce<WriteAny>(compile as (shape: Shape) => WriteAny);

function compile(shape: Shape): Write {
  switch (shape.kind) {
    case 'string':
      return putString;
    case 'blob':
      return putBlob;
    case 'integer':
    case 'long':
      return (sink, value: number) => putAscii(sink, String(value));
    case 'double':
      return putDouble;
    case 'timestamp':
      return putTimestamp;
    case 'boolean':
      return (sink, value: boolean) => putAscii(sink, value ? 'true' : 'false');
    case 'list':
      return listWriter(shape);
    case 'map':
      return mapWriter(shape);
    case 'structure':
      return structureWriter(shape);
    case 'eventStream':
      throw new TypeError(`the event stream ${shape.name} is sent as messages`);
    default:
      return unreachable(shape);
  }
}

/** Strings longer than this are left to the runtime. */
const NATIVE_FROM_UNITS = 256;

function putString(sink: ByteSink, value: string): void {
  const { length } = value;
  if (length > NATIVE_FROM_UNITS) return putStringNatively(sink, value);
  makeRoom(sink, length + 2);
  const { bytes, length: start } = sink;
  bytes[start] = QUOTE;
  let at = start + 1;
  for (let index = 0; index < length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === 0x5c) return putStringNatively(sink, value);
    bytes[at] = unit;
    at += 1;
  }
  bytes[at] = QUOTE;
  sink.length = at + 1;
}

function putStringNatively(sink: ByteSink, value: string): void {
  const quoted = JSON.stringify(value);
  makeRoom(sink, Buffer.byteLength(quoted));
  sink.length += sink.bytes.write(quoted, sink.length, 'utf8');
}

function putBlob(sink: ByteSink, value: Uint8Array): void {
  const length = encodedLength(value.length);
  makeRoom(sink, length + 2);
  sink.bytes[sink.length] = QUOTE;
  encodeBase64(value, sink.bytes, sink.length + 1);
  sink.bytes[sink.length + 1 + length] = QUOTE;
  sink.length += length + 2;
}

/** JSON has no NaN and no infinities; AWS writes them as strings. */
function putDouble(sink: ByteSink, value: number): void {
  putAscii(sink, Number.isFinite(value) ? String(value) : `"${value}"`);
}

/** Milliseconds as seconds, as Java's Double.toString writes them: scientific from ten million on, always with a fraction. */
export function epochSeconds(ms: number): string {
  const digits = String(Math.abs(Math.round(ms)));
  if (digits.length < 11) {
    const seconds = String(ms / 1000);
    return seconds.includes('.') ? seconds : `${seconds}.0`;
  }
  const fraction = digits.slice(1).replace(/0+$/, '');
  return `${ms < 0 ? '-' : ''}${digits[0]}.${fraction === '' ? '0' : fraction}E${digits.length - 4}`;
}

const POINT = 0x2e;
const DIGIT_ZERO = 0x30;

/** Writes what `epochSeconds` gives, without a string for times of 13 digits: from 2001 to 2286. */
function putTimestamp(sink: ByteSink, value: number): void {
  const ms = Math.round(value);
  if (ms < 1e12 || ms >= 1e13) return putAscii(sink, epochSeconds(ms));
  makeRoom(sink, 16);
  const { bytes, length: start } = sink;
  let low = ms % 1_000_000;
  let high = (ms - low) / 1_000_000;
  for (let at = start + 13; at > start + 7; at -= 1) {
    const rest = (low / 10) | 0;
    bytes[at] = DIGIT_ZERO + low - rest * 10;
    low = rest;
  }
  for (let at = start + 7; at > start; at -= 1) {
    const rest = (high / 10) | 0;
    bytes[at] = DIGIT_ZERO + high - rest * 10;
    high = rest;
  }
  bytes[start] = bytes[start + 1]!;
  bytes[start + 1] = POINT;
  let end = start + 14;
  while (bytes[end - 1] === DIGIT_ZERO && end > start + 3) end -= 1;
  bytes[end] = 0x45;
  bytes[end + 1] = 0x39;
  sink.length = end + 2;
}

function listWriter(shape: ListShape): Write {
  const write = writerOf(shape.member);
  const writePacked =
    shape.packed === true ? compileRows(shape.member as StructureShape, writerOf, JSON_ROWS) : undefined;
  return (sink, value: readonly unknown[] | Packed<unknown>) => {
    putByte(sink, 0x5b);
    if (value instanceof Packed) {
      writePacked!(sink, value);
      putByte(sink, 0x5d);
      return;
    }
    for (let index = 0; index < value.length; index += 1) {
      if (index > 0) putByte(sink, COMMA);
      const start = sink.length;
      write(sink, value[index]);
      if (index === 0) expectElements(sink, sink.length - start + 1, value.length);
    }
    putByte(sink, 0x5d);
  };
}

function mapWriter(shape: MapShape): Write {
  const write = writerOf(shape.value);
  return (sink, value: ReadonlyMap<string, unknown>) => {
    let first = true;
    putByte(sink, 0x7b);
    for (const [key, entry] of value) {
      if (!first) putByte(sink, COMMA);
      first = false;
      putString(sink, key);
      putByte(sink, COLON);
      write(sink, entry);
    }
    putByte(sink, 0x7d);
  };
}

function structureWriter(shape: StructureShape): Write {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    first: Buffer.from(`{"${name}":`),
    following: Buffer.from(`,"${name}":`),
    write: writerOf(member.shape),
  }));
  return (sink, value: Readonly<Record<string, unknown>>) => {
    let first = true;
    for (const member of members) {
      const held = value[member.name];
      if (held === undefined || held === null) continue;
      putConstant(sink, first ? member.first : member.following);
      first = false;
      member.write(sink, held);
    }
    if (first) putByte(sink, 0x7b);
    putByte(sink, 0x7d);
  };
}
