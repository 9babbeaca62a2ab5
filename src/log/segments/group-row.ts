/** Groups of one partition one after another, wherever in memory each of them is. Whoever has it knows that their slabs are held. */
import { groupFirst, groupLast, groupTimeMs, recordBytesOf } from '../record-group.ts';
import type { Slab } from '../slab.ts';

export class GroupRow {
  readonly #slabs: Slab[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #counts: number[] = [];
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

  /** Where the group is, and how many records it has. */
  push(slab: Slab, start: number, end: number, count: number): void {
    this.#slabs.push(slab);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#counts.push(count);
    this.bytes += end - start;
    this.dataBytes += recordBytesOf(end - start, count);
    this.records += count;
  }

  /** Where each group is. */
  *pieces(): Generator<GroupPiece, void, void> {
    for (let i = 0; i < this.#starts.length; i++) {
      yield {
        slab: this.#slabs[i]!,
        start: this.#starts[i]!,
        end: this.#ends[i]!,
        count: this.#counts[i]!,
      };
    }
  }

  /** Those that reach beyond a position; undefined when none does. */
  after(position: number): GroupRow | undefined {
    if (this.first > position) return this;
    if (this.last <= position) return undefined;
    const rest = new GroupRow();
    for (const { slab, start, end, count } of this.pieces()) {
      if (groupLast(slab.bytes, start) > position) rest.push(slab, start, end, count);
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
    for (const { slab, start, end, count } of this.pieces()) {
      if (row.bytes > 0 && row.bytes + end - start > bytesMax) {
        yield row;
        row = new GroupRow();
      }
      row.push(slab, start, end, count);
    }
    yield row;
  }
}

type GroupPiece = {
  readonly slab: Slab;
  readonly start: number;
  readonly end: number;
  readonly count: number;
};
