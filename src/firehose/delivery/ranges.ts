/**
 * Which records a delivery holds, exactly and in little room: rectangles of positions times numbers within a position. Records of one
 * partition that follow one another are one rectangle.
 */
import type { RecordIdentity } from './delivery-record.ts';
import { PackedIdentities, type Rectangle } from './packed-identities.ts';

/** Numbers of a rectangle: first and last position, first and last sub. */
const FIELDS = 4;

/** The rectangles of a unit, by their first position, `FIELDS` numbers each. */
type Rectangles = number[];

export class IdentitySet {
  readonly #units = new Map<string, Rectangles>();
  /** For each rectangle the greatest last position up to it; made when first asked for. */
  readonly #reach = new Map<string, Float64Array>();
  #isOrdered = true;
  #rectangleCount = 0;

  get rectangleCount(): number {
    return this.#rectangleCount;
  }

  /** Records of a unit are added in their order as a rule, and packed before anything is asked if not; units may alternate. */
  add(unit: string, position: number, sub: number): void {
    let rectangles = this.#units.get(unit);
    if (rectangles === undefined) this.#units.set(unit, (rectangles = []));
    const at = rectangles.length - FIELDS;
    if (at >= 0) {
      const first = rectangles[at]!;
      const last = rectangles[at + 1]!;
      const subFirst = rectangles[at + 2]!;
      const subLast = rectangles[at + 3]!;
      if (sub === 0 && position === last + 1 && subFirst === 0 && subLast === 0) {
        rectangles[at + 1] = position;
        return;
      }
      if (position === last && first === last && sub === subLast + 1) {
        rectangles[at + 3] = sub;
        return;
      }
      if (position < first || (position === first && sub < subFirst)) this.#isOrdered = false;
    }
    rectangles.push(position, position, sub, sub);
    this.#rectangleCount++;
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

  /** 0 of a unit that it has nothing of. */
  lastPosition(unit: string): number {
    const rectangles = this.#units.get(unit);
    return rectangles === undefined ? 0 : this.#reachOf(unit, rectangles).at(-1)!;
  }

  pack(): PackedIdentities {
    const units = new Map<string, Iterable<Rectangle>>();
    for (const unit of this.#units.keys()) {
      const rectangles = [...this.#rectangles(unit)];
      if (!this.#isOrdered) rectangles.sort((left, right) => left[0] - right[0] || left[2] - right[2]);
      units.set(unit, rectangles);
    }
    return PackedIdentities.of(units);
  }

  /**
   * Everything of all of them. They are gone through side by side and joined as they come, because many partitions together tend to be one run, though
   * each by itself takes much more room than that.
   */
  static union(packed: readonly PackedIdentities[]): IdentitySet {
    const union = new IdentitySet();
    for (const unit of new Set(packed.flatMap((each) => [...each.units()]))) {
      const joined: Rectangles = [];
      for (const rectangle of inOrder(packed.map((each) => each.rectangles(unit)))) join(joined, rectangle);
      union.#units.set(unit, joined);
    }
    return union;
  }

  *#rectangles(unit: string): Iterable<Rectangle> {
    const all = this.#units.get(unit)!;
    for (let at = 0; at < all.length; at += FIELDS)
      yield [all[at]!, all[at + 1]!, all[at + 2]!, all[at + 3]!];
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

/** Merges lists that are in order: a heap of the next of each. */
function* inOrder(lists: readonly Iterable<Rectangle>[]): Iterable<Rectangle> {
  const heap: { rectangle: Rectangle; readonly rest: Iterator<Rectangle> }[] = [];
  const isBefore = (left: number, right: number): boolean => {
    const [one, other] = [heap[left]!.rectangle, heap[right]!.rectangle];
    return one[0] < other[0] || (one[0] === other[0] && one[2] < other[2]);
  };
  const swap = (left: number, right: number): void => {
    [heap[left], heap[right]] = [heap[right]!, heap[left]!];
  };
  const sink = (from: number): void => {
    for (let at = from; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(child, least)) least = child;
      }
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  for (const list of lists) {
    const rest = list[Symbol.iterator]();
    const next = rest.next();
    if (next.done !== true) heap.push({ rectangle: next.value, rest });
  }
  for (let at = heap.length >> 1; at >= 0; at--) sink(at);
  while (heap.length > 0) {
    const top = heap[0]!;
    yield top.rectangle;
    const next = top.rest.next();
    if (next.done === true) {
      swap(0, heap.length - 1);
      heap.pop();
    } else top.rectangle = next.value;
    if (heap.length > 0) sink(0);
  }
}

/** Adds a rectangle to those that are joined already, and joins it with the last of them, and that with the one before, where it can be. */
function join(joined: Rectangles, [first, last, subFirst, subLast]: Rectangle): void {
  const at = joined.length - FIELDS;
  if (at >= 0) {
    const isSameSpan = joined[at] === first && joined[at + 1] === last;
    if (isSameSpan && subFirst <= joined[at + 3]! + 1) {
      joined[at + 3] = Math.max(joined[at + 3]!, subLast);
      joinLast(joined);
      return;
    }
  }
  joined.push(first, last, subFirst, subLast);
  joinLast(joined);
}

/** The last two, when they are of the same subs and meet. */
function joinLast(joined: Rectangles): void {
  const at = joined.length - FIELDS;
  const before = at - FIELDS;
  if (before < 0) return;
  const isSame = joined[before + 2] === joined[at + 2] && joined[before + 3] === joined[at + 3];
  if (!isSame || joined[at]! > joined[before + 1]! + 1) return;
  joined[before + 1] = Math.max(joined[before + 1]!, joined[at + 1]!);
  joined.length = at;
}
