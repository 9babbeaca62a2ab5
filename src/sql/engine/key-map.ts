/**
 * Finds what belongs to a row's keys (a group, a partition) as GROUP BY compares: null is equal to null. One key is looked up as it is; several are
 * looked up one after the other, since joining them into one text costs more than the second look.
 */
import type { Row, SqlValue } from '../value.ts';

export type KeyOf = (row: Row) => SqlValue;
type Level = Map<unknown, unknown>;

export class KeyMap<T> {
  readonly #keys: readonly KeyOf[];
  readonly #last: KeyOf | undefined;
  #root: Level = new Map();
  /** The only item where there are no keys. */
  #single: T | undefined;
  #size = 0;

  constructor(keys: readonly KeyOf[]) {
    this.#keys = keys;
    this.#last = keys.at(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** Throws the keys' row errors. */
  find(row: Row): T | undefined {
    const last = this.#last;
    if (last === undefined) return this.#single;
    let level: Level | undefined = this.#root;
    for (let index = 0; index < this.#keys.length - 1; index++) {
      level = level.get(comparable((this.#keys[index] as KeyOf)(row))) as Level | undefined;
      if (level === undefined) return undefined;
    }
    return level.get(comparable(last(row))) as T | undefined;
  }

  valuesOf(row: Row): SqlValue[] {
    return this.#keys.map((key) => key(row));
  }

  /** For values that are not there yet. */
  set(values: readonly SqlValue[], item: T): void {
    this.#size++;
    if (this.#last === undefined) {
      this.#single = item;
      return;
    }
    let level = this.#root;
    for (const value of values.slice(0, -1)) {
      const key = comparable(value);
      let next = level.get(key) as Level | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(key, next);
      }
      level = next;
    }
    level.set(comparable(values.at(-1) as SqlValue), item);
  }

  delete(values: readonly SqlValue[]): void {
    this.#size--;
    if (this.#last === undefined) this.#single = undefined;
    else remove(this.#root, values, 0);
  }

  clear(): void {
    this.#size = 0;
    this.#single = undefined;
    this.#root = new Map();
  }
}

const remove = (level: Level, values: readonly SqlValue[], index: number): void => {
  const key = comparable(values[index] as SqlValue);
  if (index < values.length - 1) {
    const next = level.get(key) as Level;
    remove(next, values, index + 1);
    if (next.size > 0) return;
  }
  level.delete(key);
};

/** What a Map compares as SQL compares the value. All values of a key have one type, so the text of bytes cannot be taken for a text. */
export const comparable = (value: SqlValue): unknown =>
  typeof value === 'object' && value !== null ? textOf(value) : value;

const textOf = (value: SqlValue): string => {
  if (value instanceof Uint8Array) return `b${value.toHex()}`;
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value}${String(value)}`;
};
