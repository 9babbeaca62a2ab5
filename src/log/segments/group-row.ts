/** Groups of one partition one after another, wherever in memory each of them is. */
import { groupEnd, groupLast, groupTimeMs } from '../record-group.ts';
import type { Slab } from '../slab.ts';

export class GroupRow {
  readonly slabs: Slab[] = [];
  readonly starts: number[] = [];

  get length(): number {
    return this.starts.length;
  }

  /** The newest position. There is a group. */
  get last(): number {
    return groupLast(this.slabs.at(-1)!.bytes, this.starts.at(-1)!);
  }

  get lastTimeMs(): number {
    return groupTimeMs(this.slabs.at(-1)!.bytes, this.starts.at(-1)!);
  }

  push(slab: Slab, start: number): void {
    this.slabs.push(slab);
    this.starts.push(start);
  }

  bytesOf(group: number): number {
    return groupEnd(this.slabs[group]!.bytes, this.starts[group]!) - this.starts[group]!;
  }

  /** Those that reach beyond a position; undefined when none does. */
  after(position: number): GroupRow | undefined {
    const from = this.starts.findIndex((start, i) => groupLast(this.slabs[i]!.bytes, start) > position);
    if (from === 0) return this;
    return from === -1 ? undefined : this.slice(from, this.length);
  }

  slice(from: number, to: number): GroupRow {
    const row = new GroupRow();
    for (let i = from; i < to; i++) row.push(this.slabs[i]!, this.starts[i]!);
    return row;
  }

  /** In rows of about `bytesMax`, but at least a group. */
  *split(bytesMax: number): Generator<GroupRow, void, void> {
    let from = 0;
    let bytes = 0;
    for (let i = 0; i < this.length; i++) {
      const size = this.bytesOf(i);
      if (i > from && bytes + size > bytesMax) {
        yield this.slice(from, i);
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    yield this.slice(from, this.length);
  }
}
