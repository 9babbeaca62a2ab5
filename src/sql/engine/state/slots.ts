/**
 * Keeps an operator's groups, partitions or windows so that a checkpoint writes only what changed: 64 of them share a cell, and a change to one
 * marks its cell. The slots keep their order, so what is gone through from first to last is gone through in the order in which it came, as long as
 * nothing was deleted.
 */
import type { Plain, StateChanges } from '../operator.ts';

const SLOTS_OF_A_CELL = 64;

export type Cell = { isDirty: boolean; isKept: boolean };

/** What stands in a slot knows its cell, so that marking a change costs one store. */
export type Slotted = { cell: Cell; slot: number };

export class Slots<T extends Slotted> {
  readonly #prefix: string;
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #cells: Cell[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(item: T): void {
    const slot = this.#free.pop() ?? this.#items.length;
    this.#items[slot] = item;
    item.slot = slot;
    item.cell = this.#cellOf(slot);
    item.cell.isDirty = true;
  }

  delete(item: T): void {
    this.#items[item.slot] = undefined;
    this.#free.push(item.slot);
    item.cell.isDirty = true;
  }

  clear(): void {
    this.#items.length = 0;
    this.#free.length = 0;
    for (const cell of this.#cells) cell.isDirty = true;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }

  save(changes: StateChanges, plain: (item: T) => Plain): void {
    for (const [index, cell] of this.#cells.entries()) {
      if (!cell.isDirty) continue;
      cell.isDirty = false;
      const first = index * SLOTS_OF_A_CELL;
      const count = Math.min(SLOTS_OF_A_CELL, Math.max(0, this.#items.length - first));
      let isEmpty = true;
      const states = Array.from({ length: count }, (_, offset) => {
        const item = this.#items[first + offset];
        if (item === undefined) return null;
        isEmpty = false;
        return plain(item);
      });
      if (!isEmpty) changes.put(this.#prefix + index, states);
      else if (cell.isKept) changes.drop(this.#prefix + index);
      cell.isKept = !isEmpty;
    }
  }

  restore(cells: ReadonlyMap<string, Plain>, item: (plain: Plain) => T): void {
    for (const [name, state] of cells) {
      if (!name.startsWith(this.#prefix)) continue;
      const index = Number(name.slice(this.#prefix.length));
      for (const [offset, plain] of (state as readonly Plain[]).entries()) {
        if (plain === null) continue;
        const restored = item(plain);
        restored.slot = index * SLOTS_OF_A_CELL + offset;
        this.#items[restored.slot] = restored;
      }
    }
    for (let slot = this.#items.length - 1; slot >= 0; slot--) {
      const cell = this.#cellOf(slot);
      const restored = this.#items[slot];
      if (restored === undefined) this.#free.push(slot);
      else {
        restored.cell = cell;
        cell.isKept = true;
      }
    }
  }

  #cellOf(slot: number): Cell {
    const index = Math.floor(slot / SLOTS_OF_A_CELL);
    for (let next = this.#cells.length; next <= index; next++)
      this.#cells[next] = { isDirty: false, isKept: false };
    return this.#cells[index] as Cell;
  }
}
