/**
 * The streams as memory holds them: immutable snapshots of the catalog's rows. `StreamDirectory` gives them; a
 * changed stream is a new object, so whoever holds one sees a consistent state.
 */
import type { ConsumerRow, StreamRow } from '../../catalog/tables.ts';
import type { Position } from '../../log/log.ts';
import type { Pending } from '../lifecycle/pending.ts';

export type Shard = {
  /** n of `shardId-%012d`, and the partition of the stream's log. */
  readonly index: number;
  /** `shardId-000000000000`. */
  readonly id: string;
  readonly parentIndex: number | undefined;
  readonly adjacentParentIndex: number | undefined;
  /** Inclusive bounds, decimal as AWS writes them. */
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  /** The creation second in sequence numbers. */
  readonly createdSeconds: number;
  readonly createdMs: number;
  /** undefined while open. */
  readonly closedMs: number | undefined;
  readonly closedPosition: Position | undefined;
};

export type Consumer = {
  readonly arn: string;
  readonly name: string;
  readonly status: ConsumerRow['status'];
  readonly createdMs: number;
  /** When the transitional status ends; undefined when settled. */
  readonly dueMs?: number | undefined;
};

export type Stream = {
  /** AWS's StreamId and the log's id. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: StreamRow['status'];
  readonly mode: StreamRow['mode'];
  readonly createdMs: number;
  readonly retentionHours: number;
  readonly encryptionType: StreamRow['encryption_type'];
  readonly kmsKeyId: string | undefined;
  readonly maxRecordBytes: number;
  readonly warmThroughputMibps: number | undefined;
  readonly recordDistribution: StreamRow['record_distribution'];
  readonly monitoring: readonly string[];
  readonly version: number;
  /** What it is doing in a transitional status; undefined when settled. */
  readonly pending?: Pending | undefined;
  /** All shards that still exist, by index ascending: open ones, and closed ones within retention. */
  readonly shards: readonly Shard[];
  /** The open shards by startingHashKey ascending; together they cover 0 .. 2^128-1. */
  readonly openShards: readonly Shard[];
  readonly consumers: readonly Consumer[];
};

/** Read access to the streams in memory, synchronous, for every operation. */
export interface StreamDirectory {
  byName(account: string, region: string, name: string): Stream | undefined;
  byId(id: string): Stream | undefined;
  /** All streams of an account and region by name ascending. */
  list(account: string, region: string): readonly Stream[];
  all(): Iterable<Stream>;
  /** Calls back after a stream's snapshot changed; `now` is undefined once it is deleted. Same order for everyone. */
  watch(onChange: (before: Stream | undefined, now: Stream | undefined) => void): Disposable;
}
