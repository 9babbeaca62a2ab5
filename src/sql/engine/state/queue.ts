/**
 * Rows that wait, or that a window looks back at: first in, first out, with numbers that count on from the first one ever. A checkpoint writes them
 * in cells of 256, only those to which something was added or marked since the last one; a short queue goes into the state of its owner instead,
 * since ten thousand short queues are the usual case.
 */
import type { Plain, StateChanges } from '../operator.ts';

const ENTRIES_OF_A_CELL = 256;
const ENTRIES_INLINE_MAX = 32;

const CAPACITY_MIN = 8;

export class Queue<T extends Plain> {
  /** A ring: the entry of a number stands at that number modulo its length, which is a power of two. */
  #ring: (T | undefined)[] = Array<T | undefined>(CAPACITY_MIN).fill(undefined);
  #first = 0;
  #end = 0;
  /** Numbers of the cells in the checkpoint: from and up to. Equal where there are none. */
  #keptFrom = 0;
  #keptTo = 0;
  /** No entry from the start of this cell on is as it is in the checkpoint. */
  #dirtyFrom = 0;
  #marked: Set<number> | undefined;

  /** The number of the first entry. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next entry will get. */
  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#end - this.#first;
  }

  push(entry: T): number {
    if (this.#end - this.#first === this.#ring.length) this.#resize(this.#ring.length * 2);
    this.#ring[this.#end & (this.#ring.length - 1)] = entry;
    return this.#end++;
  }

  /** Of a number that is in the queue. */
  at(number: number): T {
    return this.#ring[number & (this.#ring.length - 1)] as T;
  }

  shift(): T {
    const index = this.#first & (this.#ring.length - 1);
    const entry = this.#ring[index] as T;
    this.#ring[index] = undefined;
    this.#first++;
    if (this.#ring.length > 64 && this.length * 8 < this.#ring.length) this.#resize(this.#ring.length / 2);
    return entry;
  }

  /** Something in this entry has changed. */
  mark(number: number): void {
    if (number < this.#dirtyFrom) (this.#marked ??= new Set()).add(Math.floor(number / ENTRIES_OF_A_CELL));
  }

  /** The part that goes into the owner's state; longer queues put cells of their own. */
  save(prefix: string, changes: StateChanges): Plain {
    const { first, end } = this;
    const isInline = this.length <= ENTRIES_INLINE_MAX;
    const from = isInline ? 0 : Math.floor(first / ENTRIES_OF_A_CELL);
    const to = isInline ? 0 : Math.ceil(end / ENTRIES_OF_A_CELL);
    for (let cell = this.#keptFrom; cell < this.#keptTo; cell++)
      if (cell < from || cell >= to) changes.drop(prefix + cell);
    for (let cell = from; cell < to; cell++) {
      const isKept = cell >= this.#keptFrom && cell < this.#keptTo;
      if (isKept && (cell + 1) * ENTRIES_OF_A_CELL <= this.#dirtyFrom && !this.#marked?.has(cell)) continue;
      const start = Math.max(first, cell * ENTRIES_OF_A_CELL);
      changes.put(prefix + cell, [start, this.#slice(start, (cell + 1) * ENTRIES_OF_A_CELL)]);
    }
    this.#keptFrom = from;
    this.#keptTo = to;
    this.#dirtyFrom = isInline ? first : end;
    this.#marked = undefined;
    return isInline ? [first, end, this.#slice(first, end)] : [first, end];
  }

  /** The cells that have to be dropped when the queue goes for good. */
  keptCells(prefix: string): string[] {
    const names: string[] = [];
    for (let cell = this.#keptFrom; cell < this.#keptTo; cell++) names.push(prefix + cell);
    return names;
  }

  restore(prefix: string, state: Plain, cells: ReadonlyMap<string, Plain>): void {
    const [first, end, inline] = state as [number, number, T[]?];
    this.#first = first;
    this.#end = first;
    if (inline !== undefined) for (const entry of inline) this.push(entry);
    else {
      this.#keptFrom = Math.floor(first / ENTRIES_OF_A_CELL);
      this.#keptTo = Math.ceil(end / ENTRIES_OF_A_CELL);
      for (let cell = this.#keptFrom; cell < this.#keptTo; cell++) {
        const [start, entries] = cells.get(prefix + cell) as [number, T[]];
        for (const [offset, entry] of entries.entries())
          if (start + offset >= first && start + offset < end) this.push(entry);
      }
    }
    this.#dirtyFrom = inline === undefined ? end : first;
  }

  #slice(start: number, end: number): T[] {
    const entries: T[] = [];
    for (let number = start; number < Math.min(end, this.#end); number++) entries.push(this.at(number));
    return entries;
  }

  #resize(capacity: number): void {
    const ring = Array<T | undefined>(capacity).fill(undefined);
    for (let number = this.#first; number < this.#end; number++)
      ring[number & (capacity - 1)] = this.at(number);
    this.#ring = ring;
  }
}
