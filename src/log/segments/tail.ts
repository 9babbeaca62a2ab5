/**
 * The newest records, in memory. What is in no segment yet is always here (the journal is written, and read only at the start), so
 * it is bounded by the journal's size; what is in segments too stays while the budget allows, so that readers at the tail never touch
 * the disk. Batches leave in the order in which they came.
 */
import { dataBytes, lastPosition, type RecordGroup } from '../record-group.ts';
import type { LogPartition, LogState } from './log-state.ts';

/** What a group costs beside its bytes: its object and its place in two lists. */
const GROUP_OVERHEAD_BYTES = 160;

export type TailGroup = { readonly partition: LogPartition; readonly group: RecordGroup };

/** What one log got in one commit. */
export type TailBatch = {
  readonly sequence: number;
  readonly log: LogState;
  readonly groups: readonly TailGroup[];
  readonly bytes: number;
};

export class Tail {
  readonly #bytesMax: number;
  #batches: TailBatch[] = [];
  #head = 0;
  #bytes = 0;
  #appendedBytes = 0;

  constructor(bytesMax: number) {
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
    for (const { partition, group } of batch.groups) {
      partition.groups.push(group);
      partition.last = lastPosition(group);
      partition.lastTimeMs = Math.max(partition.lastTimeMs, group.timeMs);
    }
    const added = recordBytes(batch);
    batch.log.unflushedBytes += added;
    this.#appendedBytes += added;
    this.#batches.push(batch);
    this.#bytes += costOf(batch);
  }

  /** The batches after `from` up to `to`, oldest first. */
  between(from: number, to: number): TailBatch[] {
    return this.#batches.slice(this.#head).filter((batch) => batch.sequence > from && batch.sequence <= to);
  }

  /** Lets go of what is over the budget, but of nothing after `flushedSequence`. */
  evict(flushedSequence: number): void {
    while (this.#bytes > this.#bytesMax) {
      const batch = this.#batches[this.#head];
      if (batch === undefined || batch.sequence > flushedSequence) break;
      // The slot is cleared at once, so that the batch's bytes are free.
      this.#batches[this.#head++] = undefined as never;
      this.#bytes -= costOf(batch);
      for (const { partition, group } of batch.groups) {
        partition.groups.dropOldest();
        partition.memoryAfter = lastPosition(group);
      }
    }
    if (this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** Bytes of the records themselves. */
export function recordBytes(batch: TailBatch): number {
  return batch.groups.reduce((total, { group }) => total + dataBytes(group), 0);
}

function costOf(batch: TailBatch): number {
  return batch.bytes + batch.groups.length * GROUP_OVERHEAD_BYTES;
}
