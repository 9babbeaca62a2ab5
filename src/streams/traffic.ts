/**
 * Measured traffic: what went into each shard, second by second. The data plane counts, scaling reads. Kept in memory only;
 * what must outlive a restart (the peaks of thirty days) scaling.ts keeps in the catalog.
 */
export type Rate = { readonly bytesPerSecond: number; readonly recordsPerSecond: number };

export interface Traffic {
  /** The busiest whole second of the stream, all shards together, within the last minute; zero when there was none. */
  streamPeak(streamId: string): Rate;
  /** The busiest whole second of one shard within the last minute. */
  shard(streamId: string, index: number): Rate;
}
