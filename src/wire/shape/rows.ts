/**
 * Writes lists in columns, a row for each element, in either format. A page of ten thousand small records is three megabytes, so
 * this counts every byte: room is made once for the whole list, each column is written by a cell that knows where its bytes are, and
 * what a row has in common with the row before it (the names of its first members, a time, the constant text around a number) is repeated from there.
 */
import { type ByteSink, makeRoom } from './byte-sink.ts';
import {
  type BytesColumn,
  type Column,
  type NumbersColumn,
  type Packed,
  type WrittenColumn,
  hasValue,
} from './packed.ts';
import type { Shape, StructureShape } from './shape.ts';

/** What is written in larger pieces than bytes may pass its end by less than this; what follows is written over it. */
const SLACK_BYTES = 16;
/** No number takes more. */
const NUMBER_BYTES = 32;
const PIECE_BYTES = 4;

/** How rows and their parts are written. Room is made by whoever calls. */
export type RowFormat = {
  /** Begins a row without members. */
  readonly open: number;
  readonly close: number;
  readonly between: number | undefined;
  /** What stands before a value of the first member of its row, and of another. */
  readonly first: (name: string, shape: Shape) => Uint8Array;
  readonly following: (name: string, shape: Shape) => Uint8Array;
  /** What stands before and after a text, but for its name. */
  readonly openText: (sink: ByteSink, bytes: number) => void;
  readonly closeText: (sink: ByteSink) => void;
  /** The most that stands around a text or blob. */
  readonly aroundBytes: number;
  readonly blobBytes: (bytes: number) => number;
  readonly textCell: (names: Names, column: BytesColumn, views: Views, room: RoomForRows) => Cell;
  readonly blobCell: (names: Names, column: BytesColumn, views: Views) => Cell;
  /** Writes again what was written at `from`, and perhaps up to `SLACK_BYTES` more. */
  readonly repeat: (sink: ByteSink, from: number, length: number) => void;
};

/** Writes one member of each row, with its name; nothing when the row has none. */
export interface Cell {
  put(sink: ByteSink, index: number, rowStart: number): void;
}

type Constant = { readonly length: number; readonly pieces: Int32Array };
export type Names = { readonly first: Constant; readonly following: Constant };
type Write = (sink: ByteSink, value: unknown) => void;

/** `writerOf` gives what writes one value of a shape. */
export function compileRows(
  shape: StructureShape,
  writerOf: (shape: Shape) => Write,
  format: RowFormat,
): (sink: ByteSink, list: Packed<unknown>) => void {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    names: {
      first: constant(format.first(name, member.shape)),
      following: constant(format.following(name, member.shape)),
    },
    write: writerOf(member.shape),
  }));

  return (sink, { columns, length, onWritten }) => {
    const views = new Views();
    const room = new RoomForRows(sink);
    const cells: Cell[] = [];
    for (const { name, names, write } of members) {
      const column = (columns as Readonly<Record<string, Column | undefined>>)[name];
      if (column === undefined) continue;
      room.add(format, names, column, length);
      if (column.kind === 'numbers') cells.push(new NumbersCell(names, column, write));
      else if (column.kind === 'written') cells.push(new WrittenCell(names, column, format));
      else if (column.kind === 'text') cells.push(format.textCell(names, column, views, room));
      else cells.push(format.blobCell(names, column, views));
    }
    room.make();
    writeRows(sink, length, cells, format);
    onWritten?.();
  };
}

function writeRows(sink: ByteSink, length: number, cells: readonly Cell[], format: RowFormat): void {
  const { open, close, between, repeat } = format;
  const headEnd = cells.findIndex((cell) => !canRepeat(cell));
  const head = headEnd === -1 ? cells : cells.slice(0, headEnd);
  const rest = headEnd === -1 ? [] : cells.slice(headEnd);
  const numbers = head.filter((cell) => cell instanceof NumbersCell);
  const texts = head.filter((cell) => cell instanceof WrittenCell);
  let before = 0;
  let headLength = 0;
  for (let index = 0; index < length; index++) {
    if (index > 0 && between !== undefined) sink.bytes[sink.length++] = between;
    const start = sink.length;
    if (headLength > 0 && same(numbers, index)) {
      repeat(sink, before, headLength);
      for (let text = 0; text < texts.length; text++) texts[text]!.putAgain(sink, start, index);
    } else {
      for (const cell of head) cell.put(sink, index, start);
      headLength = sink.length - start;
    }
    for (let cell = 0; cell < rest.length; cell++) rest[cell]!.put(sink, index, start);
    if (sink.length === start) sink.bytes[sink.length++] = open;
    sink.bytes[sink.length++] = close;
    before = start;
  }
}

function canRepeat(cell: Cell): boolean {
  return cell instanceof NumbersCell || cell instanceof WrittenCell;
}

/** Whether the numbers are those of the row before. NaN, which stands for no value, is the same as nothing. */
function same(cells: readonly NumbersCell[], index: number): boolean {
  for (let cell = 0; cell < cells.length; cell++) {
    const { values } = cells[cell]!;
    if (values[index] !== values[index - 1]) return false;
  }
  return true;
}

class NumbersCell implements Cell {
  readonly values: Float64Array;
  readonly #names: Names;
  readonly #column: NumbersColumn;
  readonly #write: Write;

  constructor(names: Names, column: NumbersColumn, write: Write) {
    this.values = column.values;
    this.#names = names;
    this.#column = column;
    this.#write = write;
  }

  put(sink: ByteSink, index: number, rowStart: number): void {
    if (!hasValue(this.#column, index)) return;
    putName(sink, this.#names, rowStart);
    this.#write(sink, this.values[index]);
  }
}

class WrittenCell implements Cell {
  readonly #column: WrittenColumn;
  readonly #writeNext: WrittenColumn['write'];
  readonly #names: Names;
  readonly #format: RowFormat;
  /** Where the text stood in the last row in which it was not repeated. */
  #offset = 0;

  constructor(names: Names, column: WrittenColumn, format: RowFormat) {
    this.#column = column;
    this.#writeNext = column.writeNext ?? column.write;
    this.#names = names;
    this.#format = format;
  }

  put(sink: ByteSink, index: number, rowStart: number): void {
    const { bytes, write } = this.#column;
    putName(sink, this.#names, rowStart);
    this.#format.openText(sink, bytes);
    this.#offset = sink.length - rowStart;
    write(sink.view, sink.length, index);
    sink.length += bytes;
    this.#format.closeText(sink);
  }

  /** Into a repetition of the row before. */
  putAgain(sink: ByteSink, rowStart: number, index: number): void {
    this.#writeNext(sink.view, rowStart + this.#offset, index);
  }
}

/** Room for a list, made once; and again when a value took more than it was given. */
export class RoomForRows {
  readonly #sink: ByteSink;
  readonly #start: number;
  #bytes = SLACK_BYTES;
  #excessBytes = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
    this.#start = sink.length;
  }

  add(
    { aroundBytes, blobBytes }: RowFormat,
    { first, following }: Names,
    column: Column,
    rows: number,
  ): void {
    // With what stands between rows, before and after them.
    const around = 3 + Math.max(first.length, following.length) + aroundBytes;
    this.#bytes += rows * around;
    if (column.kind === 'numbers') this.#bytes += rows * NUMBER_BYTES;
    else if (column.kind === 'written') this.#bytes += rows * column.bytes;
    else {
      const { kind, starts, ends } = column;
      for (let index = 0; index < rows; index++) {
        const bytes = ends[index]! - starts[index]!;
        this.#bytes += kind === 'blob' ? blobBytes(bytes) : bytes;
      }
    }
  }

  make(): void {
    const writtenBytes = this.#sink.length - this.#start - this.#excessBytes;
    makeRoom(this.#sink, this.#bytes - writtenBytes);
  }

  /** Makes the room again that was taken by a value that was written last, since `start`. */
  makeAfter(start: number): void {
    this.#excessBytes += this.#sink.length - start;
    this.make();
  }
}

/** Views of the bytes that values lie in. Neighbours mostly lie in the same, and so do the members of a row. */
export class Views {
  #given: Uint8Array = NOTHING;
  #view = viewOf(NOTHING);

  of(given: Uint8Array): DataView {
    if (given !== this.#given) {
      this.#given = given;
      this.#view = viewOf(given);
    }
    return this.#view;
  }
}

export const NOTHING = new Uint8Array(0);

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function constant(bytes: Uint8Array): Constant {
  const padded = Buffer.alloc(Math.ceil(bytes.length / PIECE_BYTES) * PIECE_BYTES);
  padded.set(bytes);
  const pieces = Int32Array.from({ length: padded.length / PIECE_BYTES }, (_, piece) =>
    padded.readInt32LE(piece * PIECE_BYTES),
  );
  return { length: bytes.length, pieces };
}

/** Writes what stands before a value of a row that begins at `rowStart`. */
export function putName(sink: ByteSink, { first, following }: Names, rowStart: number): void {
  const { view, length: at } = sink;
  const { pieces, length } = at === rowStart ? first : following;
  for (let piece = 0; piece < pieces.length; piece++) {
    view.setInt32(at + piece * PIECE_BYTES, pieces[piece]!, true);
  }
  sink.length = at + length;
}
