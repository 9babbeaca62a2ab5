/**
 * The groups of one partition that are in memory, oldest first: added at the end, dropped at the front, searched by position and
 * by time. All operations but the search cost constant time, and a group costs two words: all else is read where it is encoded.
 */
import type { RecordColumns } from './record-columns.ts';
import { groupLast, groupTimeMs, takeRecords, type ReadAllowance } from './record-group.ts';
import type { Slab } from './slab.ts';

const COMPACT_AT = 64;

export class GroupQueue {
  #slabs: (Slab | undefined)[] = [];
  #starts: number[] = [];
  #head = 0;

  get empty(): boolean {
    return this.#head === this.#starts.length;
  }

  /** Whoever adds a group holds its slab until it has dropped it. */
  push(slab: Slab, start: number): void {
    this.#slabs.push(slab);
    this.#starts.push(start);
  }

  /** Where the oldest group is. There is one. */
  oldest(): { readonly slab: Slab; readonly start: number } {
    return { slab: this.#slabs[this.#head]!, start: this.#starts[this.#head]! };
  }

  dropOldest(): void {
    // The slot is cleared at once, so that the slab is free.
    this.#slabs[this.#head++] = undefined;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#starts.length) {
      this.#slabs = this.#slabs.slice(this.#head);
      this.#starts = this.#starts.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Adds records after `after` to `into`; false when the allowance ended the read before the newest record. */
  take(after: number, allowance: ReadAllowance, into: RecordColumns): boolean {
    for (let i = this.#firstAfter(after); i < this.#starts.length; i++) {
      const slab = this.#slabs[i]!;
      into.hold(slab);
      if (!takeRecords(slab.bytes, this.#starts[i]!, after, allowance, into)) return false;
    }
    return true;
  }

  /** The last position with a time before `timeMs`, or 0. */
  positionBefore(timeMs: number): number {
    let low = this.#head;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (groupTimeMs(this.#slabs[middle]!.bytes, this.#starts[middle]!) >= timeMs) high = middle;
      else low = middle + 1;
    }
    return low === this.#head ? 0 : groupLast(this.#slabs[low - 1]!.bytes, this.#starts[low - 1]!);
  }

  /** Index of the first group with a record after the position. */
  #firstAfter(after: number): number {
    let low = this.#head;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { bytes } = this.#slabs[middle]!;
      const start = this.#starts[middle]!;
      if (groupLast(bytes, start) > after) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
