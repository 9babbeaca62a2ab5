/**
 * Which records a delivery holds, exactly and in little room: rectangles of positions times numbers within a position. Records of one
 * partition that follow one another are one rectangle, those of many partitions that alternate take about three bytes each.
 *
 * Persisted (`ranges` of a delivery's row), version 1, all numbers as LEB128:
 *
 *     1 · units · for each: bytes of its id · id in UTF-8 · rectangles · for each:
 *         first position, less the first position of the one before · 2 × (last − first position) + 1 unless its only sub is 0
 *         and then: first sub · last − first sub
 */
import { assert } from '../../base/assert.ts';
import type { RecordIdentity } from './delivery-record.ts';

const VERSION = 1;
/** Numbers of a rectangle: first and last position, first and last sub. */
const FIELDS = 4;

/** The rectangles of a unit, by their first position, `FIELDS` numbers each. */
type Rectangles = number[];

export class IdentitySet {
  readonly #units = new Map<string, Rectangles>();
  /** For each rectangle the greatest last position up to it; made when first asked for. */
  readonly #reach = new Map<string, Float64Array>();

  /** False when records of a unit came out of their order: then it has to be united with nothing before it is asked. */
  isOrdered = true;

  /** Records of a unit are added in their order; units may alternate. */
  add(unit: string, position: number, sub: number): void {
    let rectangles = this.#units.get(unit);
    if (rectangles === undefined) this.#units.set(unit, (rectangles = []));
    const at = rectangles.length - FIELDS;
    if (at >= 0) {
      const [first, last, subFirst, subLast] = [
        rectangles[at]!,
        rectangles[at + 1]!,
        rectangles[at + 2]!,
        rectangles[at + 3]!,
      ];
      if (sub === 0 && position === last + 1 && subFirst === 0 && subLast === 0) {
        rectangles[at + 1] = position;
        return;
      }
      if (position === last && first === last && sub === subLast + 1) {
        rectangles[at + 3] = sub;
        return;
      }
      if (position < first || (position === first && sub < subFirst)) this.isOrdered = false;
    }
    rectangles.push(position, position, sub, sub);
  }

  has({ unit, position, sub }: RecordIdentity): boolean {
    const rectangles = this.#units.get(unit);
    if (rectangles === undefined) return false;
    const reach = this.#reachOf(unit, rectangles);
    let low = 0;
    for (let high = reach.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (rectangles[middle * FIELDS]! <= position) low = middle + 1;
      else high = middle;
    }
    for (let index = low - 1; index >= 0 && reach[index]! >= position; index--) {
      const at = index * FIELDS;
      if (rectangles[at + 1]! < position) continue;
      if (rectangles[at + 2]! <= sub && sub <= rectangles[at + 3]!) return true;
    }
    return false;
  }

  units(): Iterable<string> {
    return this.#units.keys();
  }

  /** First and last position of each rectangle of a unit, with its subs. */
  *rectangles(unit: string): Iterable<readonly [number, number, number, number]> {
    const all = this.#units.get(unit) ?? [];
    for (let at = 0; at < all.length; at += FIELDS)
      yield [all[at]!, all[at + 1]!, all[at + 2]!, all[at + 3]!];
  }

  /** Of a unit that it has records of. */
  firstPosition(unit: string): number {
    return this.#units.get(unit)![0]!;
  }

  /** 0 of a unit that it has nothing of. */
  lastPosition(unit: string): number {
    const rectangles = this.#units.get(unit);
    return rectangles === undefined ? 0 : this.#reachOf(unit, rectangles).at(-1)!;
  }

  /** Everything of all of them. */
  static union(sets: readonly IdentitySet[]): IdentitySet {
    const union = new IdentitySet();
    for (const unit of new Set(sets.flatMap((set) => [...set.#units.keys()]))) {
      const all: number[][] = [];
      for (const set of sets) {
        const rectangles = set.#units.get(unit) ?? [];
        for (let at = 0; at < rectangles.length; at += FIELDS) all.push(rectangles.slice(at, at + FIELDS));
      }
      union.#units.set(unit, joined(joined(all, joinSubs), joinPositions).flat());
    }
    return union;
  }

  encode(): Uint8Array {
    const bytes: number[] = [VERSION];
    writeNumber(bytes, this.#units.size);
    for (const [unit, rectangles] of this.#units) {
      const id = Buffer.from(unit);
      writeNumber(bytes, id.length);
      for (const byte of id) bytes.push(byte);
      writeNumber(bytes, rectangles.length / FIELDS);
      let before = 0;
      for (let at = 0; at < rectangles.length; at += FIELDS) {
        const [first, last, subFirst, subLast] = [
          rectangles[at]!,
          rectangles[at + 1]!,
          rectangles[at + 2]!,
          rectangles[at + 3]!,
        ];
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
    return Uint8Array.from(bytes);
  }

  static decode(bytes: Uint8Array): IdentitySet {
    let at = 0;
    const next = (): number => {
      let value = 0;
      for (let weight = 1; ; weight *= 128) {
        const byte = bytes[at++];
        assert(byte !== undefined, 'the ranges of a delivery are whole');
        value += (byte & 0x7f) * weight;
        if (byte < 0x80) return value;
      }
    };
    assert(next() === VERSION, 'the ranges of a delivery have a known version');
    const set = new IdentitySet();
    for (let units = next(); units > 0; units--) {
      const idBytes = next();
      const unit = Buffer.from(bytes.buffer, bytes.byteOffset + at, idBytes).toString();
      at += idBytes;
      const rectangles: Rectangles = [];
      let first = 0;
      for (let count = next(); count > 0; count--) {
        first += next();
        const code = next();
        const last = first + Math.floor(code / 2);
        const subFirst = code % 2 === 1 ? next() : 0;
        rectangles.push(first, last, subFirst, code % 2 === 1 ? subFirst + next() : 0);
      }
      set.#units.set(unit, rectangles);
    }
    return set;
  }

  #reachOf(unit: string, rectangles: Rectangles): Float64Array {
    let reach = this.#reach.get(unit);
    if (reach === undefined || reach.length !== rectangles.length / FIELDS) {
      reach = new Float64Array(rectangles.length / FIELDS);
      let greatest = 0;
      for (let index = 0; index < reach.length; index++) {
        greatest = Math.max(greatest, rectangles[index * FIELDS + 1]!);
        reach[index] = greatest;
      }
      this.#reach.set(unit, reach);
    }
    return reach;
  }
}

/** Rectangles in order, each joined with the one before it where `join` can. */
function joined(
  rectangles: readonly number[][],
  join: (before: number[], next: readonly number[]) => boolean,
): number[][] {
  const sorted = rectangles.toSorted((left, right) => left[0]! - right[0]! || left[2]! - right[2]!);
  const result: number[][] = [];
  for (const next of sorted) {
    const before = result.at(-1);
    if (before === undefined || !join(before, next)) result.push([...next]);
  }
  return result;
}

function joinSubs(before: number[], next: readonly number[]): boolean {
  const isSame = before[0] === next[0] && before[1] === next[1];
  if (!isSame || next[2]! > before[3]! + 1) return false;
  before[3] = Math.max(before[3]!, next[3]!);
  return true;
}

function joinPositions(before: number[], next: readonly number[]): boolean {
  const isSame = before[2] === next[2] && before[3] === next[3];
  if (!isSame || next[0]! > before[1]! + 1) return false;
  before[1] = Math.max(before[1]!, next[1]!);
  return true;
}

function writeNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
