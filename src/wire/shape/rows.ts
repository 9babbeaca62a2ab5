/**
 * Writes lists in columns, a row for each element, in either format. A page of ten thousand small records is three megabytes, so
 * this counts every byte. A row begins with its head: the members that are written from numbers, of which most is the same as in the
 * row before and is repeated from there. What follows are members whose bytes lie somewhere; their lengths are known before
 * anything is written, so that each is written by a loop of its own over many rows. Such loops are compiled within the first page, and
 * have nothing to decide.
 */
import { assert } from '../../base/assert.ts';
import { type ByteSink, makeRoom } from './byte-sink.ts';
import {
  type BytesColumn,
  type Column,
  type NumbersColumn,
  type Packed,
  type WrittenColumn,
} from './packed.ts';
import type { Shape, StructureShape } from './shape.ts';

/** A repetition may pass its end by less than this; what follows is written over it. */
const SLACK_BYTES = 16;
/** No number takes more. */
const NUMBER_BYTES = 32;
/** Around a row and its members: what opens and closes it and stands between rows. */
const ROW_BYTES = 3;
const CHUNK_BYTES = 8;
/** Rows whose members are written one after the other: few enough for all of their bytes to be in the processor's cache. */
const BAND_ROWS = 256;

/** How rows and their parts are written. Room is made by whoever calls. */
export type RowFormat = {
  readonly open: number;
  /** `open` takes the place of the first byte of the row's first name; otherwise it stands before that. */
  readonly openReplaces: boolean;
  readonly close: number;
  readonly between: number | undefined;
  /** What stands before a value. */
  readonly name: (name: string, shape: Shape) => Uint8Array;
  /** What stands before and after a written text, but for its name. */
  readonly openText: (sink: ByteSink, bytes: number) => void;
  readonly closeText: (sink: ByteSink) => void;
  /** The most that these take. */
  readonly aroundBytes: number;
  readonly textWriter: (name: Name, column: BytesColumn) => ColumnWriter;
  readonly blobWriter: (name: Name, column: BytesColumn) => ColumnWriter;
  /** Writes at `at` again what was written at `from`, and perhaps up to `SLACK_BYTES` more. */
  readonly repeat: (sink: ByteSink, at: number, from: number, length: number) => void;
};

/** Writes one member of many rows, with its name; nothing in a row that has none. */
export interface ColumnWriter {
  /** Adds to `lengths` what the member takes in each of the first `rows` rows. */
  measure(lengths: Int32Array, rows: number): void;
  /** Writes it in rows from `from` to `to`, each at its place in `ats`, which then is behind it. Not a byte more. */
  put(sink: ByteSink, ats: Int32Array, from: number, to: number): void;
}

/** What stands before each value of a member. */
export type Name = {
  readonly bytes: Uint8Array;
  /** The same in pieces of eight bytes, of which the last one begins in the one before; none of a short name. */
  readonly chunks: Float64Array;
};
type Write = (sink: ByteSink, value: unknown) => void;

/**
 * `writerOf` gives what writes one value of a shape. The members of a head are written first, so a shape has them first too when
 * the order is to be the same.
 */
export function compileRows(
  shape: StructureShape,
  writerOf: (shape: Shape) => Write,
  format: RowFormat,
): (sink: ByteSink, list: Packed<unknown>) => void {
  const members = Object.entries(shape.members).map(([key, member]) => ({
    key,
    name: nameOf(format.name(key, member.shape)),
    write: writerOf(member.shape),
  }));

  return (sink, { columns, length, onWritten, likes }) => {
    const heads = new Heads(format, likes);
    const writers: ColumnWriter[] = [];
    for (const { key, name, write } of members) {
      const column = (columns as Readonly<Record<string, Column | undefined>>)[key];
      if (column === undefined) continue;
      if (column.kind === 'numbers') heads.addNumbers(name, column, write);
      else if (column.kind === 'written') heads.addText(name, column);
      else if (column.kind === 'text') writers.push(format.textWriter(name, column));
      else writers.push(format.blobWriter(name, column));
    }
    writeRows(sink, length, heads, writers, format);
    onWritten?.();
  };
}

// Of the rows that are being written: how long what follows the head is, where the row begins, and where it goes on.
let lengths = new Int32Array(0);
let starts = new Int32Array(0);
let ats = new Int32Array(0);

function writeRows(
  sink: ByteSink,
  rows: number,
  heads: Heads,
  writers: readonly ColumnWriter[],
  { open, openReplaces }: RowFormat,
): void {
  if (lengths.length < rows) {
    lengths = new Int32Array(rows);
    starts = new Int32Array(rows);
    ats = new Int32Array(rows);
  }
  lengths.fill(0, 0, rows);
  for (const writer of writers) writer.measure(lengths, rows);
  let bytes = SLACK_BYTES + rows * (ROW_BYTES + heads.bytesMax);
  for (let row = 0; row < rows; row++) bytes += lengths[row]!;
  makeRoom(sink, bytes);
  for (let from = 0; from < rows; from += BAND_ROWS) {
    const to = Math.min(from + BAND_ROWS, rows);
    heads.put(sink, from, to);
    for (const writer of writers) writer.put(sink, ats, from, to);
    if (openReplaces && heads.bare) for (let row = from; row < to; row++) sink.bytes[starts[row]!] = open;
  }
}

/** Writes the heads of rows, and what opens and closes each row. */
class Heads {
  /** The most that one takes. */
  bytesMax = 0;
  readonly #format: RowFormat;
  readonly #likes: Int32Array | undefined;
  readonly #numbers: NumbersCell[] = [];
  readonly #texts: TextCell[] = [];
  readonly #cells: (NumbersCell | TextCell)[] = [];
  /** Of the row before. */
  #start = 0;
  #length = 0;
  #bare = false;

  constructor(format: RowFormat, likes: Int32Array | undefined) {
    this.#format = format;
    this.#likes = likes;
  }

  addNumbers(name: Name, column: NumbersColumn, write: Write): void {
    assert(this.#likes === undefined, 'rows that are like others have no numbers');
    const cell = new NumbersCell(name, column, write);
    this.#numbers.push(cell);
    this.#cells.push(cell);
    this.bytesMax += name.bytes.length + NUMBER_BYTES;
  }

  addText(name: Name, column: WrittenColumn): void {
    const cell = new TextCell(name, column, this.#format);
    this.#texts.push(cell);
    this.#cells.push(cell);
    this.bytesMax += name.bytes.length + column.bytes + this.#format.aroundBytes;
  }

  /** A row began without a head. */
  get bare(): boolean {
    return this.#bare;
  }

  /** Leaves in each row the room that `lengths` says, at its place in `ats`. */
  put(sink: ByteSink, from: number, to: number): void {
    const { close, between, repeat } = this.#format;
    const { bytes } = sink;
    const texts = this.#texts;
    const likes = this.#likes;
    let at = sink.length;
    let before = this.#start;
    let headLength = this.#length;
    for (let row = from; row < to; row++) {
      if (row > 0 && between !== undefined) bytes[at++] = between;
      const start = at;
      if (headLength > 0 && this.#sameNumbers(row)) {
        const like = likes === undefined ? -1 : likes[row]!;
        repeat(sink, at, like === -1 ? before : starts[like]!, headLength);
        for (let text = 0; text < texts.length; text++) texts[text]!.putAgain(sink, start, row);
        at += headLength;
      } else {
        at = this.#putAnew(sink, start, row);
        headLength = at - start;
      }
      before = start;
      starts[row] = start;
      ats[row] = at;
      at += lengths[row]!;
      // Of a row without members, where `open` has nothing to replace.
      if (at === start) at++;
      bytes[at++] = close;
    }
    sink.length = at;
    this.#start = before;
    this.#length = headLength;
  }

  /** Returns where the head ends. */
  #putAnew(sink: ByteSink, start: number, row: number): number {
    const { open, openReplaces } = this.#format;
    sink.length = start;
    if (!openReplaces) sink.bytes[sink.length++] = open;
    for (const cell of this.#cells) cell.put(sink, start, row);
    if (sink.length === start) this.#bare = true;
    else sink.bytes[start] = open;
    return sink.length;
  }

  /** Whether the numbers are those of the row before. NaN, which stands for no value, is the same as nothing. */
  #sameNumbers(row: number): boolean {
    const numbers = this.#numbers;
    for (let cell = 0; cell < numbers.length; cell++) {
      const { values } = numbers[cell]!;
      if (values[row] !== values[row - 1]) return false;
    }
    return true;
  }
}

class NumbersCell {
  readonly values: Float64Array;
  readonly #name: Name;
  readonly #write: Write;

  constructor(name: Name, { values }: NumbersColumn, write: Write) {
    this.values = values;
    this.#name = name;
    this.#write = write;
  }

  put(sink: ByteSink, _rowStart: number, row: number): void {
    const value = this.values[row]!;
    if (Number.isNaN(value)) return;
    sink.length = putName(sink.view, sink.length, this.#name);
    this.#write(sink, value);
  }
}

class TextCell {
  readonly #column: WrittenColumn;
  readonly #writeNext: WrittenColumn['write'];
  readonly #name: Name;
  readonly #format: RowFormat;
  /** Where the text stood in the last row in which it was not repeated. */
  #offset = 0;

  constructor(name: Name, column: WrittenColumn, format: RowFormat) {
    this.#column = column;
    this.#writeNext = column.writeNext ?? column.write;
    this.#name = name;
    this.#format = format;
  }

  put(sink: ByteSink, rowStart: number, row: number): void {
    const { bytes, write } = this.#column;
    sink.length = putName(sink.view, sink.length, this.#name);
    this.#format.openText(sink, bytes);
    this.#offset = sink.length - rowStart;
    write(sink.view, sink.length, row);
    sink.length += bytes;
    this.#format.closeText(sink);
  }

  /** Into a repetition of the row before, or of the one that this is like. */
  putAgain(sink: ByteSink, rowStart: number, row: number): void {
    this.#writeNext(sink.view, rowStart + this.#offset, row);
  }
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function nameOf(bytes: Uint8Array): Name {
  const { length } = bytes;
  const view = viewOf(bytes);
  const chunks = length < CHUNK_BYTES ? 0 : Math.ceil(length / CHUNK_BYTES);
  return {
    bytes,
    chunks: Float64Array.from({ length: chunks }, (_, chunk) =>
      view.getFloat64(Math.min(chunk * CHUNK_BYTES, length - CHUNK_BYTES), true),
    ),
  };
}

/**
 * Writes what stands before a value; returns where it ends. Eight bytes at a time, as numbers that happen to have them: what is ASCII is
 * never a NaN, which an engine might change.
 */
export function putName(view: DataView, at: number, { bytes, chunks }: Name): number {
  const end = at + bytes.length;
  const last = chunks.length - 1;
  if (last === -1) for (let byte = 0; byte < bytes.length; byte++) view.setUint8(at + byte, bytes[byte]!);
  else view.setFloat64(end - CHUNK_BYTES, chunks[last]!, true);
  for (let chunk = 0; chunk < last; chunk++) view.setFloat64(at + chunk * CHUNK_BYTES, chunks[chunk]!, true);
  return end;
}
