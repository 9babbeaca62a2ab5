/** Rows in the order of their time. What is further behind than allowed is counted and left out. */
import type { Row } from '../../sql/value.ts';

export class TimeOrder {
  readonly #withinMs: number;
  /** A heap of what waits, by time and then by the order of coming. */
  readonly #waiting: { readonly timeMs: number; readonly number: number; readonly row: Row }[] = [];
  #number = 0;
  #newestMs = -Infinity;
  #givenMs = -Infinity;
  behind = 0;

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  /** Puts into `ready` all the rows that nothing allowed can come before any more. */
  add(timeMs: number, row: Row, ready: Row[]): void {
    if (timeMs < this.#givenMs) {
      this.behind++;
      return;
    }
    if (this.#withinMs === 0) {
      this.#givenMs = timeMs;
      ready.push(row);
      return;
    }
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    // Nothing that still may come is older, so nothing has to wait for more than this.
    if (timeMs < this.#newestMs - this.#withinMs) {
      this.behind++;
      return;
    }
    this.#push({ timeMs, number: this.#number++, row });
    this.#give(this.#newestMs - this.#withinMs, ready);
  }

  /** The rest, once nothing comes any more. */
  end(ready: Row[]): void {
    this.#give(Infinity, ready);
  }

  #give(untilMs: number, ready: Row[]): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.timeMs <= untilMs) {
      const { timeMs, row } = this.#pop();
      this.#givenMs = timeMs;
      ready.push(row);
    }
  }

  #isBefore(left: number, right: number): boolean {
    const a = this.#waiting[left]!;
    const b = this.#waiting[right]!;
    return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.number < b.number);
  }

  #swap(left: number, right: number): void {
    const heap = this.#waiting;
    [heap[left], heap[right]] = [heap[right]!, heap[left]!];
  }

  #push(item: { readonly timeMs: number; readonly number: number; readonly row: Row }): void {
    let at = this.#waiting.push(item) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && this.#isBefore(at, parent); parent = (at - 1) >> 1) {
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): { readonly timeMs: number; readonly row: Row } {
    const heap = this.#waiting;
    this.#swap(0, heap.length - 1);
    const first = heap.pop()!;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return first;
      const least = left + 1 < heap.length && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(least, at)) return first;
      this.#swap(least, at);
      at = least;
    }
  }
}
