/** The catalog's rows as snapshots: what the directory makes of them. */
import type { ConsumerRow, ShardRow, StreamRow } from '../../catalog/tables.ts';
import type { Position } from '../../log/log.ts';
import { compareHashKeys } from '../resharding/hash-key-ranges.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { streamArn } from './resources.ts';
import type { Consumer, Shard, Stream } from './stream.ts';

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

export function pendingOf(row: Pick<StreamRow, 'pending_json'>): Pending | undefined {
  return row.pending_json === null ? undefined : (JSON.parse(row.pending_json) as Pending);
}

type ShardLists = Pick<Stream, 'shards' | 'openShards'>;

export function shardListsOf(rows: readonly ShardRow[]): ShardLists {
  const shards = rows.map(shardOf).sort((a, b) => a.index - b.index);
  const openShards = shards
    .filter((shard) => shard.closedMs === undefined)
    .sort((a, b) => compareHashKeys(a.startingHashKey, b.startingHashKey));
  return { shards: Object.freeze(shards), openShards: Object.freeze(openShards) };
}

export function streamOf(
  row: StreamRow,
  { shards, openShards }: ShardLists,
  consumerRows: readonly ConsumerRow[],
): Stream {
  return Object.freeze({
    id: row.stream_id,
    account: row.account,
    region: row.region,
    name: row.name,
    arn: streamArn(row.region, row.account, row.name),
    status: row.status,
    mode: row.mode,
    createdMs: row.created_ms,
    retentionHours: row.retention_hours,
    encryptionType: row.encryption_type,
    kmsKeyId: row.kms_key_id ?? undefined,
    maxRecordBytes: row.max_record_kib * 1024,
    warmThroughputMibps: row.warm_throughput_mibps ?? undefined,
    recordDistribution: row.record_distribution,
    monitoring: Object.freeze(JSON.parse(row.monitoring_json) as string[]),
    version: row.version,
    pending: pendingOf(row),
    shards,
    openShards,
    consumers: Object.freeze(consumerRows.map(consumerOf)),
  });
}

/** Above every second that a sequence number has room for. */
const CREATED_SECONDS_END = 2 ** 36;

/** Throws a RangeError for what no release has written: the catalog is damaged, and every read of the shard would fail. */
function refuseSenseless({ shard_index, created_seconds }: ShardRow): void {
  const sensible =
    Number.isSafeInteger(shard_index) &&
    shard_index >= 0 &&
    Number.isSafeInteger(created_seconds) &&
    created_seconds >= 0 &&
    created_seconds < CREATED_SECONDS_END;
  if (!sensible) throw new RangeError(`shard ${shard_index} was created at ${created_seconds} s`);
}

function shardOf(row: ShardRow): Shard {
  refuseSenseless(row);
  return {
    index: row.shard_index,
    id: shardId(row.shard_index),
    parentIndex: row.parent_index ?? undefined,
    adjacentParentIndex: row.adjacent_parent_index ?? undefined,
    startingHashKey: row.starting_hash_key,
    endingHashKey: row.ending_hash_key,
    createdSeconds: row.created_seconds,
    createdMs: row.created_ms,
    closedMs: row.closed_ms ?? undefined,
    closedPosition: row.closed_position === null ? undefined : (row.closed_position as Position),
  };
}

function consumerOf(row: ConsumerRow): Consumer {
  return {
    arn: row.consumer_arn,
    name: row.name,
    status: row.status,
    createdMs: row.created_ms,
    dueMs: row.due_ms ?? undefined,
  };
}
