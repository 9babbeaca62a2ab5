/**
 * The groups of one partition that are in memory, oldest first: added at the end, dropped at the front, searched by position and
 * by time. All operations but the search cost constant time.
 */
import type { RecordColumns } from './record-columns.ts';
import { lastPosition, takeRecords, type ReadAllowance, type RecordGroup } from './record-group.ts';

const COMPACT_AT = 64;

export class GroupQueue {
  #groups: RecordGroup[] = [];
  #head = 0;

  get empty(): boolean {
    return this.#head === this.#groups.length;
  }

  oldest(): RecordGroup | undefined {
    return this.#groups[this.#head];
  }

  push(group: RecordGroup): void {
    this.#groups.push(group);
  }

  dropOldest(): void {
    this.#head++;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#groups.length) {
      this.#groups = this.#groups.slice(this.#head);
      this.#head = 0;
    } else {
      // The slot is cleared at once, so that the group's bytes are free.
      this.#groups[this.#head - 1] = undefined as never;
    }
  }

  /** Adds records after `after` to `into`; false when the allowance ended the read before the newest record. */
  take(after: number, allowance: ReadAllowance, into: RecordColumns): boolean {
    for (let i = this.#firstWhere((group) => lastPosition(group) > after); ; i++) {
      const group = this.#groups[i];
      if (group === undefined) return true;
      if (!takeRecords(group, after, allowance, into)) return false;
    }
  }

  /** The last position with a time before `timeMs`, or 0. */
  positionBefore(timeMs: number): number {
    const i = this.#firstWhere((group) => group.timeMs >= timeMs);
    return i === this.#head ? 0 : lastPosition(this.#groups[i - 1]!);
  }

  /** Index of the first group that the (monotonic) condition holds for. */
  #firstWhere(holds: (group: RecordGroup) => boolean): number {
    let low = this.#head;
    let high = this.#groups.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#groups[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
