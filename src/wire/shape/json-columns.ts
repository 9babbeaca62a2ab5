/**
 * Writes lists in columns as JSON. A page of ten thousand small records is three megabytes of text, so this counts every byte: room is
 * made once for an element, and what is constant is written eight bytes at a time, as numbers that happen to have these
 * bytes (ASCII is never a NaN, which an engine might change). What is written too far is written over by what follows.
 */
import { PAIRS, encodeBase64Range, encodedLength, NATIVE_FROM_CHARS } from './base64.ts';
import { type ByteSink, expectElements, makeRoom, putByte } from './byte-sink.ts';
import { type BytesColumn, type Column, type Packed, hasValue, sourceOf, textAt } from './packed.ts';
import { type Hole, repeatElement } from './repeated-element.ts';
import type { Shape, StructureShape } from './shape.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const BACKSLASH = 0x5c;
const CHUNK = 8;
/** Bytes that may be written past an element's end. */
const SLACK = 2 * CHUNK;
/** A number takes no more. */
const NUMBER_BYTES = 32;

type Constant = { readonly length: number; readonly chunks: Float64Array };

type Member = {
  readonly name: string;
  readonly opening: Constant;
  readonly following: Constant;
  readonly write: (sink: ByteSink, value: unknown) => void;
};

/** With where its last number was written, and how long that is. */
type Present = Member & { readonly column: Column; lastAt: number; lastLength: number };

/** `writerOf` gives what writes one value of a shape, and `putString` writes a text of any kind. */
export function compileColumnsWriter(
  shape: StructureShape,
  writerOf: (shape: Shape) => (sink: ByteSink, value: unknown) => void,
  putString: (sink: ByteSink, value: string) => void,
): (sink: ByteSink, list: Packed<unknown>) => void {
  const members = Object.entries(shape.members).map(([name, member]): Member => ({
    name,
    opening: constant(`{"${name}":`),
    following: constant(`,"${name}":`),
    write: writerOf(member.shape),
  }));
  return (sink, list) => {
    const columns = list.columns as Readonly<Record<string, Column | undefined>>;
    const present = members.flatMap((member): Present[] => {
      const column = columns[member.name];
      return column === undefined ? [] : [{ ...member, column, lastAt: 0, lastLength: 0 }];
    });
    putByte(sink, 0x5b);
    const holes = holesOf(present);
    if (holes !== undefined && list.length > 0) {
      putAlike(sink, list.length, present, holes, putString);
      return;
    }
    for (let index = 0; index < list.length; index++) {
      const start = sink.length;
      makeRoom(sink, roomOf(present, index));
      if (index > 0) sink.bytes[sink.length++] = COMMA;
      putElement(sink, present, index, putString);
      if (index === 0) expectElements(sink, sink.length - start + 1, list.length);
    }
    putByte(sink, CLOSE_LIST);
  };
}

/** Where an element's texts stand when every column is written in place; undefined otherwise. */
function holesOf(present: readonly Present[]): Hole[] | undefined {
  const holes: Hole[] = [];
  let end = 0;
  for (const { column, opening, following } of present) {
    if (column.kind !== 'written') return undefined;
    const offset = end + (end === 0 ? opening : following).length + 1;
    holes.push({ offset, column });
    end = offset + column.bytes + 1;
  }
  return holes.length === 0 ? undefined : holes;
}

/** All elements with a comma behind each; the last one's becomes the bracket. */
function putAlike(
  sink: ByteSink,
  count: number,
  present: readonly Present[],
  holes: readonly Hole[],
  putString: (sink: ByteSink, value: string) => void,
): void {
  const start = sink.length;
  makeRoom(sink, roomOf(present, 0));
  putElement(sink, present, 0, putString);
  putByte(sink, COMMA);
  repeatElement(sink, start, count, holes);
  sink.bytes[sink.length - 1] = CLOSE_LIST;
}

/** The most that the element takes, unless a text has to be escaped. */
function roomOf(present: readonly Present[], index: number): number {
  let room = SLACK + 3;
  for (const { following, column } of present) {
    room += following.length;
    if (column.kind === 'numbers') room += NUMBER_BYTES;
    else if (column.kind === 'written') room += column.bytes + 2;
    else {
      const bytes = column.ends[index]! - column.starts[index]!;
      room += 2 + (column.kind === 'text' ? bytes : encodedLength(bytes));
    }
  }
  return room;
}

function putElement(
  sink: ByteSink,
  present: readonly Present[],
  index: number,
  putString: (sink: ByteSink, value: string) => void,
): void {
  let first = true;
  for (const member of present) {
    const { opening, following, column } = member;
    if (!hasValue(column, index)) continue;
    putChunks(sink, first ? opening : following);
    first = false;
    if (column.kind === 'numbers') putNumber(sink, member, column.values, index);
    else if (column.kind === 'written') {
      const { bytes, view, length } = sink;
      bytes[length] = QUOTE;
      column.write(view, length + 1, index);
      bytes[length + 1 + column.bytes] = QUOTE;
      sink.length = length + column.bytes + 2;
    } else if (column.kind === 'blob') putBlob(sink, column, index);
    else if (!putPlainText(sink, column, index)) {
      putString(sink, textAt(column, index)!);
      // It may have taken more than was reserved.
      makeRoom(sink, roomOf(present, index));
    }
  }
  if (first) sink.bytes[sink.length++] = 0x7b;
  sink.bytes[sink.length++] = 0x7d;
}

/** Records that came together have one time: it is written once and copied. */
function putNumber(sink: ByteSink, member: Present, values: Float64Array, index: number): void {
  const { length: at, view } = sink;
  if (index > 0 && values[index] === values[index - 1]) {
    const { lastAt, lastLength } = member;
    for (let done = 0; done < lastLength; done += CHUNK) {
      view.setFloat64(at + done, view.getFloat64(lastAt + done, true), true);
    }
    sink.length = at + lastLength;
  } else {
    member.write(sink, values[index]);
    member.lastLength = sink.length - at;
  }
  member.lastAt = at;
}

function putChunks(sink: ByteSink, { chunks, length }: Constant): void {
  const { view, length: at } = sink;
  for (let chunk = 0; chunk < chunks.length; chunk++)
    view.setFloat64(at + chunk * CHUNK, chunks[chunk]!, true);
  sink.length = at + length;
}

/** False when a character has to be escaped, or is not ASCII; then nothing was written. */
function putPlainText(sink: ByteSink, column: BytesColumn, index: number): boolean {
  const source = sourceOf(column, index);
  const { bytes, length } = sink;
  const end = column.ends[index]!;
  let at = length + 1;
  for (let from = column.starts[index]!; from < end; from++, at++) {
    const byte = source[from]!;
    if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH) return false;
    bytes[at] = byte;
  }
  bytes[length] = QUOTE;
  bytes[at] = QUOTE;
  sink.length = at + 1;
  return true;
}

function putBlob(sink: ByteSink, column: BytesColumn, index: number): void {
  const start = column.starts[index]!;
  const end = column.ends[index]!;
  const { bytes, view, length } = sink;
  const source = sourceOf(column, index);
  bytes[length] = QUOTE;
  let at = length + 1;
  let from = start;
  if (end - start <= NATIVE_FROM_CHARS) {
    for (const wholeEnd = end - ((end - start) % 3); from < wholeEnd; from += 3, at += 4) {
      const second = source[from + 1]!;
      const left = PAIRS[(source[from]! << 4) | (second >> 4)]!;
      view.setUint32(at, left | (PAIRS[((second & 15) << 8) | source[from + 2]!]! << 16), true);
    }
  }
  encodeBase64Range(source, from, end, bytes, at);
  at += encodedLength(end - from);
  bytes[at] = QUOTE;
  sink.length = at + 1;
}

function constant(text: string): Constant {
  const padded = Buffer.alloc(Math.ceil(text.length / CHUNK) * CHUNK, ' ');
  padded.write(text, 'latin1');
  const chunks = Float64Array.from({ length: padded.length / CHUNK }, (_, index) =>
    padded.readDoubleLE(index * CHUNK),
  );
  return { length: text.length, chunks };
}
