/**
 * TOP_K_ITEMS_TUMBLING: the most frequent items with a bounded number of counters (Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and
 * top-k elements in data streams", 2005). Where there are no more distinct items than counters the counts are exact; else a new item takes the least
 * counter over, with its count, so that a count is too high by that at most and no frequent item is missed.
 */
import type { Plain, StateChanges } from '../engine/operator.ts';
import { Slots, type Cell, type Slotted } from '../engine/state/slots.ts';
import type { SqlValue } from '../value.ts';
import type { Gathering } from './tumbling.ts';

class Counter implements Slotted {
  cell!: Cell;
  slot = 0;
  item: string;
  count: number;
  /** Decides between equal counts: the item that came first stands first. */
  number: number;
  /** In the heap. */
  index = 0;

  constructor(item: string, count: number, number: number) {
    this.item = item;
    this.count = count;
    this.number = number;
  }
}

export class SpaceSaving implements Gathering {
  readonly #k: number;
  readonly #capacity: number;
  readonly #text: (value: SqlValue) => string;
  readonly #counters = new Map<string, Counter>();
  readonly #slots = new Slots<Counter>('c');
  /** The least first. */
  #heap: Counter[] = [];
  #items = 0;

  constructor(k: number, text: (value: SqlValue) => string) {
    this.#k = k;
    this.#capacity = Math.max(1000, k * 4);
    this.#text = text;
  }

  /** Nulls are no items. */
  add(value: SqlValue): void {
    if (value === null) return;
    const item = this.#text(value);
    let counter = this.#counters.get(item);
    if (counter === undefined) {
      if (this.#heap.length < this.#capacity) {
        counter = new Counter(item, 0, this.#items++);
        counter.index = this.#heap.length;
        this.#heap.push(counter);
        this.#slots.add(counter);
        this.#rise(counter);
      } else {
        counter = this.#heap[0] as Counter;
        this.#counters.delete(counter.item);
        counter.item = item;
        counter.number = this.#items++;
      }
      this.#counters.set(item, counter);
    }
    counter.count++;
    counter.cell.isDirty = true;
    this.#sink(counter);
  }

  rows(): readonly (readonly SqlValue[])[] {
    return [...this.#heap]
      .sort((left, right) => right.count - left.count || left.number - right.number)
      .slice(0, this.#k)
      .map(({ item, count }) => [item, count]);
  }

  save(changes: StateChanges): void {
    this.#slots.save(changes, ({ item, count, number }) => [item, count, number]);
    changes.put('items', this.#items);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    this.#items = (cells.get('items') as number | undefined) ?? 0;
    this.#slots.restore(cells, (plain) => {
      const [item, count, number] = plain as [string, number, number];
      const counter = new Counter(item, count, number);
      this.#counters.set(item, counter);
      return counter;
    });
    // Counts and numbers decide the order in a heap alone, so that a sorted array stands for it.
    this.#heap = [...this.#slots].sort((left, right) => (isLess(left, right) ? -1 : 1));
    for (const [index, counter] of this.#heap.entries()) counter.index = index;
  }

  clear(): void {
    this.#counters.clear();
    this.#slots.clear();
    this.#heap = [];
    this.#items = 0;
  }

  #rise(counter: Counter): void {
    let { index } = counter;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent] as Counter;
      if (!isLess(counter, above)) break;
      this.#heap[index] = above;
      above.index = index;
      index = parent;
    }
    this.#heap[index] = counter;
    counter.index = index;
  }

  #sink(counter: Counter): void {
    let { index } = counter;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= this.#heap.length) break;
      if (
        child + 1 < this.#heap.length &&
        isLess(this.#heap[child + 1] as Counter, this.#heap[child] as Counter)
      )
        child++;
      const below = this.#heap[child] as Counter;
      if (!isLess(below, counter)) break;
      this.#heap[index] = below;
      below.index = index;
      index = child;
    }
    this.#heap[index] = counter;
    counter.index = index;
  }
}

/** Of equal counts the older item goes first. */
const isLess = (left: Counter, right: Counter): boolean =>
  left.count < right.count || (left.count === right.count && left.number < right.number);
