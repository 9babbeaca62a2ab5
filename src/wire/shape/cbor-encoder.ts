/**
 * Compiles a shape into an encoder of CBOR that writes bytes. Structures have indefinite length, as AWS's Java writes
 * them; lists, maps and strings are definite. Timestamps are milliseconds, an integer under tag 1: that is what AWS sends and
 * the Java SDK reads (docs/decisions/0101).
 */
import { unreachable } from '../../base/assert.ts';
import {
  type ByteSink,
  byteSink,
  expectElements,
  makeRoom,
  putByte,
  putConstant,
  written,
} from './byte-sink.ts';
import { compiledOnce } from './compiled-once.ts';
import type { Encode } from './json-encoder.ts';
import { type BytesColumn, type Column, Packed, hasValue, sourceOf } from './packed.ts';
import { type Hole, repeatElement } from './repeated-element.ts';
import type { ListShape, MapShape, Shape, StructureShape } from './shape.ts';

type Write = (sink: ByteSink, value: never) => void;
type WriteAny = (sink: ByteSink, value: unknown) => void;

const MAJOR_NEGATIVE = 0x20;
const MAJOR_BYTES = 0x40;
const MAJOR_TEXT = 0x60;
const MAJOR_LIST = 0x80;
const MAJOR_MAP = 0xa0;
const TAG_TIME = 0xc1;
const FALSE = 0xf4;
const TRUE = 0xf5;
const DOUBLE = 0xfb;
const OPEN_STRUCTURE = 0xbf;
const BREAK = 0xff;

export function compileCborEncoder(shape: StructureShape): Encode {
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
      return putText;
    case 'blob':
      return putBytes;
    case 'integer':
    case 'long':
      return putInteger;
    case 'double':
      return putDouble;
    case 'timestamp':
      return (sink, value: number) => {
        putByte(sink, TAG_TIME);
        putInteger(sink, Math.round(value));
      };
    case 'boolean':
      return (sink, value: boolean) => putByte(sink, value ? TRUE : FALSE);
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

/** An initial byte with its argument, in the fewest bytes. */
function putHead(sink: ByteSink, major: number, argument: number): void {
  makeRoom(sink, 9);
  const { bytes, length: at } = sink;
  if (argument < 24) {
    bytes[at] = major | argument;
    sink.length = at + 1;
  } else if (argument < 0x100) {
    bytes[at] = major | 24;
    bytes[at + 1] = argument;
    sink.length = at + 2;
  } else if (argument < 0x1_0000) {
    bytes[at] = major | 25;
    sink.length = bytes.writeUInt16BE(argument, at + 1);
  } else if (argument < 0x1_0000_0000) {
    bytes[at] = major | 26;
    sink.length = bytes.writeUInt32BE(argument, at + 1);
  } else {
    bytes[at] = major | 27;
    bytes.writeUInt32BE(Math.floor(argument / 2 ** 32), at + 1);
    sink.length = bytes.writeUInt32BE(argument % 2 ** 32, at + 5);
  }
}

function putInteger(sink: ByteSink, value: number): void {
  if (value < 0) putHead(sink, MAJOR_NEGATIVE, -1 - value);
  else putHead(sink, 0, value);
}

function putDouble(sink: ByteSink, value: number): void {
  makeRoom(sink, 9);
  sink.bytes[sink.length] = DOUBLE;
  sink.length = sink.bytes.writeDoubleBE(value, sink.length + 1);
}

/** Strings longer than this are left to the runtime. */
const NATIVE_FROM_UNITS = 128;

function putText(sink: ByteSink, value: string): void {
  const { length } = value;
  if (length > NATIVE_FROM_UNITS) return putTextNatively(sink, value);
  const before = sink.length;
  putHead(sink, MAJOR_TEXT, length);
  makeRoom(sink, length);
  const { bytes, length: start } = sink;
  for (let index = 0; index < length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit > 127) {
      sink.length = before;
      return putTextNatively(sink, value);
    }
    bytes[start + index] = unit;
  }
  sink.length = start + length;
}

function putTextNatively(sink: ByteSink, value: string): void {
  const length = Buffer.byteLength(value);
  putHead(sink, MAJOR_TEXT, length);
  makeRoom(sink, length);
  sink.length += sink.bytes.write(value, sink.length, 'utf8');
}

function putBytes(sink: ByteSink, value: Uint8Array): void {
  putHead(sink, MAJOR_BYTES, value.length);
  makeRoom(sink, value.length);
  sink.bytes.set(value, sink.length);
  sink.length += value.length;
}

function listWriter(shape: ListShape): Write {
  const write = writerOf(shape.member);
  const writePacked = shape.packed === true ? packedWriter(shape.member as StructureShape) : undefined;
  return (sink, value: readonly unknown[] | Packed<unknown>) => {
    putHead(sink, MAJOR_LIST, value.length);
    if (value instanceof Packed) {
      writePacked!(sink, value);
      return;
    }
    for (let index = 0; index < value.length; index += 1) {
      const start = sink.length;
      write(sink, value[index]);
      if (index === 0) expectElements(sink, sink.length - start, value.length);
    }
  };
}

/** The elements of columns, written without an object for each. */
function packedWriter(shape: StructureShape): (sink: ByteSink, list: Packed<unknown>) => void {
  const members = Object.entries(shape.members).map(([name, member]) => {
    const key = byteSink();
    putText(key, name);
    return { name, key: written(key), write: writerOf(member.shape) };
  });
  return (sink, list) => {
    const columns = list.columns as Readonly<Record<string, Column | undefined>>;
    const present = members.flatMap((member) => {
      const column = columns[member.name];
      return column === undefined ? [] : [{ ...member, column }];
    });
    const holes: Hole[] = [];
    for (let index = 0; index < list.length; index += 1) {
      const start = sink.length;
      putByte(sink, OPEN_STRUCTURE);
      for (const { key, write, column } of present) {
        if (!hasValue(column, index)) continue;
        putConstant(sink, key);
        if (column.kind === 'numbers') write(sink, column.values[index]);
        else if (column.kind === 'written') {
          putHead(sink, MAJOR_TEXT, column.bytes);
          makeRoom(sink, column.bytes);
          column.write(sink.view, sink.length, index);
          if (index === 0) holes.push({ offset: sink.length - start, column });
          sink.length += column.bytes;
        } else putColumnBytes(sink, column, index);
      }
      putByte(sink, BREAK);
      if (index > 0) continue;
      if (holes.length === present.length) return repeatElement(sink, start, list.length, holes);
      expectElements(sink, sink.length - start, list.length);
    }
  };
}

/** Shorter ones are copied here, because a call into the runtime costs more. */
const NATIVE_FROM_BYTES = 64;

function putColumnBytes(sink: ByteSink, column: BytesColumn, index: number): void {
  const source = sourceOf(column, index);
  const start = column.starts[index]!;
  const end = column.ends[index]!;
  putHead(sink, column.kind === 'text' ? MAJOR_TEXT : MAJOR_BYTES, end - start);
  makeRoom(sink, end - start);
  const { bytes, length } = sink;
  if (end - start > NATIVE_FROM_BYTES) bytes.set(source.subarray(start, end), length);
  else for (let from = start, at = length; from < end; from += 1, at += 1) bytes[at] = source[from]!;
  sink.length = length + end - start;
}

function mapWriter(shape: MapShape): Write {
  const write = writerOf(shape.value);
  return (sink, value: ReadonlyMap<string, unknown>) => {
    putHead(sink, MAJOR_MAP, value.size);
    for (const [key, entry] of value) {
      putText(sink, key);
      write(sink, entry);
    }
  };
}

function structureWriter(shape: StructureShape): Write {
  const members = Object.entries(shape.members).map(([name, member]) => {
    const key = byteSink();
    putText(key, name);
    return { name, key: written(key), write: writerOf(member.shape) };
  });
  return (sink, value: Readonly<Record<string, unknown>>) => {
    putByte(sink, OPEN_STRUCTURE);
    for (const member of members) {
      const held = value[member.name];
      if (held === undefined || held === null) continue;
      putConstant(sink, member.key);
      member.write(sink, held);
    }
    putByte(sink, BREAK);
  };
}
