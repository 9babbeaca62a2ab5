/**
 * The one way a stream changes: a transaction that reads the stream's row, checks and changes, grows its version, and commits;
 * then the directory shows it. Because the checks run inside the transaction, two control operations on one stream never
 * both find it ACTIVE.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import type { StreamRow } from '../../catalog/tables.ts';
import type { CatalogStreamDirectory } from './directory.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { streamNotFound } from './stream-errors.ts';
import type { Stream } from './stream.ts';

export type ChangeParts = { readonly catalog: Catalog; readonly directory: CatalogStreamDirectory };

/**
 * `change` gives the columns to change; it may be run again, so it must have no other effects. Durable and visible when this resolves.
 * It leaves the
 * shards as they are, unless `shards` says otherwise. Throws ResourceNotFoundException when the stream has gone meanwhile.
 */
export async function changeStream(
  parts: ChangeParts,
  stream: Pick<Stream, 'id' | 'name' | 'account'>,
  change: (
    row: StreamRow,
    transaction: CatalogTransaction,
  ) => Partial<StreamRow> | Promise<Partial<StreamRow>>,
  shards: 'kept' | 'changed' = 'kept',
): Promise<void> {
  await parts.catalog.transact(async (transaction) => {
    const row = await transaction
      .selectFrom('streams')
      .selectAll()
      .where('stream_id', '=', stream.id)
      .executeTakeFirst();
    if (row === undefined) throw streamNotFound(stream.name, stream.account);
    const changed = await change(row, transaction);
    await transaction
      .updateTable('streams')
      .set({ ...changed, version: row.version + 1 })
      .where('stream_id', '=', stream.id)
      .execute();
  });
  await parts.directory.refresh(stream.id, shards === 'kept');
}

/** Times of the last 24 hours of one kind of change, from `changes_json`. */
export function recentChanges(row: StreamRow, kind: RollingChange, nowMs: number): readonly number[] {
  const all = JSON.parse(row.changes_json) as Partial<Record<RollingChange, number[]>>;
  return (all[kind] ?? []).filter((timeMs) => timeMs > nowMs - DAY_MS);
}

/** `changes_json` with one more change of a kind. */
export function withChange(row: StreamRow, kind: RollingChange, nowMs: number): string {
  const all = JSON.parse(row.changes_json) as Partial<Record<RollingChange, number[]>>;
  return JSON.stringify({ ...all, [kind]: [...recentChanges(row, kind, nowMs), nowMs] });
}

/** Persisted names: what AWS counts per stream in a rolling day. */
export type RollingChange = 'shard-count' | 'mode' | 'start-encryption' | 'stop-encryption';
const DAY_MS = 24 * 60 * 60 * 1000;

/** The columns of a stream that begins to change. */
export function updating(pending: Pending): Pick<StreamRow, 'status' | 'pending_json'> {
  return { status: 'UPDATING', pending_json: JSON.stringify(pending) };
}
