/**
 * Carries out a reshard, at the end of UPDATING. The children's partitions are made first; then writing to the parents is held
 * until their last positions are final; then one commit closes the parents there, opens the children and settles the stream; then the
 * directory shows it and the held writes go to the children. A crash before the commit leaves partitions without rows, which the
 * start removes, and the pending reshard, which it resumes; a crash after it leaves nothing to do.
 */
import { assert } from '../../base/assert.ts';
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { Clock } from '../../host/host.ts';
import type { Position, RecordLog } from '../../log/log.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { insertShards } from '../directory/new-stream.ts';
import { applySteps, nextShardIndex, openedCount, type ReshardStep } from './reshard-plan.ts';
import { pendingOf } from '../directory/stream-rows.ts';
import type { Stream } from '../directory/stream.ts';
import type { WriteHold } from '../writing/write-hold.ts';

export type ReshardParts = ChangeParts & {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly writes: WriteHold;
};

export async function reshard(
  parts: ReshardParts,
  stream: Stream,
  steps: readonly ReshardStep[],
): Promise<void> {
  assert(stream.pending !== undefined, 'a reshard is pending when it is carried out');
  const { kind } = stream.pending;
  const first = nextShardIndex(stream);
  const indexes = Array.from({ length: openedCount(steps) }, (_, at) => first + at);
  if (indexes.length > 0) await parts.log.addPartitions(stream.id, indexes);

  const { closing } = applySteps(stream, steps, parts.clock.now());
  using _held = await parts.writes.hold(stream.id, closing);
  const bounds = closing.map((index) => ({ index, ...parts.log.bounds(stream.id, index) }));
  const nowMs = closingTimeMs(parts.clock.now(), stream, bounds);
  const { opened } = applySteps(stream, steps, nowMs);

  await changeStream(
    parts,
    stream,
    async (row, transaction) => {
      if (pendingOf(row)?.kind !== kind) return {};
      for (const { index, last } of bounds) await closeShard(transaction, stream.id, index, last, nowMs);
      await insertShards(
        transaction,
        opened.map((shard) => ({
          stream_id: stream.id,
          shard_index: shard.index,
          parent_index: shard.parentIndex ?? null,
          adjacent_parent_index: shard.adjacentParentIndex ?? null,
          starting_hash_key: shard.startingHashKey,
          ending_hash_key: shard.endingHashKey,
          created_seconds: shard.createdSeconds,
          created_ms: nowMs,
          closed_ms: shard.closed ? nowMs : null,
          closed_position: shard.closed ? 0 : null,
        })),
      );
      return { status: 'ACTIVE', pending_json: null };
    },
    'changed',
  );
}

/** Not before what the shards hold, nor before they were made, though the clock was set back: they would count as expired. */
function closingTimeMs(
  nowMs: number,
  stream: Stream,
  closing: readonly { readonly index: number; readonly lastTimeMs: number }[],
): number {
  const createdMs = new Map(stream.shards.map((shard) => [shard.index, shard.createdMs]));
  return closing.reduce(
    (latestMs, { index, lastTimeMs }) => Math.max(latestMs, lastTimeMs, createdMs.get(index)!),
    nowMs,
  );
}

async function closeShard(
  transaction: CatalogTransaction,
  streamId: string,
  index: number,
  last: Position,
  nowMs: number,
): Promise<void> {
  await transaction
    .updateTable('shards')
    .set({ closed_ms: nowMs, closed_position: last })
    .where('stream_id', '=', streamId)
    .where('shard_index', '=', index)
    .execute();
}
