/**
 * Which shard each record of a call goes to. Records of one shard are a group; groups are numbered as their first records come.
 * A call has up to 500 records and as many groups, so all of it is columns.
 */
import { hashPartitionKey, hashPartitionKeys, HASH_KEY_WORDS, parseHashKey } from '../../base/hash-key.ts';
import type { Append } from '../../log/append.ts';
import { type BytesColumn, sourceOf, textAt } from '../../wire/shape/packed.ts';
import type { Shard } from '../directory/stream.ts';
import type { ShardLimits } from '../limits/shard-limits.ts';
import { bytesAt, columnsOf } from '../records/entries.ts';
import { RECORD_HEADER_BYTES } from '../records/record-codec.ts';
import type { Entries } from '../records/record-rules.ts';
import type { ShardMap } from '../records/shard-map.ts';

/** A refused record of group g has the group `REFUSED - g`. */
export const REFUSED = -1;

/** Gives the next slot when records are spread evenly, whatever their keys. */
export type NextTurn = () => number;

/** What most calls need. */
const RECORDS_FIRST = 8;

/** One serves one call after another: see `Placements`. */
export class Placement {
  #map: ShardMap | undefined;
  /** How many records there are. */
  length = 0;
  /** The group of each record. */
  groupOf = new Int32Array(RECORDS_FIRST);
  /** Of each record the one before it in its group; -1 of the first. */
  before = new Int32Array(RECORDS_FIRST);
  /** How many groups there are. */
  groups = 0;
  /** Of each group: its shard's place in the map; its records, and what they take with their heads. */
  slots = new Int32Array(RECORDS_FIRST);
  records = new Int32Array(RECORDS_FIRST);
  bytes = new Int32Array(RECORDS_FIRST);
  /** Of each group, once it is appended: the time of its records, and the position of the first. */
  timesMs = new Float64Array(RECORDS_FIRST);
  firsts = new Float64Array(RECORDS_FIRST);
  #newest = new Int32Array(RECORDS_FIRST);
  /** Records that their shards' limits did not let in. They are in no group's count. */
  refused = 0;

  get map(): ShardMap {
    return this.#map!;
  }

  /** Without `turn` records are placed by their keys. */
  place(map: ShardMap, entries: Entries, turn: NextTurn | undefined): void {
    const { length } = entries;
    this.#map = map;
    this.length = length;
    this.groups = 0;
    this.refused = 0;
    this.#makeRoom(length, Math.min(length, map.shards.length));
    if (turn === undefined) this.#placeByKey(entries);
    else for (let index = 0; index < length; index++) this.#place(index, turn());
    const { groupOfSlot } = map;
    for (let group = 0; group < this.groups; group++) groupOfSlot[this.slots[group]!] = 0;
    this.#measure(entries);
  }

  /** Keeps what the log gave the groups. */
  keepAppended({ timesMs, firsts }: Append): void {
    for (let group = 0; group < this.groups; group++) {
      this.timesMs[group] = timesMs[group]!;
      this.firsts[group] = firsts[group]!;
    }
  }

  shardOf(group: number): Shard {
    return this.map.shards[this.slots[group]!]!;
  }

  *shardIndexes(): Generator<number, void, void> {
    for (let group = 0; group < this.groups; group++) yield this.shardOf(group).index;
  }

  /** Asks the shards' limits, record by record. */
  admit(entries: Entries, limits: ShardLimits, streamId: string): void {
    const { length, groupOf, records, bytes } = this;
    const { keys, data } = columnsOf(entries);
    const allowances = Array.from({ length: this.groups }, (_, group) =>
      limits.writes(streamId, this.shardOf(group).index),
    );
    for (let index = 0; index < length; index++) {
      const group = groupOf[index]!;
      const size = bytesAt(keys, index) + bytesAt(data, index);
      if (allowances[group]?.admit(size) !== false) continue;
      groupOf[index] = REFUSED - group;
      records[group]!--;
      bytes[group]! -= RECORD_HEADER_BYTES + size;
      this.refused++;
    }
  }

  #placeByKey(entries: Entries): void {
    const { map, length } = this;
    const { keys, hashKeys } = columnsOf(entries);
    const words = roomForHashKeys(length);
    if (keys !== undefined) hashKeysOf(keys, length, words);
    for (let index = 0; index < length; index++) {
      const explicit = hashKeys === undefined ? undefined : textAt(hashKeys, index);
      if (explicit !== undefined) parseHashKey(explicit, words, index * HASH_KEY_WORDS);
      this.#place(index, map.find(words, index * HASH_KEY_WORDS));
    }
  }

  #place(index: number, slot: number): void {
    const { groupOfSlot } = this.map;
    let group = groupOfSlot[slot]! - 1;
    if (group === -1) {
      group = this.groups++;
      this.slots[group] = slot;
      this.#newest[group] = -1;
      this.records[group] = 0;
      this.bytes[group] = 0;
      groupOfSlot[slot] = group + 1;
    }
    this.groupOf[index] = group;
  }

  #measure(entries: Entries): void {
    const { length, groupOf, before, records, bytes } = this;
    const newest = this.#newest;
    const { keys, data } = columnsOf(entries);
    for (let index = 0; index < length; index++) {
      const group = groupOf[index]!;
      before[index] = newest[group]!;
      newest[group] = index;
      records[group]!++;
      bytes[group]! += RECORD_HEADER_BYTES + bytesAt(keys, index) + bytesAt(data, index);
    }
  }

  #makeRoom(records: number, groups: number): void {
    if (this.groupOf.length < records) {
      this.groupOf = new Int32Array(records);
      this.before = new Int32Array(records);
    }
    if (this.slots.length >= groups) return;
    this.slots = new Int32Array(groups);
    this.#newest = new Int32Array(groups);
    this.records = new Int32Array(groups);
    this.bytes = new Int32Array(groups);
    this.timesMs = new Float64Array(groups);
    this.firsts = new Float64Array(groups);
  }
}

/** For as many calls at once as a busy server has; the rest is left to the collector. */
const KEPT_MAX = 64;

/** Placements that were used and will be again: six columns for each call would keep the collector busy. */
export class Placements {
  readonly #kept: Placement[] = [];

  take(): Placement {
    return this.#kept.pop() ?? new Placement();
  }

  /** Nobody looks at it any more. Never giving one back is no fault, and giving it back twice does no harm. */
  give(placement: Placement): void {
    if (placement.length === 0) return;
    placement.length = 0;
    if (this.#kept.length < KEPT_MAX) this.#kept.push(placement);
  }
}

let hashKeyWords = new Uint32Array(500 * HASH_KEY_WORDS);

/** Used within one turn only. */
function roomForHashKeys(count: number): Uint32Array {
  if (hashKeyWords.length < count * HASH_KEY_WORDS) hashKeyWords = new Uint32Array(count * HASH_KEY_WORDS);
  return hashKeyWords;
}

function hashKeysOf(keys: BytesColumn, count: number, words: Uint32Array): void {
  const { sources, starts, ends } = keys;
  if (sources.length === 1) {
    hashPartitionKeys(sources[0]!, starts, ends, count, words);
    return;
  }
  for (let index = 0; index < count; index++) {
    const start = starts[index]!;
    if (start === -1) continue;
    hashPartitionKey(sourceOf(keys, index), start, ends[index]! - start, words, index * HASH_KEY_WORDS);
  }
}
