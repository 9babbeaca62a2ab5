/**
 * A list of structures as columns of bytes. A request of 500 records would otherwise be 500 objects with their views and strings, and
 * making and collecting those costs more than everything else that is done with them. A shape asks for it with `packedList`;
 * what such a list holds may come either way, and `unpack` gives the plain way.
 *
 * The bytes belong to the request or the answer: those of an input are good until the operation's handler has settled.
 */

export type BytesColumn = {
  /** Text is UTF-8. */
  readonly kind: 'text' | 'blob';
  /** Where the bytes of each element are; or one source for all. */
  readonly sources: readonly Uint8Array[];
  /** -1 where an element has no such member. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
};

/** Timestamps are milliseconds; NaN where an element has no such member. */
export type NumbersColumn = { readonly kind: 'numbers'; readonly values: Float64Array };

/** Texts of one length, of letters, digits and dashes, that are written only when and where they are needed. Every element has one, and they are written in order. */
export type WrittenColumn = {
  readonly kind: 'written';
  readonly bytes: number;
  /** Writes the text of an element at `target[at]`. */
  readonly write: (target: DataView, at: number, index: number) => void;
  /** Writes it over a copy of the text of the element before it, or of the one that it is like: perhaps less than `write`. */
  readonly writeNext?: (target: DataView, at: number, index: number) => void;
};

export type Column = BytesColumn | NumbersColumn | WrittenColumn;

export class Packed<T> {
  readonly length: number;
  /** A column that is not there is absent of every element. */
  readonly columns: { readonly [K in keyof T]?: Column };
  /** Called when the list was written as part of an answer, and so is not looked at any more. */
  readonly onWritten: (() => void) | undefined;
  /**
   * Of each element an earlier one whose written texts are more like its own than those of the one before; -1 when that is the one
   * before. Only of lists without numbers.
   */
  readonly likes: Int32Array | undefined;

  constructor(
    length: number,
    columns: { readonly [K in keyof T]?: Column },
    onWritten?: () => void,
    likes?: Int32Array,
  ) {
    this.length = length;
    this.columns = columns;
    this.onWritten = onWritten;
    this.likes = likes;
  }
}

export function bytesColumn(
  kind: 'text' | 'blob',
  sources: readonly Uint8Array[],
  length: number,
): BytesColumn {
  return { kind, sources, starts: new Int32Array(length).fill(-1), ends: new Int32Array(length) };
}

/** Where the bytes of an element are. */
export function sourceOf({ sources }: BytesColumn, index: number): Uint8Array {
  return sources.length === 1 ? sources[0]! : sources[index]!;
}

/** One element's text; undefined when it has none. */
export function textAt(column: BytesColumn | undefined, index: number): string | undefined {
  if (column === undefined || column.starts[index] === -1) return undefined;
  const { buffer, byteOffset, length } = sourceOf(column, index);
  return Buffer.from(buffer, byteOffset, length).toString('utf8', column.starts[index], column.ends[index]);
}

/** The list as objects. Blobs are views of the same bytes. */
export function unpack<T>(list: readonly T[] | Packed<T>): readonly T[] {
  if (!(list instanceof Packed)) return list;
  const columns = Object.entries<Column | undefined>(list.columns);
  return Array.from({ length: list.length }, (_, index) => {
    const element: Record<string, unknown> = {};
    for (const [name, column] of columns) {
      const value = column === undefined ? undefined : valueAt(column, index);
      if (value !== undefined) element[name] = value;
    }
    return element as T;
  });
}

function valueAt(column: Column, index: number): string | Uint8Array | number | undefined {
  if (column.kind === 'numbers') return Number.isNaN(column.values[index]) ? undefined : column.values[index];
  if (column.kind === 'written') {
    const text = Buffer.alloc(column.bytes);
    column.write(new DataView(text.buffer, text.byteOffset, text.length), 0, index);
    return text.toString('latin1');
  }
  if (column.kind === 'text') return textAt(column, index);
  if (column.starts[index] === -1) return undefined;
  return sourceOf(column, index).subarray(column.starts[index], column.ends[index]);
}
