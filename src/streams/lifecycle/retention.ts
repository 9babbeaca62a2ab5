/**
 * Retention. Every few seconds what is older than the stream's period is trimmed, by position, to the record; and a closed shard is
 * removed, row and partition, once its whole period has passed since it was closed. A horizon never moves back, because the log's
 * trims never do. A failed round is told and tried again in the next.
 */
import { SIZES } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { fromLog } from '../records/data-errors.ts';
import { startRounds } from './rounds.ts';
import { trimHorizonMs } from '../directory/shard-lists.ts';
import { invalidArgument } from '../directory/stream-errors.ts';
import type { Stream } from '../directory/stream.ts';

const ROUND_MS = 10_000;

export type RetentionParts = ChangeParts & {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly onFailure: (error: unknown, stream: Stream) => void;
};

export function startRetention(parts: RetentionParts): AsyncDisposable {
  return startRounds(parts.clock, ROUND_MS, (isStopped) => runRound(parts, isStopped));
}

async function runRound(parts: RetentionParts, isStopped: () => boolean): Promise<void> {
  for (const stream of [...parts.directory.all()]) {
    if (isStopped()) return;
    if (stream.status === 'CREATING' || stream.status === 'DELETING') continue;
    try {
      await trimStream(parts.log, stream, parts.clock.now());
      await dropExpiredShards(parts, stream);
    } catch (error) {
      if (!isStopped() && parts.directory.byId(stream.id) !== undefined) parts.onFailure(error, stream);
    }
  }
}

/** For an operation: trims as `trimStream` does. Throws the model's errors. */
export async function trimNow(log: RecordLog, stream: Stream, nowMs: number): Promise<void> {
  try {
    await trimStream(log, stream, nowMs);
  } catch (error) {
    throw fromLog(error, stream);
  }
}

/** Trims every record that is older than the stream's retention period at `nowMs`. */
async function trimStream(log: RecordLog, stream: Stream, nowMs: number): Promise<void> {
  const horizonMs = trimHorizonMs(stream, nowMs);
  if (horizonMs <= stream.createdMs) return;
  for (const shard of stream.shards) {
    if (shard.createdMs >= horizonMs) continue;
    const { trimmed, last } = log.bounds(stream.id, shard.index);
    if (last <= trimmed) continue;
    const position = await log.positionBefore(stream.id, shard.index, horizonMs);
    if (position > trimmed) await log.trim(stream.id, shard.index, position);
  }
}

/** Removes closed shards of which every record has expired: the rows first, then the partitions. */
async function dropExpiredShards(parts: RetentionParts, stream: Stream): Promise<void> {
  const horizonMs = trimHorizonMs(stream, parts.clock.now());
  const expired = stream.shards
    .filter((shard) => shard.closedMs !== undefined && shard.closedMs < horizonMs)
    .map((shard) => shard.index);
  if (expired.length === 0) return;
  await changeStream(
    parts,
    stream,
    async (_row, transaction) => {
      for (const index of expired) {
        await transaction
          .deleteFrom('shards')
          .where('stream_id', '=', stream.id)
          .where('shard_index', '=', index)
          .execute();
      }
      return {};
    },
    'changed',
  );
  await parts.log.dropPartitions(stream.id, expired);
}

/** Throws InvalidArgumentException outside AWS's bounds. */
export function checkRetentionHours(hours: number): void {
  if (hours < SIZES.retentionHoursMin) {
    throw invalidArgument(
      `Minimum allowed retention period is ${SIZES.retentionHoursMin} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > SIZES.retentionHoursMax) {
    throw invalidArgument(
      `Maximum allowed retention period is ${SIZES.retentionHoursMax} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
}
