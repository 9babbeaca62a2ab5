/** Which of many deliveries a record belongs to: all their ranges in one order, so that a record is looked up once. */
import type { RecordIdentity } from './delivery-record.ts';
import type { PackedIdentities } from './packed-identities.ts';

type Range<T> = {
  readonly first: number;
  readonly last: number;
  readonly subFirst: number;
  readonly subLast: number;
  readonly owner: T;
};

export class IdentityIndex<T> {
  readonly #units = new Map<string, { readonly ranges: readonly Range<T>[]; readonly reach: Float64Array }>();

  constructor(entries: Iterable<readonly [PackedIdentities, T]>) {
    const units = new Map<string, Range<T>[]>();
    for (const [set, owner] of entries) {
      for (const unit of set.units()) {
        let ranges = units.get(unit);
        if (ranges === undefined) units.set(unit, (ranges = []));
        for (const [first, last, subFirst, subLast] of set.rectangles(unit)) {
          ranges.push({ first, last, subFirst, subLast, owner });
        }
      }
    }
    for (const [unit, ranges] of units) {
      ranges.sort((left, right) => left.first - right.first);
      let greatest = 0;
      const reach = Float64Array.from(ranges, ({ last }) => (greatest = Math.max(greatest, last)));
      this.#units.set(unit, { ranges, reach });
    }
  }

  /** The last position of the unit that anybody has; 0 without one. */
  lastPosition(unit: string): number {
    return this.#units.get(unit)?.reach.at(-1) ?? 0;
  }

  /** The owner that `accepts`, among those that have the record. */
  find({ unit, position, sub }: RecordIdentity, accepts: (owner: T) => boolean): T | undefined {
    const of = this.#units.get(unit);
    if (of === undefined) return undefined;
    const { ranges, reach } = of;
    let low = 0;
    for (let high = ranges.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (ranges[middle]!.first <= position) low = middle + 1;
      else high = middle;
    }
    for (let index = low - 1; index >= 0 && reach[index]! >= position; index--) {
      const range = ranges[index]!;
      const has = range.last >= position && range.subFirst <= sub && sub <= range.subLast;
      if (has && accepts(range.owner)) return range.owner;
    }
    return undefined;
  }
}
