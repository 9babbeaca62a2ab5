/** Which shards a list shows: after a shard, within retention, and by ListShards' filters. */
import type { Shard, Stream } from './stream.ts';

const HOUR_MS = 60 * 60 * 1000;

/** The oldest time that records may have: nothing before it can be read, and shards closed before it are expired. */
export function trimHorizonMs(stream: Pick<Stream, 'createdMs' | 'retentionHours'>, nowMs: number): number {
  return Math.max(stream.createdMs, nowMs - stream.retentionHours * HOUR_MS);
}

/** The stream's shards that are not expired, by index. None while it is CREATING: AWS shows them when they exist. */
export function listedShards(stream: Stream, nowMs: number): readonly Shard[] {
  if (stream.status === 'CREATING') return [];
  const horizonMs = trimHorizonMs(stream, nowMs);
  return stream.shards.filter((shard) => !closedBefore(shard, horizonMs));
}

export type ShardFilter =
  | { readonly type: 'AFTER_SHARD_ID'; readonly shardId: string }
  | { readonly type: 'AT_TRIM_HORIZON' | 'FROM_TRIM_HORIZON' | 'AT_LATEST' }
  | { readonly type: 'AT_TIMESTAMP' | 'FROM_TIMESTAMP'; readonly timeMs: number };

export function filteredShards(stream: Stream, filter: ShardFilter, nowMs: number): readonly Shard[] {
  const shards = listedShards(stream, nowMs);
  const horizonMs = trimHorizonMs(stream, nowMs);
  switch (filter.type) {
    case 'AFTER_SHARD_ID':
      return shards.filter((shard) => isAfter(shard, filter.shardId));
    case 'FROM_TRIM_HORIZON':
      return shards;
    case 'AT_LATEST':
      return shards.filter((shard) => shard.closedMs === undefined);
    case 'AT_TRIM_HORIZON':
      return openAt(shards, horizonMs, true);
    case 'AT_TIMESTAMP':
      return openAt(shards, Math.max(filter.timeMs, horizonMs), filter.timeMs <= horizonMs);
    case 'FROM_TIMESTAMP':
      return shards.filter((shard) => !closedBefore(shard, Math.max(filter.timeMs, horizonMs)));
  }
}

/**
 * The shards that were open at a time. At the horizon, shards whose parents are gone count as open too: a longer retention moves the
 * horizon back, but not the shards that had expired by then, and the list must still cover every hash key.
 */
function openAt(shards: readonly Shard[], timeMs: number, atHorizon: boolean): readonly Shard[] {
  const existing = new Set(shards.map((shard) => shard.index));
  return shards.filter((shard) => {
    const orphan =
      atHorizon && !existing.has(shard.parentIndex ?? -1) && !existing.has(shard.adjacentParentIndex ?? -1);
    return (orphan || shard.createdMs <= timeMs) && !closedBefore(shard, timeMs);
  });
}

function closedBefore(shard: Shard, timeMs: number): boolean {
  return shard.closedMs !== undefined && shard.closedMs < timeMs;
}

/**
 * The index that a ShardId names. AWS takes `shardId-000000000007`, `shardId-7`, `7`, and any other word before the dash.
 * undefined when it names none. Source: AWS's recorded answers, as kinesalite repeats them.
 */
export function shardIndexOf(id: string): number | undefined {
  const number = id.split('-')[1] || id;
  const index = /^\d+$/.test(number) ? Number(number) : NaN;
  return index <= 2_147_483_647 ? index : undefined;
}

/** True for shards that a list shows after ExclusiveStartShardId; an id that is no shard's compares as text. */
export function isAfter(shard: Shard, id: string): boolean {
  const index = shardIndexOf(id);
  return index === undefined ? shard.id > id : shard.index > index;
}
