/** The rows of a new stream, its id, and AWS's rules for both. */
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { ShardRow, StreamRow } from '../../catalog/tables.ts';
import type { Dice } from '../../host/host.ts';
import { uniformRanges } from '../resharding/hash-key-ranges.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Few enough for one statement's parameters. */
const ROWS_AT_ONCE = 500;

/** AWS's pattern, `[a-z0-9]{20}-[a-z0-9]{3}`; random, so that it is never given twice. */
export function newStreamId(dice: Dice): string {
  const letters = Array.from({ length: 23 }, () => ALPHABET[dice.integer(ALPHABET.length)]).join('');
  return `${letters.slice(0, 20)}-${letters.slice(20)}`;
}

/** The stream with `shardCount` open shards of equal ranges. */
export async function insertStream(
  transaction: CatalogTransaction,
  row: StreamRow,
  shardCount: number,
): Promise<void> {
  await transaction.insertInto('streams').values(row).execute();
  await insertShards(
    transaction,
    uniformRanges(shardCount).map((range, index) => ({
      stream_id: row.stream_id,
      shard_index: index,
      parent_index: null,
      adjacent_parent_index: null,
      starting_hash_key: range.startingHashKey,
      ending_hash_key: range.endingHashKey,
      created_seconds: Math.floor(row.created_ms / 1000),
      created_ms: row.created_ms,
      closed_ms: null,
      closed_position: null,
    })),
  );
}

export async function insertShards(
  transaction: CatalogTransaction,
  rows: readonly ShardRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await transaction
      .insertInto('shards')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
  }
}
