/** Groups of one partition one after another, wherever in memory each of them is. Whoever has it knows that their slabs are held. */
import { groupFirst, groupLast, groupTimeMs, recordBytesOf } from '../record-group.ts';
import type { Slab } from '../slab.ts';

/** Where groups are, and how many records each has: as columns, because there may be hundreds of thousands. */
export type GroupColumns = {
  readonly slabs: readonly Slab[];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly counts: Int32Array;
};

export class GroupRow {
  readonly #columns: GroupColumns;
  readonly #from: number;
  readonly #to: number;
  /** Encoded. */
  readonly bytes: number;
  /** Bytes of the records themselves. */
  readonly dataBytes: number;
  readonly records: number;

  /** At least one of the groups in the columns. */
  constructor(columns: GroupColumns, from: number, to: number) {
    this.#columns = columns;
    this.#from = from;
    this.#to = to;
    const { starts, ends, counts } = columns;
    let bytes = 0;
    let dataBytes = 0;
    let records = 0;
    for (let i = from; i < to; i++) {
      const encoded = ends[i]! - starts[i]!;
      bytes += encoded;
      dataBytes += recordBytesOf(encoded, counts[i]!);
      records += counts[i]!;
    }
    this.bytes = bytes;
    this.dataBytes = dataBytes;
    this.records = records;
  }

  get first(): number {
    return this.#of(groupFirst, this.#from);
  }

  get firstTimeMs(): number {
    return this.#of(groupTimeMs, this.#from);
  }

  get last(): number {
    return this.#of(groupLast, this.#to - 1);
  }

  get lastTimeMs(): number {
    return this.#of(groupTimeMs, this.#to - 1);
  }

  /** Where each group is. */
  *pieces(): Generator<{ readonly slab: Slab; readonly start: number; readonly end: number }, void, void> {
    const { slabs, starts, ends } = this.#columns;
    for (let i = this.#from; i < this.#to; i++) {
      yield { slab: slabs[i]!, start: starts[i]!, end: ends[i]! };
    }
  }

  /** Those that reach beyond a position; undefined when none does. */
  after(position: number): GroupRow | undefined {
    if (this.first > position) return this;
    for (let i = this.#from; i < this.#to; i++) {
      if (this.#of(groupLast, i) > position) return new GroupRow(this.#columns, i, this.#to);
    }
    return undefined;
  }

  /** In rows of about `bytesMax`, but at least a group. */
  *split(bytesMax: number): Generator<GroupRow, void, void> {
    if (this.bytes <= bytesMax) {
      yield this;
      return;
    }
    const { starts, ends } = this.#columns;
    let from = this.#from;
    let bytes = 0;
    for (let i = from; i < this.#to; i++) {
      const encoded = ends[i]! - starts[i]!;
      if (bytes > 0 && bytes + encoded > bytesMax) {
        yield new GroupRow(this.#columns, from, i);
        from = i;
        bytes = 0;
      }
      bytes += encoded;
    }
    yield new GroupRow(this.#columns, from, this.#to);
  }

  #of(field: (bytes: Uint8Array, start: number) => number, group: number): number {
    return field(this.#columns.slabs[group]!.bytes, this.#columns.starts[group]!);
  }
}
