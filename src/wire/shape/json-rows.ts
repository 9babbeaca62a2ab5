/** How rows of columns are written as JSON. This runs for every record that is read, so it works on several bytes at a time. */
import { encodeBase64Range, encodedLength, NATIVE_FROM_CHARS, PAIRS } from './base64.ts';
import type { ByteSink } from './byte-sink.ts';
import { type BytesColumn, sourceOf, textAt } from './packed.ts';
import { type ColumnWriter, type Name, type RowFormat, putName, viewOf } from './rows.ts';

const QUOTE = 0x22;
const CHUNK_BYTES = 8;
const PAD = 0x3d;
const TWO_PADS = 0x3d3d;
const NO_BYTES = new Uint8Array(0);

export const JSON_ROWS: RowFormat = {
  open: 0x7b,
  openReplaces: true,
  close: 0x7d,
  between: 0x2c,
  name: (name, { kind }) => Buffer.from(`,"${name}":${kind === 'string' || kind === 'blob' ? '"' : ''}`),
  openText: () => {},
  closeText: (sink) => {
    sink.bytes[sink.length++] = QUOTE;
  },
  aroundBytes: 1,
  textWriter: (name, column) => new TextWriter(name, column),
  blobWriter: (name, column) => new BlobWriter(name, column),
  repeat,
};

class TextWriter implements ColumnWriter {
  readonly #name: Name;
  readonly #column: BytesColumn;
  /** The texts of rows that have something to escape, but for the first quote; undefined when none has. */
  #escaped: Map<number, string> | undefined;

  constructor(name: Name, column: BytesColumn) {
    this.#name = name;
    this.#column = column;
  }

  measure(lengths: Int32Array, rows: number): void {
    const { starts, ends } = this.#column;
    const around = this.#name.bytes.length + 1;
    let source: Uint8Array = NO_BYTES;
    let from = viewOf(source);
    for (let row = 0; row < rows; row++) {
      const start = starts[row]!;
      if (start === -1) continue;
      const end = ends[row]!;
      const lying = sourceOf(this.#column, row);
      if (lying !== source) from = viewOf((source = lying));
      lengths[row]! += isPlainText(from, start, end)
        ? around + end - start
        : this.#name.bytes.length + this.#escape(row);
    }
  }

  put({ bytes, view }: ByteSink, ats: Int32Array, first: number, to: number): void {
    const name = this.#name;
    const column = this.#column;
    const { starts, ends } = column;
    const anyEscaped = this.#escaped;
    let source: Uint8Array = NO_BYTES;
    let from = viewOf(source);
    for (let row = first; row < to; row++) {
      let start = starts[row]!;
      if (start === -1) continue;
      const end = ends[row]!;
      let at = putName(view, ats[row]!, name);
      if (anyEscaped !== undefined) {
        const escaped = anyEscaped.get(row);
        if (escaped !== undefined) {
          ats[row] = at + bytes.write(escaped, at, 'utf8');
          continue;
        }
      }
      const lying = sourceOf(column, row);
      if (lying !== source) from = viewOf((source = lying));
      for (; start + CHUNK_BYTES <= end; start += CHUNK_BYTES, at += CHUNK_BYTES) {
        view.setFloat64(at, from.getFloat64(start, true), true);
      }
      for (; start < end; start++, at++) view.setUint8(at, from.getUint8(start));
      view.setUint8(at, QUOTE);
      ats[row] = at + 1;
    }
  }

  /** Keeps what the text of the row is written as; returns its length in bytes. */
  #escape(row: number): number {
    const escaped = JSON.stringify(textAt(this.#column, row)).slice(1);
    this.#escaped ??= new Map();
    this.#escaped.set(row, escaped);
    return Buffer.byteLength(escaped);
  }
}

const HIGH_BITS = 0x8080_8080;
const ONES = 0x0101_0101;
/** Beside a letter that is looked at alone. */
const SPACES = 0x2020_2000;

/** Whether all letters of a text are printable ASCII, and none is a quote or a backslash. */
function isPlainText(from: DataView, start: number, end: number): boolean {
  let other = 0;
  for (; start + 4 <= end; start += 4) other |= beyondPlain(from.getInt32(start, true));
  for (; start < end; start++) other |= beyondPlain(from.getUint8(start) | SPACES);
  return (other & HIGH_BITS) === 0;
}

/** The same of four letters. */
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

class BlobWriter implements ColumnWriter {
  readonly #name: Name;
  readonly #column: BytesColumn;

  constructor(name: Name, column: BytesColumn) {
    this.#name = name;
    this.#column = column;
  }

  measure(lengths: Int32Array, rows: number): void {
    const { starts, ends } = this.#column;
    const around = this.#name.bytes.length + 1;
    for (let row = 0; row < rows; row++) {
      const start = starts[row]!;
      if (start !== -1) lengths[row]! += around + encodedLength(ends[row]! - start);
    }
  }

  put({ bytes, view }: ByteSink, ats: Int32Array, first: number, to: number): void {
    const name = this.#name;
    const column = this.#column;
    const { starts, ends } = column;
    let source: Uint8Array = NO_BYTES;
    let from = viewOf(source);
    for (let row = first; row < to; row++) {
      let start = starts[row]!;
      if (start === -1) continue;
      const end = ends[row]!;
      let at = putName(view, ats[row]!, name);
      const lying = sourceOf(column, row);
      if (end - start > NATIVE_FROM_CHARS) {
        encodeBase64Range(lying, start, end, bytes, at);
        at += encodedLength(end - start);
      } else {
        if (lying !== source) from = viewOf((source = lying));
        // Four bytes are read for three.
        for (const lastStart = end - 4; start <= lastStart; start += 3, at += 4) {
          const bits = from.getInt32(start);
          view.setInt32(at, PAIRS[bits >>> 20]! | (PAIRS[(bits >>> 8) & 0xfff]! << 16), true);
        }
        if (start < end) at = putLastGroup(view, at, from, start, end);
      }
      view.setUint8(at, QUOTE);
      ats[row] = at + 1;
    }
  }
}

/** Of one to three bytes. */
function putLastGroup(view: DataView, at: number, from: DataView, start: number, end: number): number {
  let bits = from.getUint8(start) << 16;
  if (start + 1 < end) bits |= from.getUint8(start + 1) << 8;
  if (start + 2 < end) bits |= from.getUint8(start + 2);
  view.setInt32(at, PAIRS[bits >>> 12]! | (PAIRS[bits & 0xfff]! << 16), true);
  if (start + 1 === end) view.setUint16(at + 2, TWO_PADS);
  else if (start + 2 === end) view.setUint8(at + 3, PAD);
  return at + 4;
}

/** As numbers that happen to have these bytes: what is ASCII is never a NaN, which an engine might change. */
function repeat({ view }: ByteSink, at: number, from: number, length: number): void {
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    view.setFloat64(at + done, view.getFloat64(from + done, true), true);
  }
}
