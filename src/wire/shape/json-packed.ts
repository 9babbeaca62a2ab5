/**
 * Reads a list of structures of texts and blobs from JSON into columns. It takes only what clients really send: whole objects of known
 * members, each once, strings without escapes, blobs in plain base64. At anything else it gives up and says so, and the
 * decoder of lists, which knows every rule, reads the list from its beginning.
 */
import { NATIVE_FROM_CHARS, VALUE_OF, decodeBase64Natively, decodeTail, decodedLength } from './base64.ts';
import {
  CLOSE_LIST,
  CLOSE_STRUCTURE,
  COLON,
  COMMA,
  type JsonCursor,
  OPEN_STRUCTURE,
  QUOTE,
} from './json-cursor.ts';
import { type BytesColumn, Packed, bytesColumn } from './packed.ts';
import { DEPTH_MAX, ELEMENTS_MAX } from './serialization.ts';
import type { ListShape, StructureShape } from './shape.ts';

const BACKSLASH = 0x5c;
const GROUP_CHARS = 4;
/** The six bits of a letter in its place among the 24 of a group; negative of what is no letter. */
const [FIRST_OF, SECOND_OF, THIRD_OF, FOURTH_OF] = [18, 12, 6, 0].map((shift) =>
  Int32Array.from(VALUE_OF, (value) => (value > 63 ? -1 : value << shift)),
) as [Int32Array, Int32Array, Int32Array, Int32Array];
/** No list that is packed may be longer than AWS's longest request. */
const ELEMENTS_EXPECTED = 500;

type Member = { readonly name: string; readonly quoted: Buffer; readonly blob: boolean };

/** Reads the list whose bracket is at the cursor; undefined when it is not of the usual form, and then the cursor is where it was. */
export type ReadPacked = (cursor: JsonCursor) => Packed<Record<string, unknown>> | undefined;

export function compilePackedReader(shape: ListShape): ReadPacked {
  const members = Object.entries((shape.member as StructureShape).members).map(([name, member]): Member => ({
    name,
    quoted: Buffer.from(`"${name}"`),
    blob: member.shape.kind === 'blob',
  }));
  const capacity = shape.max ?? ELEMENTS_EXPECTED;
  return (cursor) => {
    if (cursor.depth + 2 > DEPTH_MAX || cursor.elements + 2 * capacity > ELEMENTS_MAX) return undefined;
    const { arenaUsed } = cursor;
    const reader = new PackedReader(cursor, members, capacity);
    const length = reader.read();
    if (length === -1) {
      cursor.arenaUsed = arenaUsed;
      return undefined;
    }
    cursor.at = reader.at;
    cursor.elements += 2 * length;
    const columns: Record<string, BytesColumn> = {};
    members.forEach(({ name }, index) => {
      if (reader.present[index] === true) columns[name] = reader.columns[index]!;
    });
    return new Packed<Record<string, unknown>>(length, columns);
  };
}

class PackedReader {
  readonly columns: readonly BytesColumn[];
  /** Members that any element has. */
  readonly present: boolean[];
  at: number;
  readonly #cursor: JsonCursor;
  readonly #bytes: Buffer;
  readonly #members: readonly Member[];
  readonly #capacity: number;
  readonly #arena: Buffer;
  readonly #arenaView: DataView;
  #arenaUsed: number;

  constructor(cursor: JsonCursor, members: readonly Member[], capacity: number) {
    // What is left of the body bounds all the blobs that may follow.
    const restMax = Math.ceil(((cursor.bytes.length - cursor.at) * 3) / 4) + GROUP_CHARS;
    this.#arenaUsed = arenaRoom(cursor, restMax, restMax);
    this.#arena = cursor.arena!;
    this.#arenaView = new DataView(this.#arena.buffer, this.#arena.byteOffset, this.#arena.length);
    this.#cursor = cursor;
    this.#bytes = cursor.bytes;
    this.#members = members;
    this.#capacity = capacity;
    this.at = cursor.at + 1;
    const sources = { blob: [this.#arena], text: [cursor.bytes] };
    this.columns = members.map(({ blob }) => {
      const kind = blob ? 'blob' : 'text';
      return bytesColumn(kind, sources[kind], capacity);
    });
    this.present = members.map(() => false);
  }

  /** The count of elements; -1 when something is unusual. */
  read(): number {
    let count = 0;
    if (this.#next() === CLOSE_LIST) {
      this.at++;
      return 0;
    }
    for (;;) {
      if (count === this.#capacity || !this.#readElement(count)) return -1;
      count++;
      const byte = this.#next();
      this.at++;
      if (byte === CLOSE_LIST) break;
      if (byte !== COMMA) return -1;
      this.#next();
    }
    this.#cursor.arenaUsed = this.#arenaUsed;
    return count;
  }

  #readElement(index: number): boolean {
    if (this.#bytes[this.at] !== OPEN_STRUCTURE) return false;
    this.at++;
    if (this.#next() === CLOSE_STRUCTURE) {
      this.at++;
      return true;
    }
    for (let guess = 0; ; guess++) {
      const found = this.#findMember(guess);
      if (found === -1) return false;
      const column = this.columns[found]!;
      if (column.starts[index] !== -1 || this.#next() !== COLON) return false;
      this.at++;
      if (this.#next() !== QUOTE) return false;
      this.at++;
      if (!(column.kind === 'blob' ? this.#readBlob(column, index) : this.#readText(column, index)))
        return false;
      this.present[found] = true;
      guess = found;
      const byte = this.#next();
      this.at++;
      if (byte === CLOSE_STRUCTURE) return true;
      if (byte !== COMMA || this.#next() !== QUOTE) return false;
    }
  }

  /** Moves over white space and gives the byte that follows; undefined at the end. */
  #next(): number | undefined {
    const bytes = this.#bytes;
    let byte = bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.at];
    return byte;
  }

  #findMember(guess: number): number {
    const members = this.#members;
    for (let tried = 0; tried < members.length; tried++) {
      const index = (guess + tried) % members.length;
      const { quoted } = members[index]!;
      let letter = 0;
      while (letter < quoted.length && this.#bytes[this.at + letter] === quoted[letter]) letter++;
      if (letter < quoted.length) continue;
      this.at += letter;
      return index;
    }
    return -1;
  }

  #readText(column: BytesColumn, index: number): boolean {
    const bytes = this.#bytes;
    let at = this.at;
    for (;;) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === undefined || byte < 0x20 || byte === BACKSLASH) return false;
      at++;
    }
    column.starts[index] = this.at;
    column.ends[index] = at;
    this.at = at + 1;
    return true;
  }

  /** Short ones are decoded here as they are scanned; a long one by the runtime, which is slow to call and fast to run. */
  #readBlob(column: BytesColumn, index: number): boolean {
    const bytes = this.#bytes;
    const start = this.at;
    let from = start;
    let to = this.#arenaUsed;
    const shortEnd = Math.min(start + NATIVE_FROM_CHARS, bytes.length - GROUP_CHARS);
    while (from < shortEnd) {
      const group =
        FIRST_OF[bytes[from]!]! |
        SECOND_OF[bytes[from + 1]!]! |
        THIRD_OF[bytes[from + 2]!]! |
        FOURTH_OF[bytes[from + 3]!]!;
      if (group < 0) return this.#endBlob(column, index, from, to);
      // Four bytes are written where three are meant: the next group, or the next blob, writes over the last.
      this.#arenaView.setInt32(to, group << 8);
      from += GROUP_CHARS;
      to += 3;
    }
    return this.#readLongBlob(column, index);
  }

  /** The last group with its padding, or nothing but the quote. */
  #endBlob(column: BytesColumn, index: number, from: number, to: number): boolean {
    const end = this.#bytes[from] === QUOTE ? from : from + 4;
    if (this.#bytes[end] !== QUOTE) return false;
    let length = to - this.#arenaUsed;
    if (end !== from) {
      const rest = decodedLength(this.#bytes, from, end);
      if ((rest !== 1 && rest !== 2) || !decodeTail(this.#bytes, from, this.#arena, to, rest)) return false;
      length += rest;
    }
    this.#endAt(column, index, length, end);
    return true;
  }

  #readLongBlob(column: BytesColumn, index: number): boolean {
    const bytes = this.#bytes;
    const start = this.at;
    const end = bytes.indexOf(QUOTE, start);
    if (end === -1) return false;
    const length = decodedLength(bytes, start, end);
    const text = bytes.toString('latin1', start, end);
    if (length === -1 || !decodeBase64Natively(text, bytes, end, this.#arena, this.#arenaUsed, length))
      return false;
    this.#endAt(column, index, length, end);
    return true;
  }

  #endAt(column: BytesColumn, index: number, length: number, end: number): void {
    column.starts[index] = this.#arenaUsed;
    column.ends[index] = this.#arenaUsed += length;
    this.at = end + 1;
  }
}

/** Where `length` bytes may be written in the arena, which is made anew with `wanted` bytes when they do not fit. */
export function arenaRoom(cursor: JsonCursor, length: number, wanted: number): number {
  if (cursor.arena === undefined || cursor.arenaUsed + length > cursor.arena.length) {
    cursor.arena = Buffer.allocUnsafe(wanted);
    cursor.arenaUsed = 0;
  }
  return cursor.arenaUsed;
}
