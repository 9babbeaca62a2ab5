/**
 * The groups of one partition that are in memory, oldest first: added at the end, dropped at the front, searched by position and
 * by time. All operations but the search cost constant time, and a group costs two words: all else is read where it is encoded.
 */
import type { RecordColumns } from './record-columns.ts';
import { groupLast, groupTimeMs, takeRecords, type ReadAllowance } from './record-group.ts';
import type { Slab } from './slab.ts';

/** Groups that were dropped, before their places are given up. */
const COMPACT_AT = 64;

export class GroupQueue {
  /** For each group its slab, then where it starts in it: in one list, because with thousands of partitions every list is a wait for memory. */
  #groups: (Slab | number | undefined)[] = [];
  #head = 0;

  get empty(): boolean {
    return this.#head === this.#length;
  }

  get #length(): number {
    return this.#groups.length / 2;
  }

  /** Whoever adds a group holds its slab until it has dropped it. */
  push(slab: Slab, start: number): void {
    this.#groups.push(slab, start);
  }

  /** Where the oldest group is. There is one. */
  oldest(): { readonly slab: Slab; readonly start: number } {
    return { slab: this.#slab(this.#head), start: this.#start(this.#head) };
  }

  dropOldest(): void {
    // The slot is cleared at once, so that the slab is free.
    this.#groups[2 * this.#head++] = undefined;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#length) {
      this.#groups = this.#groups.slice(2 * this.#head);
      this.#head = 0;
    }
  }

  /** Adds records after `after` to `into`; false when the allowance ended the read before the newest record. */
  take(after: number, allowance: ReadAllowance, into: RecordColumns): boolean {
    for (let i = this.#firstAfter(after); i < this.#length; i++) {
      const slab = this.#slab(i);
      into.hold(slab);
      if (!takeRecords(slab.bytes, this.#start(i), after, allowance, into)) return false;
    }
    return true;
  }

  /** The last position with a time before `timeMs`, or 0. */
  positionBefore(timeMs: number): number {
    let low = this.#head;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (groupTimeMs(this.#slab(middle).bytes, this.#start(middle)) >= timeMs) high = middle;
      else low = middle + 1;
    }
    return low === this.#head ? 0 : groupLast(this.#slab(low - 1).bytes, this.#start(low - 1));
  }

  /** Index of the first group with a record after the position. */
  #firstAfter(after: number): number {
    let low = this.#head;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (groupLast(this.#slab(middle).bytes, this.#start(middle)) > after) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #slab(group: number): Slab {
    return this.#groups[2 * group] as Slab;
  }

  #start(group: number): number {
    return this.#groups[2 * group + 1] as number;
  }
}
