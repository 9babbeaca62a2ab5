/** Groups of one partition one after another, wherever in memory each of them is. Whoever has it knows that their slabs are held. */
import { groupCount, groupDataBytes, groupEnd, groupFirst, groupLast, groupTimeMs } from '../record-group.ts';
import type { Slab } from '../slab.ts';

export class GroupRow {
  readonly #slabs: Slab[] = [];
  readonly #starts: number[] = [];
  /** Encoded. */
  bytes = 0;
  /** Bytes of the records themselves. */
  dataBytes = 0;
  records = 0;

  // Of its oldest and its newest group; there is one.

  get first(): number {
    return groupFirst(this.#slabs[0]!.bytes, this.#starts[0]!);
  }

  get firstTimeMs(): number {
    return groupTimeMs(this.#slabs[0]!.bytes, this.#starts[0]!);
  }

  get last(): number {
    return groupLast(this.#slabs.at(-1)!.bytes, this.#starts.at(-1)!);
  }

  get lastTimeMs(): number {
    return groupTimeMs(this.#slabs.at(-1)!.bytes, this.#starts.at(-1)!);
  }

  push(slab: Slab, start: number): void {
    this.#slabs.push(slab);
    this.#starts.push(start);
    this.bytes += groupEnd(slab.bytes, start) - start;
    this.dataBytes += groupDataBytes(slab.bytes, start);
    this.records += groupCount(slab.bytes, start);
  }

  /** Where each group is. */
  *pieces(): Generator<{ readonly slab: Slab; readonly start: number; readonly end: number }, void, void> {
    for (let i = 0; i < this.#starts.length; i++) {
      const slab = this.#slabs[i]!;
      const start = this.#starts[i]!;
      yield { slab, start, end: groupEnd(slab.bytes, start) };
    }
  }

  /** Those that reach beyond a position; undefined when none does. */
  after(position: number): GroupRow | undefined {
    if (this.first > position) return this;
    if (this.last <= position) return undefined;
    const rest = new GroupRow();
    for (const { slab, start } of this.pieces()) {
      if (groupLast(slab.bytes, start) > position) rest.push(slab, start);
    }
    return rest;
  }

  /** In rows of about `bytesMax`, but at least a group. */
  *split(bytesMax: number): Generator<GroupRow, void, void> {
    if (this.bytes <= bytesMax) {
      yield this;
      return;
    }
    let row = new GroupRow();
    for (const { slab, start, end } of this.pieces()) {
      if (row.bytes > 0 && row.bytes + end - start > bytesMax) {
        yield row;
        row = new GroupRow();
      }
      row.push(slab, start);
    }
    yield row;
  }
}
