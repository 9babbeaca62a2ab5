/** How rows of columns are written as JSON. This runs for every record that is read, so it works on several bytes at a time. */
import { encodeBase64Range, encodedLength, NATIVE_FROM_CHARS, PAIRS } from './base64.ts';
import type { ByteSink } from './byte-sink.ts';
import { type BytesColumn, sourceOf, textAt } from './packed.ts';
import {
  type Cell,
  type Names,
  type RoomForRows,
  type RowFormat,
  type Views,
  NOTHING,
  putName,
  viewOf,
} from './rows.ts';
import type { Shape } from './shape.ts';

const QUOTE = 0x22;
const CHUNK_BYTES = 8;

type PutString = (sink: ByteSink, value: string) => void;

/** `putString` writes a text of any kind, and makes its room. */
export function jsonRows(putString: PutString): RowFormat {
  const quote = ({ kind }: Shape): string => (kind === 'string' || kind === 'blob' ? '"' : '');
  return {
    open: 0x7b,
    close: 0x7d,
    between: 0x2c,
    first: (name, shape) => Buffer.from(`{"${name}":${quote(shape)}`),
    following: (name, shape) => Buffer.from(`,"${name}":${quote(shape)}`),
    openText: () => {},
    closeText: putQuote,
    aroundBytes: 1,
    blobBytes: encodedLength,
    textCell: (names, column, views, room) => new TextCell(names, column, views, room, putString),
    blobCell: (names, column, views) => new BlobCell(names, column, views),
    repeat,
  };
}

function putQuote(sink: ByteSink): void {
  sink.bytes[sink.length++] = QUOTE;
}

class TextCell implements Cell {
  readonly #names: Names;
  readonly #column: BytesColumn;
  readonly #views: Views;
  readonly #room: RoomForRows;
  readonly #putString: PutString;
  #source: Uint8Array = NOTHING;
  #from = viewOf(NOTHING);

  constructor(names: Names, column: BytesColumn, views: Views, room: RoomForRows, putString: PutString) {
    this.#names = names;
    this.#column = column;
    this.#views = views;
    this.#room = room;
    this.#putString = putString;
  }

  put(sink: ByteSink, index: number, rowStart: number): void {
    const column = this.#column;
    let start = column.starts[index]!;
    if (start === -1) return;
    putName(sink, this.#names, rowStart);
    const source = sourceOf(column, index);
    if (source !== this.#source) {
      this.#source = source;
      this.#from = this.#views.of(source);
    }
    const from = this.#from;
    const end = column.ends[index]!;
    const { bytes, view } = sink;
    let at = sink.length;
    let other = 0;
    for (; start + 4 <= end; start += 4, at += 4) {
      const letters = from.getInt32(start, true);
      other |= beyondPlain(letters);
      view.setInt32(at, letters, true);
    }
    for (; start < end; start++, at++) {
      const letter = source[start]!;
      other |= beyondPlain(letter | SPACES);
      bytes[at] = letter;
    }
    if ((other & HIGH_BITS) === 0) {
      bytes[at] = QUOTE;
      sink.length = at + 1;
    } else this.#putEscaped(sink, index);
  }

  #putEscaped(sink: ByteSink, index: number): void {
    // It brings its own quotes.
    sink.length -= 1;
    const { length } = sink;
    this.#putString(sink, textAt(this.#column, index)!);
    this.#room.makeAfter(length);
  }
}

const HIGH_BITS = 0x8080_8080;
const ONES = 0x0101_0101;
/** Beside a letter that is looked at alone. */
const SPACES = 0x2020_2000;

/** Whether all four letters are printable ASCII, and none is a quote or a backslash. */
export function isPlain(letters: number): boolean {
  return (beyondPlain(letters) & HIGH_BITS) === 0;
}

/** One of the high bits is set unless all four letters are printable ASCII and none is a quote or a backslash. */
function beyondPlain(letters: number): number {
  return (
    letters |
    (letters + ONES) |
    (letters - 0x2020_2020) |
    ((letters ^ 0x2222_2222) - ONES) |
    ((letters ^ 0x5c5c_5c5c) - ONES)
  );
}

class BlobCell implements Cell {
  readonly #names: Names;
  readonly #column: BytesColumn;
  readonly #views: Views;
  #source: Uint8Array = NOTHING;
  #from = viewOf(NOTHING);

  constructor(names: Names, column: BytesColumn, views: Views) {
    this.#names = names;
    this.#column = column;
    this.#views = views;
  }

  put(sink: ByteSink, index: number, rowStart: number): void {
    const column = this.#column;
    let start = column.starts[index]!;
    if (start === -1) return;
    putName(sink, this.#names, rowStart);
    const end = column.ends[index]!;
    const source = sourceOf(column, index);
    const { bytes, view } = sink;
    let at = sink.length;
    if (end - start > NATIVE_FROM_CHARS) {
      encodeBase64Range(source, start, end, bytes, at);
      at += encodedLength(end - start);
    } else {
      if (source !== this.#source) {
        this.#source = source;
        this.#from = this.#views.of(source);
      }
      const from = this.#from;
      // Four bytes are read for three.
      for (const lastStart = end - 4; start <= lastStart; start += 3, at += 4) {
        const bits = from.getInt32(start);
        view.setInt32(at, PAIRS[bits >>> 20]! | (PAIRS[(bits >>> 8) & 0xfff]! << 16), true);
      }
      if (start < end) {
        encodeBase64Range(source, start, end, bytes, at);
        at += 4;
      }
    }
    bytes[at] = QUOTE;
    sink.length = at + 1;
  }
}

/** As numbers that happen to have these bytes: what is ASCII is never a NaN, which an engine might change. */
function repeat(sink: ByteSink, from: number, length: number): void {
  const { view, length: at } = sink;
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    view.setFloat64(at + done, view.getFloat64(from + done, true), true);
  }
  sink.length = at + length;
}
