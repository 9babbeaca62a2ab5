/**
 * What one call appends to a log: groups of records, each for one partition, laid out in the encoding that they will have in the
 * log (record-group.ts). The engine copies them all at once and gives the positions; there is no object for a record or a group.
 *
 * Whoever appends begins with `reset`, adds every group, lays them out, and then places their records, of each group in its order.
 * The engine keeps nothing of it once `append` has settled, so that one `Append` serves one call after another.
 */
import { assert } from '../base/assert.ts';
import { FIRST_AT, GROUP_HEADER_BYTES, writeGroupHeader } from './record-group.ts';
import { writeU64 } from './little-endian.ts';

const GROUPS_FIRST = 64;
const BYTES_FIRST = 4096;
/** Room behind the last record, for whoever writes whole words. */
const SLACK_BYTES = 8;

export class Append {
  /** Groups end to end, with their headers. Records are written where `place` says. */
  bytes: Buffer = Buffer.alloc(0);
  view = new DataView(this.bytes.buffer, 0, 0);
  /** How many groups there are. */
  groups = 0;
  /** Where the last group ends in `bytes`. */
  end = 0;
  partitions = new Int32Array(GROUPS_FIRST);
  timesMs = new Float64Array(GROUPS_FIRST);
  /** Records of each group. */
  counts = new Int32Array(GROUPS_FIRST);
  /** The position of each group's first record; the others' follow one after another. The engine's answer. */
  firsts = new Float64Array(GROUPS_FIRST);
  #starts = new Int32Array(GROUPS_FIRST);
  #lengthsAt = new Int32Array(GROUPS_FIRST);
  #recordsAt = new Int32Array(GROUPS_FIRST);

  reset(): void {
    this.groups = 0;
    this.end = 0;
  }

  /** A group of `count` records of `dataBytes` bytes in all; gives its number. A partition may have several. */
  addGroup(partition: number, timeMs: number, count: number, dataBytes: number): number {
    const group = this.groups++;
    if (group === this.partitions.length) this.#grow();
    this.partitions[group] = partition;
    this.timesMs[group] = timeMs;
    this.counts[group] = count;
    this.firsts[group] = 0;
    this.#starts[group] = this.end;
    this.#lengthsAt[group] = this.end + GROUP_HEADER_BYTES;
    this.#recordsAt[group] = this.end + GROUP_HEADER_BYTES + count * 4;
    if (count > 0) this.end = this.#recordsAt[group] + dataBytes;
    return group;
  }

  /** Makes room for all groups, and writes their headers. */
  lay(): void {
    const needed = this.end + SLACK_BYTES;
    if (this.bytes.length < needed) {
      this.bytes = Buffer.allocUnsafeSlow(Math.ceil(needed / BYTES_FIRST) * BYTES_FIRST);
      this.view = new DataView(this.bytes.buffer);
    }
    for (let group = 0; group < this.groups; group++) {
      const count = this.counts[group]!;
      if (count === 0) continue;
      const dataBytes = this.endOf(group) - this.#recordsAt[group]!;
      writeGroupHeader(
        this.view,
        this.#starts[group]!,
        this.partitions[group]!,
        count,
        this.timesMs[group]!,
        dataBytes,
      );
    }
  }

  /** Where the next record of the group goes, which has so many bytes. */
  place(group: number, bytes: number): number {
    const lengthAt = this.#lengthsAt[group]!;
    const recordAt = this.#recordsAt[group]!;
    this.view.setUint32(lengthAt, bytes, true);
    this.#lengthsAt[group] = lengthAt + 4;
    this.#recordsAt[group] = recordAt + bytes;
    return recordAt;
  }

  /** Where the group begins in `bytes`. */
  startOf(group: number): number {
    return this.#starts[group]!;
  }

  /** Where the group ends in `bytes`. */
  endOf(group: number): number {
    return group + 1 < this.groups ? this.#starts[group + 1]! : this.end;
  }

  /** For the engine: gives the group, of which `target` has a copy at `at`, its positions. */
  giveFirst(group: number, first: number, target: Uint8Array, at: number): void {
    assert(this.#recordsAt[group] === this.endOf(group), 'every record of a group was placed');
    this.firsts[group] = first;
    writeU64(target, at + FIRST_AT, first);
  }

  #grow(): void {
    const capacity = this.partitions.length * 2;
    const grown = <A extends Int32Array | Float64Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.partitions = grown(new Int32Array(capacity), this.partitions);
    this.timesMs = grown(new Float64Array(capacity), this.timesMs);
    this.counts = grown(new Int32Array(capacity), this.counts);
    this.firsts = grown(new Float64Array(capacity), this.firsts);
    this.#starts = grown(new Int32Array(capacity), this.#starts);
    this.#lengthsAt = grown(new Int32Array(capacity), this.#lengthsAt);
    this.#recordsAt = grown(new Int32Array(capacity), this.#recordsAt);
  }
}
