/**
 * A stream's open shards, prepared for the hot path: the shard of a hash key by binary search, and what each
 * shard's sequence numbers share. Made once for a snapshot of the stream and kept as long as the snapshot lives.
 */
import { newHashKey, parseHashKey, type HashKey } from '../../base/hash-key.ts';
import { assert } from '../../base/assert.ts';
import { sequenceNumberBase, type SequenceNumberBase } from './sequence-number.ts';
import type { Shard, Stream } from '../directory/stream.ts';

/** `shardId-` and twelve digits. */
export const SHARD_ID_BYTES = 20;

export class ShardMap {
  /** By starting hash key, as `stream.openShards`. */
  readonly shards: readonly Shard[];
  /** Starting hash keys, four words each. */
  readonly #starts: Uint32Array;
  readonly #bases: (SequenceNumberBase | undefined)[];
  #ids: Buffer | undefined;
  /** For whoever groups records by slot: zeros, and left as zeros. */
  readonly groupOfSlot: Int32Array;

  constructor(openShards: readonly Shard[]) {
    this.shards = openShards;
    this.#starts = new Uint32Array(openShards.length * 4);
    this.#bases = openShards.map(() => undefined);
    this.groupOfSlot = new Int32Array(openShards.length);
    const key = newHashKey();
    openShards.forEach((shard, slot) => {
      assert(parseHashKey(shard.startingHashKey, key), 'a shard starts at a hash key');
      this.#starts.set(key, slot * 4);
    });
  }

  /** The slot in `shards` whose range has the key: the last one that starts at or below it. */
  find(key: HashKey): number {
    const starts = this.#starts;
    const [k0, k1, k2, k3] = [key[0]!, key[1]!, key[2]!, key[3]!];
    let low = 0;
    let high = starts.length >> 2;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const at = middle << 2;
      let below = k0 - starts[at]!;
      if (below === 0) below = k1 - starts[at + 1]!;
      if (below === 0) below = k2 - starts[at + 2]!;
      if (below === 0) below = k3 - starts[at + 3]!;
      if (below < 0) high = middle;
      else low = middle;
    }
    return low;
  }

  /** The shards' ids one after another, each of `SHARD_ID_BYTES`. */
  get ids(): Buffer {
    return (this.#ids ??= Buffer.from(this.shards.map(({ id }) => id).join('')));
  }

  /** Of the shard in the slot. */
  sequenceNumberBase(slot: number): SequenceNumberBase {
    return (this.#bases[slot] ??= sequenceNumberBase(this.shards[slot]!));
  }
}

const maps = new WeakMap<Stream, ShardMap>();

export function shardMapOf(stream: Stream): ShardMap {
  let map = maps.get(stream);
  if (map === undefined) maps.set(stream, (map = new ShardMap(stream.openShards)));
  return map;
}
