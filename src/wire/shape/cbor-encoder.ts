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
import { BREAK, MAJOR_BYTES, OPEN_STRUCTURE, putHead, putText } from './cbor-items.ts';
import { CBOR_ROWS } from './cbor-rows.ts';
import { Packed } from './packed.ts';
import { compileRows } from './rows.ts';
import type { ListShape, MapShape, Shape, StructureShape } from './shape.ts';

type Write = (sink: ByteSink, value: never) => void;
type WriteAny = (sink: ByteSink, value: unknown) => void;

const MAJOR_NEGATIVE = 0x20;
const MAJOR_LIST = 0x80;
const MAJOR_MAP = 0xa0;
const TAG_TIME = 0xc1;
const FALSE = 0xf4;
const TRUE = 0xf5;
const DOUBLE = 0xfb;

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

function putInteger(sink: ByteSink, value: number): void {
  if (value < 0) putHead(sink, MAJOR_NEGATIVE, -1 - value);
  else putHead(sink, 0, value);
}

function putDouble(sink: ByteSink, value: number): void {
  makeRoom(sink, 9);
  sink.bytes[sink.length] = DOUBLE;
  sink.length = sink.bytes.writeDoubleBE(value, sink.length + 1);
}

function putBytes(sink: ByteSink, value: Uint8Array): void {
  putHead(sink, MAJOR_BYTES, value.length);
  makeRoom(sink, value.length);
  sink.bytes.set(value, sink.length);
  sink.length += value.length;
}

function listWriter(shape: ListShape): Write {
  const write = writerOf(shape.member);
  const writePacked =
    shape.packed === true ? compileRows(shape.member as StructureShape, writerOf, CBOR_ROWS) : undefined;
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
