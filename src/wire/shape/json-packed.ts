/**
 * Reads a list of structures of texts and blobs from JSON into columns. It takes only what clients really send: whole objects of known
 * members, each once, strings without escapes, blobs in plain base64. At anything else it gives up and says so, and the
 * decoder of lists, which knows every rule, reads the list from its beginning.
 */
import { decodeGroups, decodeTail, decodedLength } from './base64.ts';
import { Base64Window } from './base64-window.ts';
import { ElementLayout, sameBytes } from './element-layout.ts';
import {
  CLOSE_LIST,
  CLOSE_STRUCTURE,
  COLON,
  COMMA,
  type JsonCursor,
  OPEN_STRUCTURE,
  QUOTE,
} from './json-cursor.ts';
import { isPlain } from './json-rows.ts';
import { type BytesColumn, Packed, bytesColumn } from './packed.ts';
import { DEPTH_MAX, ELEMENTS_MAX } from './serialization.ts';
import type { ListShape, StructureShape } from './shape.ts';

const BACKSLASH = 0x5c;
const GROUP_CHARS = 4;
/** Blobs of more letters are left to the runtime, which is slow to call and fast to run. */
const SHORT_CHARS = 384;
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
      const column = reader.columns[index];
      if (column !== undefined) columns[name] = column;
    });
    return new Packed<Record<string, unknown>>(length, columns);
  };
}

class PackedReader {
  /** Of the members that any element has. */
  readonly columns: (BytesColumn | undefined)[];
  at: number;
  readonly #cursor: JsonCursor;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #members: readonly Member[];
  readonly #capacity: number;
  readonly #arena: Buffer;
  readonly #arenaView: DataView;
  #arenaUsed: number;
  readonly #last: ElementLayout;
  readonly #longBlobs: Base64Window;
  /** Letters of the last long blob; 0 when the last one was short. */
  #longChars = 0;

  constructor(cursor: JsonCursor, members: readonly Member[], capacity: number) {
    const { bytes } = cursor;
    // What is left of the body bounds all the blobs that may follow.
    const restMax = Math.ceil(((bytes.length - cursor.at) * 3) / 4) + GROUP_CHARS;
    this.#arenaUsed = arenaRoom(cursor, restMax, restMax);
    this.#arena = cursor.arena!;
    this.#arenaView = viewOf(this.#arena);
    this.#cursor = cursor;
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#members = members;
    this.#capacity = capacity;
    this.at = cursor.at + 1;
    this.columns = members.map(() => undefined);
    this.#last = new ElementLayout(members.length);
    this.#longBlobs = new Base64Window(bytes);
  }

  /** The count of elements; -1 when something is unusual. */
  read(): number {
    let count = 0;
    if (this.#next() === CLOSE_LIST) {
      this.at++;
      return 0;
    }
    for (;;) {
      if (count === this.#capacity || !this.#beginElement(count)) return -1;
      count = this.#readAlike(count + 1);
      if (!this.#readMembers(count - 1)) return -1;
      this.at++;
      const byte = this.#next();
      this.at++;
      if (byte === CLOSE_LIST) break;
      if (byte !== COMMA) return -1;
      this.#next();
    }
    this.#cursor.arenaUsed = this.#arenaUsed;
    return count;
  }

  /** Reads an element up to the brace that closes it. */
  #beginElement(index: number): boolean {
    if (this.#bytes[this.at] !== OPEN_STRUCTURE) return false;
    this.at++;
    this.#last.begin();
    return this.#next() === CLOSE_STRUCTURE || (this.#readMember(index) && this.#readMembers(index));
  }

  /** Reads the members that follow a value, each after a comma, up to the brace. */
  #readMembers(index: number): boolean {
    for (;;) {
      const byte = this.#next();
      if (byte === CLOSE_STRUCTURE) return true;
      if (byte !== COMMA) return false;
      this.at++;
      if (this.#next() !== QUOTE || !this.#readMember(index)) return false;
    }
  }

  #readMember(index: number): boolean {
    const found = this.#findMember(this.#last.following);
    if (found === -1) return false;
    const column = this.#columnOf(found);
    if (column.starts[index] !== -1 || this.#next() !== COLON) return false;
    this.at++;
    if (this.#next() !== QUOTE) return false;
    const start = ++this.at;
    if (!this.#readValue(column, index)) return false;
    this.#last.add(found, start, this.at - 1);
    return true;
  }

  /**
   * Reads elements that are written like the last one but for their values, and gives how many there are now. The last of them may go on
   * with further members: it is left where its last value ends.
   */
  #readAlike(from: number): number {
    const last = this.#last;
    if (!last.repeats) return from;
    let count = from;
    this.at = last.end + 1;
    while (count < this.#capacity && this.#readElementAlike(count)) count++;
    last.end = this.at - 1;
    return count;
  }

  /** False, and nothing was read, when it is written in another way. */
  #readElementAlike(index: number): boolean {
    const { at: before } = this;
    const arenaUsed = this.#arenaUsed;
    const { values, members, gapsAt, gapBytes } = this.#last;
    for (let value = 0; value < values; value++) {
      const gap = this.at - 1;
      const alike = sameBytes(this.#view, gapsAt[value]!, gap, gapBytes[value]!);
      this.at = gap + gapBytes[value]!;
      if (alike && this.#readValue(this.columns[members[value]!]!, index)) continue;
      for (let read = 0; read < value; read++) this.columns[members[read]!]!.starts[index] = -1;
      this.at = before;
      this.#arenaUsed = arenaUsed;
      return false;
    }
    return true;
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

  #columnOf(member: number): BytesColumn {
    const kind = this.#members[member]!.blob ? 'blob' : 'text';
    const source = kind === 'blob' ? this.#arena : this.#bytes;
    return (this.columns[member] ??= bytesColumn(kind, [source], this.#capacity));
  }

  /** Reads a value from behind its opening quote. */
  #readValue(column: BytesColumn, index: number): boolean {
    if (column.kind === 'text') return this.#readText(column, index);
    // Who sends one long blob sends others.
    return this.#longChars === 0 ? this.#readBlob(column, index) : this.#readLongBlob(column, index);
  }

  #readText(column: BytesColumn, index: number): boolean {
    const bytes = this.#bytes;
    const start = this.at;
    let at = start;
    while (at <= bytes.length - 4 && isPlain(this.#view.getInt32(at))) at += 4;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte < 0x20 || byte === BACKSLASH) return false;
      if (byte !== QUOTE) continue;
      column.starts[index] = start;
      column.ends[index] = at;
      this.at = at + 1;
      return true;
    }
    return false;
  }

  /** A short one is decoded as it is scanned. */
  #readBlob(column: BytesColumn, index: number): boolean {
    const bytes = this.#bytes;
    const start = this.at;
    const used = this.#arenaUsed;
    const shortEnd = Math.min(start + SHORT_CHARS, bytes.length - GROUP_CHARS);
    const from = decodeGroups(this.#view, start, shortEnd, this.#arenaView, used);
    if (from >= shortEnd) return this.#readLongBlob(column, index);
    // The last group with its padding, or nothing but the quote.
    const end = bytes[from] === QUOTE ? from : from + GROUP_CHARS;
    if (bytes[end] !== QUOTE) return false;
    let length = ((from - start) >> 2) * 3;
    if (end !== from) {
      const rest = decodedLength(bytes, from, end);
      if ((rest !== 1 && rest !== 2) || !decodeTail(bytes, from, this.#arena, used + length, rest))
        return false;
      length += rest;
    }
    this.#endBlob(column, index, length, end);
    return true;
  }

  /** One of any length. */
  #readLongBlob(column: BytesColumn, index: number): boolean {
    const bytes = this.#bytes;
    const likelyEnd = this.at + this.#longChars;
    if (bytes[likelyEnd] === QUOTE && this.#decodeLongBlob(column, index, likelyEnd)) return true;
    const end = bytes.indexOf(QUOTE, this.at);
    return end !== -1 && this.#decodeLongBlob(column, index, end);
  }

  #decodeLongBlob(column: BytesColumn, index: number, end: number): boolean {
    const { at } = this;
    const length = decodedLength(this.#bytes, at, end);
    if (length === -1 || !this.#longBlobs.decode(at, end, this.#arena, this.#arenaUsed, length)) return false;
    this.#longChars = end - at > SHORT_CHARS ? end - at : 0;
    this.#endBlob(column, index, length, end);
    return true;
  }

  #endBlob(column: BytesColumn, index: number, length: number, end: number): void {
    column.starts[index] = this.#arenaUsed;
    column.ends[index] = this.#arenaUsed += length;
    this.at = end + 1;
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Where `length` bytes may be written in the arena, which is made anew with `wanted` bytes when they do not fit. */
export function arenaRoom(cursor: JsonCursor, length: number, wanted: number): number {
  if (cursor.arena === undefined || cursor.arenaUsed + length > cursor.arena.length) {
    cursor.arena = Buffer.allocUnsafe(wanted);
    cursor.arenaUsed = 0;
  }
  return cursor.arenaUsed;
}
