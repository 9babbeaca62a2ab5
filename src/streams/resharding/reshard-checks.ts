/** What SplitShard and MergeShards check about the shards that they name, in AWS's order. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { ShardRow } from '../../catalog/tables.ts';
import type { HashKeyRange } from './hash-key-ranges.ts';
import { shardIndexOf } from '../directory/shard-lists.ts';
import { invalidArgument, shardNotFound } from '../directory/stream-errors.ts';
import { shardId } from '../directory/stream-rows.ts';
import type { Stream } from '../directory/stream.ts';

/** Throws ResourceNotFoundException for what is no shard's id at all. */
export function shardIndexNamed(id: string, stream: Stream): number {
  const index = shardIndexOf(id);
  if (index === undefined) throw shardNotFound(id, stream);
  return index;
}

export async function existingShard(
  transaction: CatalogTransaction,
  stream: Stream,
  index: number,
): Promise<ShardRow> {
  const row = await transaction
    .selectFrom('shards')
    .selectAll()
    .where('stream_id', '=', stream.id)
    .where('shard_index', '=', index)
    .executeTakeFirst();
  if (row === undefined) throw shardNotFound(shardId(index), stream);
  return row;
}

export function requireOpen(shard: ShardRow, stream: Stream): void {
  if (shard.closed_ms === null) return;
  throw invalidArgument(
    `Shard ${shardId(shard.shard_index)} in stream ${stream.name} under account ${stream.account} has already been ` +
      'merged or split, and thus is not eligible for merging or splitting.',
  );
}

export function rangeOf(row: ShardRow): HashKeyRange {
  return { startingHashKey: row.starting_hash_key, endingHashKey: row.ending_hash_key };
}
