/**
 * Which shard each record of a call goes to. Records of one shard are a group; groups are numbered as their first records come.
 * A call has up to 500 records and as many groups, so all of it is columns.
 */
import { hashPartitionKey, hashPartitionKeys, HASH_KEY_WORDS, parseHashKey } from '../../base/hash-key.ts';
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

export class Placement {
  readonly map: ShardMap;
  /** The group of each record. */
  readonly groupOf: Int32Array;
  /** How many groups there are. */
  groups = 0;
  /** Of each group: its shard's place in the map; its records, and what they take with their heads. */
  readonly slots: Int32Array;
  readonly records: Int32Array;
  readonly bytes: Int32Array;
  /** Records that their shards' limits did not let in. They are in no group's count. */
  refused = 0;

  constructor(map: ShardMap, entries: Entries, turn: NextTurn | undefined) {
    const { length } = entries;
    const groupsMax = Math.min(length, map.shards.length);
    this.map = map;
    this.groupOf = new Int32Array(length);
    this.slots = new Int32Array(groupsMax);
    this.records = new Int32Array(groupsMax);
    this.bytes = new Int32Array(groupsMax);
    if (turn === undefined) this.#placeByKey(entries);
    else for (let index = 0; index < length; index++) this.#place(index, turn());
    const { groupOfSlot } = map;
    for (let group = 0; group < this.groups; group++) groupOfSlot[this.slots[group]!] = 0;
    this.#measure(entries);
  }

  shardOf(group: number): Shard {
    return this.map.shards[this.slots[group]!]!;
  }

  *shardIndexes(): Generator<number, void, void> {
    for (let group = 0; group < this.groups; group++) yield this.shardOf(group).index;
  }

  /** Asks the shards' limits, record by record. */
  admit(entries: Entries, limits: ShardLimits, streamId: string): void {
    const { groupOf, records, bytes } = this;
    const { keys, data } = columnsOf(entries);
    const allowances = Array.from({ length: this.groups }, (_, group) =>
      limits.writes(streamId, this.shardOf(group).index),
    );
    for (let index = 0; index < groupOf.length; index++) {
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
    const { map } = this;
    const { length } = entries;
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
      groupOfSlot[slot] = group + 1;
    }
    this.groupOf[index] = group;
  }

  #measure(entries: Entries): void {
    const { groupOf, records, bytes } = this;
    const { keys, data } = columnsOf(entries);
    for (let index = 0; index < groupOf.length; index++) {
      const group = groupOf[index]!;
      records[group]!++;
      bytes[group]! += RECORD_HEADER_BYTES + bytesAt(keys, index) + bytesAt(data, index);
    }
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
