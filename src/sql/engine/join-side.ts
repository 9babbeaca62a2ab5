/**
 * One side of a join: its rows that the other side's later rows can still meet, by their keys, in the order in which they came. A row goes when it has
 * left both its own window and the other side's look ahead.
 */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import { comparable, type KeyOf } from './key-map.ts';
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

/** One value for all keys of a row; null where one of them is null, which is equal to nothing. */
export type LookupKey = string | number | bigint | boolean | null;

/** A row, its key, whether it has met one, and how many rows of the other side had come before it. */
type Kept = [row: Row, key: LookupKey, hasMet: boolean, othersBefore: number];

/** In rising order; those before `head` are gone. */
type Numbers = { list: number[]; head: number };

export class JoinSide {
  readonly #name: string;
  readonly #stay: Stay;
  readonly #kept = new Queue<Kept & Plain>();
  /** Numbers of kept rows by their keys: mostly there is one. */
  readonly #index = new Map<LookupKey, number | Numbers>();
  /** Up to this time, and with it, no row goes. */
  #restsUntilMs = Infinity;
  #isDirty = false;

  constructor(name: string, stay: Stay) {
    this.#name = name;
    this.#stay = stay;
  }

  /** How many rows have come in all. */
  get count(): number {
    return this.#kept.end;
  }

  add(row: Row, key: LookupKey, hasMet: boolean, othersBefore: number): void {
    this.#isDirty = true;
    const number = this.#kept.push([row, key, hasMet, othersBefore] as Kept & Plain);
    this.#enter(key, number);
    if (this.#kept.length === 1) this.#rest();
  }

  /** Calls back with the numbers of the rows with this key, in the order in which they came. */
  forEachWith(key: LookupKey, take: (number: number) => void): void {
    const numbers = key === null ? undefined : this.#index.get(key);
    if (numbers === undefined) return;
    if (typeof numbers === 'number') {
      take(numbers);
      return;
    }
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
    if (timeMs <= this.#restsUntilMs && timeMs < Infinity) return false;
    if (this.#kept.length === 0) return false;
    const [, , , othersBefore] = this.#kept.at(this.#kept.first);
    return (
      timeMs === Infinity ||
      (this.#kept.length > this.#stay.rows && others - othersBefore >= this.#stay.otherRows)
    );
  }

  /** The row that goes, if it has met none. */
  shift(): Row | undefined {
    this.#isDirty = true;
    const number = this.#kept.first;
    const [row, key, hasMet] = this.#kept.shift();
    if (key !== null) this.#leave(key, number);
    this.#rest();
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
    this.#rest();
  }

  #rest(): void {
    this.#restsUntilMs = this.firstEndMs;
  }

  #enter(key: LookupKey, number: number): void {
    if (key === null) return;
    const numbers = this.#index.get(key);
    if (numbers === undefined) this.#index.set(key, number);
    else if (typeof numbers === 'number') this.#index.set(key, { list: [numbers, number], head: 0 });
    else numbers.list.push(number);
  }

  /** The first of its key. */
  #leave(key: LookupKey, number: number): void {
    const numbers = this.#index.get(key) as number | Numbers;
    if (numbers === number) {
      this.#index.delete(key);
      return;
    }
    const many = numbers as Numbers;
    if (++many.head === many.list.length) this.#index.delete(key);
    else if (many.head >= 32 && many.head * 2 >= many.list.length) {
      many.list = many.list.slice(many.head);
      many.head = 0;
    }
  }
}

/** Throws the keys' row errors. */
export const lookupKey = (keys: readonly KeyOf[], row: Row): LookupKey => {
  const [first] = keys;
  if (first === undefined) return 0;
  if (keys.length === 1) return comparable(first(row)) as LookupKey;
  let joined = '';
  for (const key of keys) {
    const value = key(row);
    if (value === null) return null;
    const text = String(comparable(value));
    joined += `${text.length}:${text}`;
  }
  return joined;
};
