/**
 * On-demand scaling, from measured traffic: enough shards for the greatest of 4 MiB/s, twice the peak of 30 days, and the warm throughput;
 * and a shard that takes more than 500 KB/s is split, however quiet the others are.
 * The peaks of each day are kept in the catalog, so a restart forgets nothing. Up at once; down only when half would do and no
 * shard would be hot then, so that a stream does not swing. It works the same when limits are lifted: the shards are the parallelism of readers.
 */
import type { StreamRow } from '../../catalog/tables.ts';
import { SIZES, type Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import { checkShardLimit } from '../limits/account-limits.ts';
import { changeStream, updating, type ChangeParts } from '../directory/change-stream.ts';
import { peakBytesPerSecond, shardsForPeak, withPeak } from './peaks.ts';
import { hotShards, wouldBeHot } from './hot-shards.ts';
import { startRounds } from '../lifecycle/rounds.ts';
import type { Stream } from '../directory/stream.ts';
import { demand, type Traffic } from '../writing/traffic.ts';

/** Traffic is remembered for a minute, so it is looked at at least twice in one. */
const ROUND_MS_MAX = 30_000;
/** A peak is written when it is this much above the one of the day. */
const WORTH_WRITING = 1.02;

export type ScalingParts = ChangeParts & {
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly limits: Limits;
  readonly stateDurationMs: number;
  /** How soon a stream reacts to its traffic. */
  readonly reactionMs: number;
  readonly onFailure: (error: unknown, stream: Stream) => void;
};

export function startScaling(parts: ScalingParts): AsyncDisposable {
  let lookedMs = parts.clock.monotonic();
  return startRounds(parts.clock, Math.min(parts.reactionMs, ROUND_MS_MAX), async (isStopped) => {
    const nowMs = parts.clock.monotonic();
    const mayScale = nowMs - lookedMs >= parts.reactionMs;
    if (mayScale) lookedMs = nowMs;
    for (const stream of [...parts.directory.all()]) {
      if (isStopped()) return;
      if (stream.mode !== 'ON_DEMAND' || stream.status !== 'ACTIVE') continue;
      try {
        await scaleStream(parts, stream, mayScale);
      } catch (error) {
        if (!isOvertaken(parts, error, stream)) parts.onFailure(error, stream);
      }
    }
  });
}

/** Keeps the peak and, when it may, begins to scale. */
async function scaleStream(parts: ScalingParts, stream: Stream, mayScale: boolean): Promise<void> {
  const nowMs = parts.clock.now();
  const peak = demand(parts.traffic.streamPeak(stream.id));
  const { peaks_json } = await parts.catalog.read((transaction) =>
    transaction
      .selectFrom('streams')
      .select('peaks_json')
      .where('stream_id', '=', stream.id)
      .executeTakeFirstOrThrow(),
  );
  const keepsPeak = peak > peakBytesPerSecond(peaks_json, nowMs) * WORTH_WRITING;
  const needed = shardsNeeded(stream, Math.max(peak, peakBytesPerSecond(peaks_json, nowMs)), parts.limits);
  const open = stream.openShards.length;
  const split = Math.min(open + hotShards(stream, parts.traffic), parts.limits.onDemandMibpsPerStream);
  const target = Math.max(needed, split);
  const shrinks = needed <= open / 2 && !wouldBeHot(stream, needed, parts.traffic);
  const scales = mayScale && (target > open || shrinks);
  if (!keepsPeak && !scales) return;
  await changeStream(parts, stream, async (row, transaction) => {
    const kept: Partial<StreamRow> = keepsPeak ? { peaks_json: withPeak(row.peaks_json, nowMs, peak) } : {};
    if (!scales || row.status !== 'ACTIVE' || row.mode !== 'ON_DEMAND') return kept;
    await checkShardLimit(transaction, row, target - open, parts.limits);
    const dueMs = nowMs + parts.stateDurationMs;
    return {
      ...kept,
      ...updating(target > open ? { kind: 'grow', dueMs, target } : { kind: 'scale', dueMs, target: needed }),
    };
  });
}

/** Shards, of a MiB a second each, for twice the peak, but never fewer than a new stream has or than are kept warm. */
export function shardsNeeded(
  stream: Pick<Stream, 'warmThroughputMibps'>,
  peakBytes: number,
  limits: Pick<Limits, 'onDemandMibpsPerStream'>,
): number {
  const needed = Math.max(
    SIZES.onDemandShardsInitial,
    shardsForPeak(peakBytes),
    stream.warmThroughputMibps ?? 0,
  );
  return Math.min(needed, limits.onDemandMibpsPerStream);
}

/** The account is full, or the stream was deleted meanwhile: nothing is wrong. */
function isOvertaken(parts: ScalingParts, error: unknown, stream: Stream): boolean {
  return error instanceof ServiceError || parts.directory.byId(stream.id) === undefined;
}
