/**
 * The newest records, in memory. What is in no segment yet is always here (the journal is written, and read only at the start), so
 * it is bounded by the journal's size; what is in segments too stays while the budget allows, so that readers at the tail never touch
 * the disk. Batches leave in the order in which they came.
 */
import { groupTimeMs } from '../record-group.ts';
import { Slabs } from '../slab.ts';
import type { TailBatch } from './tail-batch.ts';

/** Groups. */
const EVICTED_AT_ONCE = 8192;

export class Tail {
  /** What batches are laid in. */
  readonly slabs: Slabs;
  readonly #bytesMax: number;
  #batches: TailBatch[] = [];
  #head = 0;
  #bytes = 0;
  #appendedBytes = 0;

  constructor(bytesMax: number, slabBytes: number) {
    this.slabs = new Slabs(slabBytes);
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of all records that ever came. */
  get appendedBytes(): number {
    return this.#appendedBytes;
  }

  /** The groups are readable from now on. */
  add(batch: TailBatch): void {
    const { partitions, slabs, starts, lasts } = batch;
    for (let i = 0; i < starts.length; i++) {
      const partition = partitions[i]!;
      const { bytes } = slabs[i]!;
      partition.groups.push(slabs[i]!, starts[i]!);
      partition.last = lasts[i]!;
      partition.lastTimeMs = Math.max(partition.lastTimeMs, groupTimeMs(bytes, starts[i]!));
    }
    batch.log.unflushedBytes += batch.recordBytes;
    this.#appendedBytes += batch.recordBytes;
    this.#batches.push(batch);
    this.#bytes += batch.cost;
  }

  /** The batches after `from` up to `to`, oldest first. */
  between(from: number, to: number): TailBatch[] {
    return this.#batches.slice(this.#head).filter((batch) => batch.sequence > from && batch.sequence <= to);
  }

  /**
   * Lets go of what is over the budget, but of nothing after `flushedSequence`, and not of much more than comes with a commit; true when there
   * is more to let go of.
   */
  evict(flushedSequence: number): boolean {
    let groups = 0;
    while (this.#bytes > this.#bytesMax && groups < EVICTED_AT_ONCE) {
      const batch = this.#batches[this.#head];
      if (batch === undefined || batch.sequence > flushedSequence) break;
      // The slot is cleared at once, so that the batch is free.
      this.#batches[this.#head++] = undefined as never;
      this.#bytes -= batch.cost;
      const { partitions, lasts } = batch;
      groups += lasts.length;
      for (let i = 0; i < lasts.length; i++) {
        const partition = partitions[i]!;
        partition.groups.dropOldest();
        partition.memoryAfter = lasts[i]!;
      }
      batch.letGo();
    }
    if (this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head);
      this.#head = 0;
    }
    return groups >= EVICTED_AT_ONCE;
  }
}
