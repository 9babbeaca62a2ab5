/**
 * The records of a delivery as they are kept, in the catalog and in memory: about three bytes a record where partitions alternate, a few bytes where they do
 * not. Persisted (`ranges` of a delivery's row), version 1, all numbers as LEB128:
 *
 *     1 · units · for each: bytes of its id · id in UTF-8 · rectangles · for each:
 *         first position, less the first position of the one before · 2 × (last − first position) + 1 unless its only sub is 0
 *         and then: first sub · last − first sub
 */
import { assert } from '../../base/assert.ts';

const VERSION = 1;

/** First and last position, first and last sub: all records between. In the order of first positions. */
export type Rectangle = readonly [first: number, last: number, subFirst: number, subLast: number];

type Section = {
  /** Where its rectangles begin. */
  readonly at: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
};

export class PackedIdentities {
  readonly bytes: Uint8Array;
  readonly #units = new Map<string, Section>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const reader = new NumberReader(bytes, 0);
    assert(reader.next() === VERSION, 'the ranges of a delivery have a known version');
    for (let units = reader.next(); units > 0; units--) {
      const unit = reader.text(reader.next());
      const count = reader.next();
      const at = reader.at;
      let first = -1;
      let last = 0;
      for (const rectangle of reader.rectangles(count)) {
        if (first < 0) first = rectangle[0];
        last = Math.max(last, rectangle[1]);
      }
      this.#units.set(unit, { at, count, first, last });
    }
  }

  static of(units: ReadonlyMap<string, Iterable<Rectangle>>): PackedIdentities {
    const bytes: number[] = [VERSION];
    writeNumber(bytes, units.size);
    for (const [unit, rectangles] of units) {
      const id = Buffer.from(unit);
      writeNumber(bytes, id.length);
      for (const byte of id) bytes.push(byte);
      const all = [...rectangles];
      writeNumber(bytes, all.length);
      let before = 0;
      for (const [first, last, subFirst, subLast] of all) {
        const hasSubs = subLast !== 0;
        writeNumber(bytes, first - before);
        writeNumber(bytes, (last - first) * 2 + (hasSubs ? 1 : 0));
        if (hasSubs) {
          writeNumber(bytes, subFirst);
          writeNumber(bytes, subLast - subFirst);
        }
        before = first;
      }
    }
    return new PackedIdentities(Uint8Array.from(bytes));
  }

  units(): Iterable<string> {
    return this.#units.keys();
  }

  has(unit: string): boolean {
    return this.#units.has(unit);
  }

  /** Of a unit that it has records of. */
  firstPosition(unit: string): number {
    return this.#units.get(unit)!.first;
  }

  /** 0 of a unit that it has nothing of. */
  lastPosition(unit: string): number {
    return this.#units.get(unit)?.last ?? 0;
  }

  rectangles(unit: string): Iterable<Rectangle> {
    const section = this.#units.get(unit);
    return section === undefined ? [] : new NumberReader(this.bytes, section.at).rectangles(section.count);
  }
}

class NumberReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.#bytes[this.at++];
      assert(byte !== undefined, 'the ranges of a delivery are whole');
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  }

  text(length: number): string {
    const { buffer, byteOffset } = this.#bytes;
    const text = Buffer.from(buffer, byteOffset + this.at, length).toString();
    this.at += length;
    return text;
  }

  *rectangles(count: number): Iterable<Rectangle> {
    let first = 0;
    for (let left = count; left > 0; left--) {
      first += this.next();
      const code = this.next();
      const last = first + Math.floor(code / 2);
      const subFirst = code % 2 === 1 ? this.next() : 0;
      yield [first, last, subFirst, code % 2 === 1 ? subFirst + this.next() : 0];
    }
  }
}

function writeNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
