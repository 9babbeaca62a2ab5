/**
 * One side of a join: its rows that the other side's later rows can still meet, by their keys, in the order in which they came. A row goes when it has
 * left both its own window and the other side's look ahead.
 */
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import { comparable } from './key-map.ts';
import type { Plain, StateChanges } from './operator.ts';
import { Queue } from './state/queue.ts';

/** A row stays as long as one of these lets it. */
export type Stay = {
  /** For this time behind its ROWTIME, its end inside; -Infinity where time does not count. */
  readonly ms: number;
  /** While it is among so many last ones of its side. */
  readonly rows: number;
  /** Until so many rows of the other side have come. */
  readonly otherRows: number;
};

/** A row, its keys, whether it has met one, and how many rows of the other side had come before it. */
type Kept = [row: Row, keys: readonly SqlValue[], hasMet: boolean, othersBefore: number];

/** In rising order; those before `head` are gone. */
type Numbers = { list: number[]; head: number };

export class JoinSide {
  readonly #name: string;
  readonly #stay: Stay;
  readonly #kept = new Queue<Kept & Plain>();
  /** Numbers of kept rows by their keys. A row with a null in its keys is in none. */
  readonly #index = new Map<unknown, Numbers>();
  #isDirty = false;

  constructor(name: string, stay: Stay) {
    this.#name = name;
    this.#stay = stay;
  }

  /** How many rows have come in all. */
  get count(): number {
    return this.#kept.end;
  }

  add(row: Row, keys: readonly SqlValue[], hasMet: boolean, othersBefore: number): void {
    this.#isDirty = true;
    const number = this.#kept.push([row, keys, hasMet, othersBefore] as Kept & Plain);
    this.#enter(keys, number);
  }

  /** Calls back with the numbers of the rows with these keys, in the order in which they came. */
  forEachWith(keys: readonly SqlValue[], take: (number: number) => void): void {
    const key = lookupKey(keys);
    const numbers = key === undefined ? undefined : this.#index.get(key);
    if (numbers === undefined) return;
    const { list } = numbers;
    for (let index = numbers.head; index < list.length; index++) take(list[index] as number);
  }

  rowAt(number: number): Row {
    return this.#kept.at(number)[0];
  }

  hasMet(number: number): void {
    const kept = this.#kept.at(number);
    if (kept[2]) return;
    kept[2] = true;
    this.#kept.mark(number);
    this.#isDirty = true;
  }

  /** The last time at which the first row can meet another one; -Infinity where time does not count, Infinity where there is no row. */
  get firstEndMs(): number {
    if (this.#kept.length === 0) return Infinity;
    return (this.#kept.at(this.#kept.first)[0][ROWTIME_INDEX] as number) + this.#stay.ms;
  }

  /** Whether the first row can meet none that comes at this time or later, with so many rows of the other side before. */
  isFirstGone(timeMs: number, others: number): boolean {
    if (this.#kept.length === 0) return false;
    const [row, , , othersBefore] = this.#kept.at(this.#kept.first);
    return (
      timeMs === Infinity ||
      ((row[ROWTIME_INDEX] as number) + this.#stay.ms < timeMs &&
        this.#kept.length > this.#stay.rows &&
        others - othersBefore >= this.#stay.otherRows)
    );
  }

  /** The row that goes, if it has met none. */
  shift(): Row | undefined {
    this.#isDirty = true;
    const [row, keys, hasMet] = this.#kept.shift();
    const key = lookupKey(keys);
    if (key !== undefined) {
      const numbers = this.#index.get(key) as Numbers;
      if (++numbers.head === numbers.list.length) this.#index.delete(key);
      else if (numbers.head >= 32 && numbers.head * 2 >= numbers.list.length) {
        numbers.list = numbers.list.slice(numbers.head);
        numbers.head = 0;
      }
    }
    return hasMet ? undefined : row;
  }

  get length(): number {
    return this.#kept.length;
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put(this.#name, this.#kept.save(`${this.#name}.`, changes));
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get(this.#name);
    if (state === undefined) return;
    this.#kept.restore(`${this.#name}.`, state, cells);
    for (let number = this.#kept.first; number < this.#kept.end; number++)
      this.#enter(this.#kept.at(number)[1], number);
  }

  #enter(keys: readonly SqlValue[], number: number): void {
    const key = lookupKey(keys);
    if (key === undefined) return;
    const numbers = this.#index.get(key);
    if (numbers === undefined) this.#index.set(key, { list: [number], head: 0 });
    else numbers.list.push(number);
  }
}

/** One value for all keys; undefined where one of them is null, which is equal to nothing. */
export const lookupKey = (keys: readonly SqlValue[]): unknown => {
  if (keys.length === 0) return 0;
  if (keys.includes(null)) return undefined;
  if (keys.length === 1) return comparable(keys[0] as SqlValue);
  return keys
    .map((key) => {
      const text = String(comparable(key));
      return `${text.length}:${text}`;
    })
    .join('');
};
