/**
 * Reads a list of structures of texts and byte strings from CBOR into columns, as json-packed.ts does it from JSON: what every client
 * sends is read here, at anything else it gives up and the decoder of lists reads the list from its beginning. The
 * columns point into the body.
 */
import type { CborCursor } from './cbor-cursor.ts';
import { ElementLayout, sameBytes } from './element-layout.ts';
import { type BytesColumn, Packed, bytesColumn } from './packed.ts';
import { DEPTH_MAX, ELEMENTS_MAX } from './serialization.ts';
import type { ListShape, StructureShape } from './shape.ts';

const BREAK = 0xff;
const INDEFINITE_LIST = 0x9f;
const INDEFINITE_MAP = 0xbf;
const MAJOR_BYTES = 2;
const MAJOR_TEXT = 3;
const MAJOR_LIST = 4;
const MAJOR_MAP = 5;
const INDEFINITE = -1;
const UNUSUAL = -2;
/** No list that is packed may be longer than AWS's longest request. */
const ELEMENTS_EXPECTED = 500;

type Member = { readonly name: string; readonly encoded: Uint8Array; readonly major: number };

/** Reads the list at the cursor; undefined when it is not of the usual form, and then the cursor is where it was. */
export type ReadPacked = (cursor: CborCursor) => Packed<Record<string, unknown>> | undefined;

/** `encodedKey` gives a member's name as clients write it. */
export function compilePackedReader(shape: ListShape, encodedKey: (name: string) => Uint8Array): ReadPacked {
  const members = Object.entries((shape.member as StructureShape).members).map(([name, member]): Member => ({
    name,
    encoded: encodedKey(name),
    major: member.shape.kind === 'blob' ? MAJOR_BYTES : MAJOR_TEXT,
  }));
  const capacity = shape.max ?? ELEMENTS_EXPECTED;
  return (cursor) => {
    if (cursor.depth + 2 > DEPTH_MAX || cursor.elements + 2 * capacity > ELEMENTS_MAX) return undefined;
    const reader = new PackedReader(cursor, members, capacity);
    const length = reader.read();
    if (length === UNUSUAL) return undefined;
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
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #members: readonly Member[];
  readonly #capacity: number;
  readonly #last: ElementLayout;
  /** Whether a break ended the last element. */
  #lastEnded = false;

  constructor(cursor: CborCursor, members: readonly Member[], capacity: number) {
    const { buffer, byteOffset, length } = cursor.bytes;
    this.#bytes = cursor.bytes;
    this.#view = new DataView(buffer, byteOffset, length);
    this.#members = members;
    this.#capacity = capacity;
    this.at = cursor.at;
    this.columns = members.map(() => undefined);
    this.#last = new ElementLayout(members.length);
  }

  /** The count of elements, or `UNUSUAL`. */
  read(): number {
    const declared = this.#enter(MAJOR_LIST, INDEFINITE_LIST);
    if (declared === UNUSUAL || declared > this.#capacity) return UNUSUAL;
    let count = 0;
    while (declared === INDEFINITE ? !this.#ended() : count < declared) {
      if (count === this.#capacity) return UNUSUAL;
      if (!this.#readElementAlike(count) && !this.#readElement(count)) return UNUSUAL;
      count++;
    }
    return count;
  }

  #readElement(index: number): boolean {
    const last = this.#last;
    last.beginAt(this.at);
    const declared = this.#enter(MAJOR_MAP, INDEFINITE_MAP);
    if (declared === UNUSUAL) return false;
    for (let done = 0, guess = 0; declared === INDEFINITE ? !this.#ended() : done < declared; done++) {
      const found = this.#findMember(guess);
      if (found === -1) return false;
      const column = this.#columnOf(found);
      const headAt = this.at;
      if (column.starts[index] !== -1 || !this.#readValue(column, index)) return false;
      last.add(found, headAt, this.at);
      guess = found + 1;
    }
    this.#lastEnded = declared === INDEFINITE;
    return true;
  }

  /** Reads an element that is written like the last one but for its values. False, and nothing was read, when it is not. */
  #readElementAlike(index: number): boolean {
    const { at: before } = this;
    const { values, members, gapsAt, gapBytes } = this.#last;
    for (let value = 0; value < values; value++) {
      const alike = sameBytes(this.#view, gapsAt[value]!, this.at, gapBytes[value]!);
      this.at += gapBytes[value]!;
      if (alike && this.#readValue(this.columns[members[value]!]!, index)) continue;
      return this.#unread(index, value, before);
    }
    return values > 0 && (!this.#lastEnded || this.#ended() || this.#unread(index, values, before));
  }

  /** Takes back the first values of an element. */
  #unread(index: number, values: number, before: number): false {
    const { members } = this.#last;
    for (let read = 0; read < values; read++) this.columns[members[read]!]!.starts[index] = -1;
    this.at = before;
    return false;
  }

  #columnOf(member: number): BytesColumn {
    const kind = this.#members[member]!.major === MAJOR_BYTES ? 'blob' : 'text';
    return (this.columns[member] ??= bytesColumn(kind, [this.#bytes], this.#capacity));
  }

  #readValue(column: BytesColumn, index: number): boolean {
    const isText = column.kind === 'text';
    const length = this.#readHead(isText ? MAJOR_TEXT : MAJOR_BYTES);
    if (length < 0) return false;
    const end = this.at + length;
    const bytes = this.#bytes;
    if (end > bytes.length) return false;
    // Text that is not ASCII has to be checked, which the other decoder does.
    if (isText) for (let at = this.at; at < end; at++) if (bytes[at]! > 127) return false;
    column.starts[index] = this.at;
    column.ends[index] = end;
    this.at = end;
    return true;
  }

  /** The length of the list or map that begins here. */
  #enter(major: number, indefinite: number): number {
    if (this.#bytes[this.at] !== indefinite) return this.#readHead(major);
    this.at++;
    return INDEFINITE;
  }

  /** The argument of a definite head of this kind, below 2^32. */
  #readHead(major: number): number {
    const bytes = this.#bytes;
    const first = bytes[this.at];
    if (first === undefined || first >> 5 !== major) return UNUSUAL;
    const info = first & 31;
    const at = this.at + 1;
    if (info < 24) {
      this.at = at;
      return info;
    }
    const width = 1 << (info - 24);
    if (width > 4 || at + width > bytes.length) return UNUSUAL;
    this.at = at + width;
    if (width === 1) return bytes[at]!;
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** Moves over the break that ends an indefinite list or map, if it is next. */
  #ended(): boolean {
    if (this.#bytes[this.at] !== BREAK) return false;
    this.at++;
    return true;
  }

  #findMember(guess: number): number {
    const members = this.#members;
    for (let tried = 0; tried < members.length; tried++) {
      const index = (guess + tried) % members.length;
      const { encoded } = members[index]!;
      let letter = 0;
      while (letter < encoded.length && this.#bytes[this.at + letter] === encoded[letter]) letter++;
      if (letter < encoded.length) continue;
      this.at += letter;
      return index;
    }
    return -1;
  }
}
