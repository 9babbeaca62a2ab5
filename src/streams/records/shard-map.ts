/**
 * A stream's open shards, prepared for the hot path: the shard of a hash key, and what each
 * shard's sequence numbers share. Made once for a snapshot of the stream and kept as long as the snapshot lives.
 */
import { HASH_KEY_WORDS, newHashKey, parseHashKey } from '../../base/hash-key.ts';
import { assert } from '../../base/assert.ts';
import { SequenceNumberWriter } from './sequence-number-writer.ts';
import type { Shard, Stream } from '../directory/stream.ts';

/** `shardId-` and twelve digits. */
export const SHARD_ID_BYTES = 20;

/** Ranges of hash keys that are told apart by their first bits, at the most. */
const SECTOR_BITS_MAX = 16;

export class ShardMap {
  /** By starting hash key, as `stream.openShards`. */
  readonly shards: readonly Shard[];
  /** Starting hash keys, four words each. */
  readonly #starts: Uint32Array;
  /** The slot of the first key of each sector, a range of keys with the same first bits, and the last slot. */
  readonly #slotOfSector: Int32Array;
  readonly #sectorShift: number;
  readonly #numbers: (SequenceNumberWriter | undefined)[];
  #idWords: Uint32Array | undefined;
  /** For whoever groups records by slot: zeros, and left as zeros. */
  readonly groupOfSlot: Int32Array;

  constructor(openShards: readonly Shard[]) {
    this.shards = openShards;
    this.#starts = new Uint32Array(openShards.length * HASH_KEY_WORDS);
    this.#numbers = openShards.map(() => undefined);
    this.groupOfSlot = new Int32Array(openShards.length);
    openShards.forEach((shard, slot) => {
      const read = parseHashKey(shard.startingHashKey, this.#starts, slot * HASH_KEY_WORDS);
      assert(read, 'a shard starts at a hash key');
    });
    // About four sectors for each shard, so that most keys need no comparison when shards are alike.
    const bits = Math.min(SECTOR_BITS_MAX, Math.ceil(Math.log2(openShards.length)) + 2);
    this.#sectorShift = 32 - bits;
    this.#slotOfSector = new Int32Array(2 ** bits + 1).fill(openShards.length - 1);
    const first = newHashKey();
    for (let sector = 0; sector < 2 ** bits; sector++) {
      first[0] = sector << this.#sectorShift;
      this.#slotOfSector[sector] = this.#search(first, 0, 0, openShards.length - 1);
    }
  }

  /** The slot in `shards` whose range has the key at `keys[at]`: the last one that starts at or below it. */
  find(keys: Uint32Array, at: number): number {
    const sector = keys[at]! >>> this.#sectorShift;
    const low = this.#slotOfSector[sector]!;
    const high = this.#slotOfSector[sector + 1]!;
    return low === high ? low : this.#search(keys, at, low, high);
  }

  /** The same, of the slots from `low` to `high`. */
  #search(keys: Uint32Array, at: number, low: number, high: number): number {
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#startsAbove(middle * HASH_KEY_WORDS, keys, at)) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  #startsAbove(start: number, keys: Uint32Array, at: number): boolean {
    const starts = this.#starts;
    for (let word = 0; word < HASH_KEY_WORDS; word++) {
      const difference = starts[start + word]! - keys[at + word]!;
      if (difference !== 0) return difference > 0;
    }
    return false;
  }

  /** The shards' ids one after another, each of `SHARD_ID_BYTES`, as words that are written little-endian. */
  get idWords(): Uint32Array {
    if (this.#idWords === undefined) {
      const ids = Buffer.from(this.shards.map(({ id }) => id).join(''), 'latin1');
      this.#idWords = Uint32Array.from({ length: ids.length / 4 }, (_, word) => ids.readUInt32LE(word * 4));
    }
    return this.#idWords;
  }

  /** Writes numbers of the shard in the slot. */
  numbers(slot: number): SequenceNumberWriter {
    return (this.#numbers[slot] ??= new SequenceNumberWriter(this.shards[slot]!));
  }
}

const maps = new WeakMap<Stream, ShardMap>();

export function shardMapOf(stream: Stream): ShardMap {
  let map = maps.get(stream);
  if (map === undefined) maps.set(stream, (map = new ShardMap(stream.openShards)));
  return map;
}
