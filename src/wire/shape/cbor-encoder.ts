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
import { type BytesColumn, Packed, sourceOf } from './packed.ts';
import { type ColumnWriter, type Name, type RowFormat, compileRows, putName, viewOf } from './rows.ts';
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

const HEAD_BYTES_MAX = 9;

/** An initial byte with its argument, in the fewest bytes. */
function putHead(sink: ByteSink, major: number, argument: number): void {
  makeRoom(sink, HEAD_BYTES_MAX);
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

/** What `putHead` writes for a length. */
function headBytes(length: number): number {
  if (length < 24) return 1;
  if (length < 0x100) return 2;
  return length < 0x1_0000 ? 3 : 5;
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
  const writePacked =
    shape.packed === true ? compileRows(shape.member as StructureShape, writerOf, ROWS) : undefined;
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

const ROWS: RowFormat = {
  open: OPEN_STRUCTURE,
  openReplaces: false,
  close: BREAK,
  between: undefined,
  name: textBytes,
  openText: (sink, bytes) => putHead(sink, MAJOR_TEXT, bytes),
  closeText: () => {},
  aroundBytes: HEAD_BYTES_MAX,
  textWriter: (name, column) => new BytesWriter(name, column, MAJOR_TEXT),
  blobWriter: (name, column) => new BytesWriter(name, column, MAJOR_BYTES),
  repeat: ({ bytes }, at, from, length) => {
    bytes.copyWithin(at, from, from + length);
  },
};

function textBytes(text: string): Uint8Array {
  const sink = byteSink();
  putText(sink, text);
  return written(sink);
}

/** Shorter values are copied here, four bytes at a time, because a call into the runtime costs more. */
const NATIVE_FROM_BYTES = 64;
const NO_BYTES = new Uint8Array(0);

class BytesWriter implements ColumnWriter {
  readonly #name: Name;
  readonly #column: BytesColumn;
  readonly #major: number;

  constructor(name: Name, column: BytesColumn, major: number) {
    this.#name = name;
    this.#column = column;
    this.#major = major;
  }

  measure(lengths: Int32Array, rows: number): void {
    const { starts, ends } = this.#column;
    for (let row = 0; row < rows; row++) {
      const start = starts[row]!;
      if (start === -1) continue;
      const bytes = ends[row]! - start;
      lengths[row]! += this.#name.bytes.length + headBytes(bytes) + bytes;
    }
  }

  put(sink: ByteSink, ats: Int32Array, first: number, to: number): void {
    const { starts, ends } = this.#column;
    const { bytes, view, length } = sink;
    let source: Uint8Array = NO_BYTES;
    let from = viewOf(source);
    for (let row = first; row < to; row++) {
      let start = starts[row]!;
      if (start === -1) continue;
      const end = ends[row]!;
      sink.length = putName(view, ats[row]!, this.#name);
      putHead(sink, this.#major, end - start);
      let at = sink.length;
      ats[row] = at + end - start;
      const lying = sourceOf(this.#column, row);
      if (end - start > NATIVE_FROM_BYTES) {
        if (Buffer.isBuffer(lying)) lying.copy(bytes, at, start, end);
        else bytes.set(lying.subarray(start, end), at);
        continue;
      }
      if (lying !== source) from = viewOf((source = lying));
      for (; start + 4 <= end; start += 4, at += 4) view.setInt32(at, from.getInt32(start, true), true);
      for (; start < end; start++, at++) view.setUint8(at, from.getUint8(start));
    }
    sink.length = length;
  }
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
