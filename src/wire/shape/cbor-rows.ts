/** How rows of columns are written as CBOR. */
import { type ByteSink, byteSink, written } from './byte-sink.ts';
import {
  BREAK,
  HEAD_BYTES_MAX,
  headBytes,
  MAJOR_BYTES,
  MAJOR_TEXT,
  OPEN_STRUCTURE,
  putHead,
  putText,
} from './cbor-items.ts';
import { type BytesColumn, sourceOf } from './packed.ts';
import { type ColumnWriter, type Name, type RowFormat, putName, viewOf } from './rows.ts';

export const CBOR_ROWS: RowFormat = {
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
