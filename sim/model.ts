/**
 * A model of Kinesis as its clients may see it. It knows what was asked and what was answered, and says of every answer whether it may
 * be. Between asking and answering, and after an answer that was lost, more than one thing may be true; then the model keeps
 * all of them, and the next answer that tells decides.
 *
 * Moments are counted in lines of the history. What was known (acknowledged or read) at a moment must be in every answer to
 * what was asked after it.
 *
 * This file is a stream; `shard-model.ts` is a shard with its records, `facts.ts` what has one value at a time.
 */
import { createHash } from 'node:crypto';
import { Facts } from './facts.ts';
import { Violation } from './history.ts';
import { type Attempt, secondsOf, ShardModel, type Wall } from './shard-model.ts';

const SPACE_END = 2n ** 128n - 1n;
const HOUR_MS = 3_600_000;

export type ListedShard = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string;
    readonly EndingSequenceNumber?: string;
  };
};

export class StreamModel {
  readonly name: string;
  readonly attempts = new Map<string, Attempt>();
  readonly shards = new Map<string, ShardModel>();
  readonly facts: Facts;
  /** It was seen ACTIVE, and nobody has asked to delete it. */
  exists = false;
  /** ARNs of consumers that were seen ACTIVE and that nobody has asked to remove. */
  consumers: string[] = [];
  #horizonMs = -Infinity;
  /** The last power cut that may have taken something, and when it was. */
  #cut = { number: 0, at: -1 };
  readonly wall: Wall;

  constructor(name: string, wall: Wall) {
    this.name = name;
    this.facts = new Facts(name);
    this.wall = wall;
  }

  shard(id: string): ShardModel {
    let shard = this.shards.get(id);
    if (shard === undefined) this.shards.set(id, (shard = new ShardModel(this, id)));
    return shard;
  }

  /** A put is sent. */
  attempt(data: string, key: string, explicitHash: string | undefined): void {
    const attempt = this.attempts.get(data);
    if (attempt !== undefined) attempt.tries++;
    else this.attempts.set(data, { key, hash: hashOf(key, explicitHash), tries: 1, places: new Set() });
  }

  /** It was refused: nothing was written. */
  refused(data: string): void {
    this.attempts.get(data)!.tries--;
  }

  /** A closed shard goes when its whole retention has passed. */
  mayHaveExpired(shard: ShardModel): boolean {
    return this.#olderThanRetention(shard.closedMs);
  }

  mayBeTrimmed(number: string): boolean {
    return this.#olderThanRetention(secondsOf(number) * 1000);
  }

  #olderThanRetention(timeMs: number): boolean {
    return timeMs <= this.horizonMs();
  }

  /** What arrived until then may have been trimmed by now. To be asked before the retention's possible values change. */
  horizonMs(): number {
    const hours = Math.min(...[...this.facts.possible('retention')].map(Number));
    this.#horizonMs = Math.max(this.#horizonMs, this.wall.highest() - hours * HOUR_MS);
    return this.#horizonMs;
  }

  /** A power cut happened that may have taken what was not synced. */
  doubt(number: number, at: number): void {
    this.#cut = { number, at };
    for (const shard of this.shards.values()) shard.doubt(number);
  }

  /** The power cut that what was asked at this moment may have fallen to, though its answer came through; 0 for none. */
  cutSince(askedAt: number): number {
    return askedAt <= this.#cut.at ? this.#cut.number : 0;
  }

  /** The wall clock was set: what is closed now is closed at this time. */
  clockSet(nowMs: number): void {
    for (const shard of this.shards.values()) {
      if (shard.description?.end === undefined) shard.closedMs = Math.min(shard.closedMs, nowMs);
    }
  }

  /** Checks a whole answer of ListShards; returns the open shards in the order of their hash keys. */
  describe(listed: readonly ListedShard[]): readonly ListedShard[] {
    const byId = new Map(listed.map((shard) => [shard.ShardId, shard]));
    for (const [id, shard] of this.shards) {
      if (byId.has(id)) continue;
      if (shard.description !== undefined && !this.mayHaveExpired(shard))
        throw shard.violation('is not listed any more');
    }
    for (const shard of listed) this.#describeShard(shard, byId);
    const open = listed
      .filter((shard) => shard.SequenceNumberRange.EndingSequenceNumber === undefined)
      .toSorted((a, b) =>
        BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1,
      );
    let next = 0n;
    for (const { ShardId, HashKeyRange } of open) {
      if (BigInt(HashKeyRange.StartingHashKey) !== next)
        throw this.shard(ShardId).violation(`begins at ${HashKeyRange.StartingHashKey}, not at ${next}`);
      next = BigInt(HashKeyRange.EndingHashKey) + 1n;
    }
    if (next !== SPACE_END + 1n) throw new Violation(`${this.name}'s shards end at ${next}`, [this.name]);
    return open;
  }

  #describeShard(listed: ListedShard, all: ReadonlyMap<string, ListedShard>): void {
    const { HashKeyRange, SequenceNumberRange } = listed;
    const shard = this.shard(listed.ShardId);
    const parents = [listed.ParentShardId, listed.AdjacentParentShardId].filter((id) => id !== undefined);
    const { StartingSequenceNumber: start, EndingSequenceNumber: end } = SequenceNumberRange;
    for (const parent of parents) {
      const parentEnd = all.get(parent)?.SequenceNumberRange.EndingSequenceNumber;
      if (all.has(parent) && (parentEnd === undefined || parentEnd >= start))
        throw shard.violation(`begins at ${start}, and its parent ${parent} ends at ${parentEnd}`);
    }
    const { StartingHashKey: from, EndingHashKey: to } = HashKeyRange;
    shard.describe({ parents, from, to, start, end });
  }
}

function hashOf(key: string, explicitHash: string | undefined): bigint {
  if (explicitHash !== undefined) return BigInt(explicitHash);
  return BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
}
