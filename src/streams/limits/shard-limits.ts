/**
 * The rates of a shard as AWS enforces them: 1,000 records and 1 MiB a second in, 2 MiB and 5 reads a second out, 5
 * iterators a second. Each is a bucket that holds one second's worth. What is legal at all passes a full bucket, however
 * large it is, and leaves the bucket in debt until the rate has paid for it: so a record of 10 MiB can be put, and nine
 * seconds later the next one. A bucket is one number, the time at which it is full again; a shard whose buckets are all full is forgotten.
 * A rate of Infinity is not enforced. Sources: "Quotas and limits" of the developer guide, GetRecords in the API reference.
 */
import type { Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';

type ShardRates = Pick<
  Limits,
  | 'shardWriteRecordsPerSecond'
  | 'shardWriteBytesPerSecond'
  | 'shardReadBytesPerSecond'
  | 'shardReadsPerSecond'
  | 'shardIteratorsPerSecond'
>;

export interface ShardLimits {
  readonly limitsWrites: boolean;
  /** The shard's buckets for a run of writes at one moment; undefined when writes are not limited. */
  writes(streamId: string, shard: number): WriteAllowance | undefined;
  /** True when a GetRecords call may read now; it then counts as a read. */
  admitRead(streamId: string, shard: number): boolean;
  /** What an admitted read returned. When that is more than the shard had to give, nothing is read until it is paid for: five seconds after 10 MiB. */
  countRead(streamId: string, shard: number, bytes: number): void;
  /** True when a GetShardIterator call may be answered now; it then counts. */
  admitIterator(streamId: string, shard: number): boolean;
  /** Shards that are remembered at the moment. */
  remembered(): number;
}

export interface WriteAllowance {
  /** True when the record may be written; it then counts. */
  admit(bytes: number): boolean;
}

const SECOND_MS = 1000;
const FORGET_EVERY_MS = 10_000;

/** When each bucket is full again, in monotonic milliseconds. */
class ShardBuckets implements WriteAllowance {
  writeRecordsFullMs = 0;
  writeBytesFullMs = 0;
  readsFullMs = 0;
  readBytesFullMs = 0;
  iteratorsFullMs = 0;
  readPauseEndMs = 0;
  nowMs = 0;
  readonly #recordMs: number;
  readonly #byteMs: number;

  constructor(rates: ShardRates) {
    this.#recordMs = SECOND_MS / rates.shardWriteRecordsPerSecond;
    this.#byteMs = SECOND_MS / rates.shardWriteBytesPerSecond;
  }

  admit(bytes: number): boolean {
    const costMs = bytes * this.#byteMs;
    if (!fits(this.writeRecordsFullMs, this.nowMs, this.#recordMs)) return false;
    if (!fits(this.writeBytesFullMs, this.nowMs, costMs)) return false;
    this.writeRecordsFullMs = Math.max(this.writeRecordsFullMs, this.nowMs) + this.#recordMs;
    this.writeBytesFullMs = Math.max(this.writeBytesFullMs, this.nowMs) + costMs;
    return true;
  }

  get fullMs(): number {
    return Math.max(
      this.writeRecordsFullMs,
      this.writeBytesFullMs,
      this.readsFullMs,
      this.readBytesFullMs,
      this.iteratorsFullMs,
      this.readPauseEndMs,
    );
  }
}

/** Times are added up from fractions; this much of a millisecond is rounding. */
const ROUNDING_MS = 1e-6;

/** Whether what takes `costMs` of a bucket's refill is there; more than a whole bucket needs a full one. */
function fits(fullMs: number, nowMs: number, costMs: number): boolean {
  return fullMs - nowMs <= SECOND_MS - Math.min(costMs, SECOND_MS) + ROUNDING_MS;
}

export function createShardLimits(parts: {
  readonly clock: Clock;
  readonly limits: ShardRates;
}): ShardLimits {
  const { clock, limits } = parts;
  const limitsWrites =
    limits.shardWriteRecordsPerSecond !== Infinity || limits.shardWriteBytesPerSecond !== Infinity;
  const limitsReads = limits.shardReadsPerSecond !== Infinity || limits.shardReadBytesPerSecond !== Infinity;
  const streams = new Map<string, Map<number, ShardBuckets>>();
  let forgetting = false;

  function bucketsOf(streamId: string, shard: number): ShardBuckets {
    let shards = streams.get(streamId);
    if (shards === undefined) streams.set(streamId, (shards = new Map()));
    let buckets = shards.get(shard);
    if (buckets === undefined) shards.set(shard, (buckets = new ShardBuckets(limits)));
    buckets.nowMs = clock.monotonic();
    forgetLater();
    return buckets;
  }

  function forgetLater(): void {
    if (forgetting) return;
    forgetting = true;
    clock.timer(FORGET_EVERY_MS, forgetFull, { background: true });
  }

  function forgetFull(): void {
    forgetting = false;
    const nowMs = clock.monotonic();
    for (const [streamId, shards] of streams) {
      for (const [shard, buckets] of shards) if (buckets.fullMs <= nowMs) shards.delete(shard);
      if (shards.size === 0) streams.delete(streamId);
    }
    if (streams.size > 0) forgetLater();
  }

  function admitRead(streamId: string, shard: number): boolean {
    if (!limitsReads) return true;
    const buckets = bucketsOf(streamId, shard);
    const costMs = SECOND_MS / limits.shardReadsPerSecond;
    if (buckets.nowMs < buckets.readPauseEndMs) return false;
    if (!fits(buckets.readsFullMs, buckets.nowMs, costMs)) return false;
    buckets.readsFullMs = Math.max(buckets.readsFullMs, buckets.nowMs) + costMs;
    return true;
  }

  function countRead(streamId: string, shard: number, bytes: number): void {
    if (limits.shardReadBytesPerSecond === Infinity || bytes === 0) return;
    const buckets = bucketsOf(streamId, shard);
    const costMs = (bytes * SECOND_MS) / limits.shardReadBytesPerSecond;
    buckets.readBytesFullMs = Math.max(buckets.readBytesFullMs, buckets.nowMs) + costMs;
    if (buckets.readBytesFullMs - buckets.nowMs > SECOND_MS) buckets.readPauseEndMs = buckets.readBytesFullMs;
  }

  function admitIterator(streamId: string, shard: number): boolean {
    if (limits.shardIteratorsPerSecond === Infinity) return true;
    const buckets = bucketsOf(streamId, shard);
    const costMs = SECOND_MS / limits.shardIteratorsPerSecond;
    if (!fits(buckets.iteratorsFullMs, buckets.nowMs, costMs)) return false;
    buckets.iteratorsFullMs = Math.max(buckets.iteratorsFullMs, buckets.nowMs) + costMs;
    return true;
  }

  function remembered(): number {
    let count = 0;
    for (const shards of streams.values()) count += shards.size;
    return count;
  }

  return {
    limitsWrites,
    writes: (streamId, shard) => (limitsWrites ? bucketsOf(streamId, shard) : undefined),
    admitRead,
    countRead,
    admitIterator,
    remembered,
  };
}
