/**
 * COUNT_DISTINCT_ITEMS_TUMBLING: exact up to 10,000 distinct items, then an estimate by a HyperLogLog of 16,384 registers (standard error 0.8 %). Nulls are
 * no items.
 */
import { comparable } from '../engine/key-map.ts';
import type { Plain, StateChanges } from '../engine/operator.ts';
import { Slots, type Cell, type Slotted } from '../engine/state/slots.ts';
import type { SqlValue } from '../value.ts';
import { HyperLogLog } from './hyper-log-log.ts';
import type { Gathering } from './tumbling.ts';

const EXACT_MAX = 10_000;

class Item implements Slotted {
  cell!: Cell;
  slot = 0;
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

export class DistinctCount implements Gathering {
  readonly #items = new Set<unknown>();
  readonly #slots = new Slots<Item>('i');
  #estimate: HyperLogLog | undefined;
  #hasEstimateCell = false;

  add(value: SqlValue): void {
    if (value === null) return;
    const item = comparable(value);
    if (this.#estimate !== undefined) {
      this.#estimate.add(String(item));
      return;
    }
    if (this.#items.has(item)) return;
    this.#items.add(item);
    this.#slots.add(new Item(item));
    if (this.#items.size <= EXACT_MAX) return;
    this.#estimate = new HyperLogLog();
    for (const known of this.#items) this.#estimate.add(String(known));
    this.#items.clear();
    this.#slots.clear();
  }

  rows(): readonly (readonly SqlValue[])[] {
    return [[this.#estimate === undefined ? this.#items.size : Math.round(this.#estimate.count())]];
  }

  save(changes: StateChanges): void {
    this.#slots.save(changes, ({ value }) => value as Plain);
    if (this.#estimate !== undefined) changes.put('estimate', this.#estimate.save());
    else if (this.#hasEstimateCell) changes.drop('estimate');
    this.#hasEstimateCell = this.#estimate !== undefined;
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const estimate = cells.get('estimate');
    if (estimate !== undefined) {
      this.#estimate = new HyperLogLog();
      this.#estimate.restore(estimate);
      this.#hasEstimateCell = true;
    }
    this.#slots.restore(cells, (value) => {
      this.#items.add(value);
      return new Item(value);
    });
  }

  clear(): void {
    this.#items.clear();
    this.#slots.clear();
    this.#estimate = undefined;
  }
}
