/** What one log got in one commit: groups in slabs, as columns, because there may be one for every partition of every request. */
import { copyBytes } from '../../base/copy-bytes.ts';
import type { Append } from '../append.ts';
import { groupCount, groupEnd, groupFirst, recordBytesOf } from '../record-group.ts';
import type { Slab, Slabs } from '../slab.ts';
import type { LogPartition, LogState } from './log-state.ts';

/** What a group costs beside its bytes: its places in the lists of its batch and of its partition. */
const GROUP_OVERHEAD_BYTES = 64;

export class TailBatch {
  readonly sequence: number;
  readonly log: LogState;
  // Group i is of `partitions[i]`, lies from `starts[i]` to `ends[i]` of `slabs[i]`, and has `counts[i]` records, the last of them at the
  // position `lasts[i]`. It says so itself, but whoever writes segments or lets go of groups would wait for memory at every one.
  readonly partitions: LogPartition[] = [];
  readonly slabs: Slab[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly counts: number[] = [];
  readonly lasts: number[] = [];
  /** All groups in their order, in as few pieces as slabs allow. */
  readonly pieces: SlabPiece[] = [];
  /** Bytes of the records themselves. */
  recordBytes = 0;
  /** Of the groups. */
  encodedBytes = 0;

  constructor(sequence: number, log: LogState) {
    this.sequence = sequence;
    this.log = log;
  }

  /** Memory that it takes. */
  get cost(): number {
    return this.encodedBytes + this.starts.length * GROUP_OVERHEAD_BYTES;
  }

  /** Copies an append's groups, and gives their positions. */
  addAppend(append: Append, partitions: readonly LogPartition[], slabs: Slabs): void {
    for (let from = 0; from < append.groups;) {
      const startAt = append.startOf(from);
      const slab = slabs.withRoom(append.endOf(from) - startAt);
      let to = append.groups;
      while (append.endOf(to - 1) - startAt > slab.room) to--;
      const endAt = append.endOf(to - 1);
      const moved = this.#makePiece(slab, endAt - startAt) - startAt;
      append.bytes.copy(slab.bytes, startAt + moved, startAt, endAt);
      for (; from < to; from++) {
        const count = append.counts[from]!;
        if (count === 0) continue;
        const partition = partitions[from]!;
        const start = append.startOf(from) + moved;
        append.giveFirst(from, partition.next, slab.bytes, start);
        partition.next += count;
        this.#addGroup(partition, slab, start, append.endOf(from) + moved, count, partition.next - 1);
      }
    }
  }

  /** Copies a group that has its positions. */
  addGroup(partition: LogPartition, bytes: Uint8Array, at: number, slabs: Slabs): void {
    const end = groupEnd(bytes, at);
    const slab = slabs.withRoom(end - at);
    const start = this.#makePiece(slab, end - at);
    copyBytes(bytes, at, end, slab.bytes, start);
    const count = groupCount(bytes, at);
    this.#addGroup(partition, slab, start, slab.used, count, groupFirst(bytes, at) + count - 1);
  }

  /** All groups in their order, end to end. */
  plain(): Uint8Array[] {
    return this.pieces.map(({ slab, start, end }) => slab.bytes.subarray(start, end));
  }

  /** For someone else too, who looks at it after it may have left the tail. */
  hold(): void {
    for (const { slab } of this.pieces) slab.hold();
  }

  /** It has left the tail, or its commit failed, or who held it is done. */
  letGo(): void {
    for (const { slab } of this.pieces) slab.letGo();
  }

  /** Takes room of a slab, and holds it; gives where the room begins. */
  #makePiece(slab: Slab, bytes: number): number {
    const start = slab.used;
    slab.used += bytes;
    this.encodedBytes += bytes;
    const newest = this.pieces.at(-1);
    if (newest?.slab === slab && newest.end === start) {
      newest.end = slab.used;
    } else {
      slab.hold();
      this.pieces.push({ slab, start, end: slab.used });
    }
    return start;
  }

  #addGroup(
    partition: LogPartition,
    slab: Slab,
    start: number,
    end: number,
    count: number,
    last: number,
  ): void {
    this.partitions.push(partition);
    this.slabs.push(slab);
    this.starts.push(start);
    this.ends.push(end);
    this.counts.push(count);
    this.lasts.push(last);
    this.recordBytes += recordBytesOf(end - start, count);
  }
}

export type SlabPiece = { readonly slab: Slab; readonly start: number; end: number };
