/**
 * Usage by time, for metering: open shards, consumers, extended retention. Charged when something of the stream changes, for the time that it
 * was as it was, and every few seconds, so that little is lost when the process ends abruptly. What is kept by age is measured once
 * an hour and charged until it is measured again.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import type { Meter } from '../../metering/meter.ts';
import { agedBytes, NOTHING_AGED, type AgedBytes } from './aged-bytes.ts';
import { startRounds } from './rounds.ts';
import type { Stream, StreamDirectory } from '../directory/stream.ts';

const ROUND_MS = 30_000;
const MEASURE_EVERY_MS = 60 * 60 * 1000;
const EXTENDED_ABOVE_HOURS = 24;

export type UsageParts = {
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly log: RecordLog;
  readonly directory: StreamDirectory;
  readonly meter: Meter;
  /** Told of a measurement that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: Stream) => void;
};

export function startUsage(parts: UsageParts): AsyncDisposable {
  const { clock, directory, meter } = parts;
  /** Until when each stream is charged, in monotonic milliseconds. */
  const chargedMs = new Map<string, number>();
  const aged = new Map<string, AgedBytes & { readonly measuredMs: number }>();

  function charge(stream: Stream): void {
    const nowMs = clock.monotonic();
    const elapsedMs = nowMs - (chargedMs.get(stream.id) ?? nowMs);
    chargedMs.set(stream.id, nowMs);
    if (elapsedMs <= 0 || stream.status === 'CREATING') return;
    const shardMs = elapsedMs * stream.openShards.length;
    const counters = meter.stream(stream.id);
    counters.shardMs += shardMs;
    if (stream.mode === 'ON_DEMAND') counters.onDemandStreamMs += elapsedMs;
    counters.consumerShardMs += shardMs * stream.consumers.length;
    if (stream.retentionHours <= EXTENDED_ABOVE_HOURS) return;
    const { extended, longTerm } = aged.get(stream.id) ?? NOTHING_AGED;
    counters.extendedRetentionShardMs += shardMs;
    counters.extendedRetentionByteMs += elapsedMs * extended;
    counters.longTermRetentionByteMs += elapsedMs * longTerm;
  }
  function chargeAll(): void {
    for (const stream of directory.all()) charge(stream);
  }

  async function measureAll(isStopped: () => boolean): Promise<void> {
    for (const stream of [...directory.all()]) {
      if (isStopped()) return;
      const measuredMs = clock.monotonic();
      const last = aged.get(stream.id);
      if (stream.retentionHours <= EXTENDED_ABOVE_HOURS) continue;
      if (last !== undefined && measuredMs - last.measuredMs < MEASURE_EVERY_MS) continue;
      try {
        const bytes = await agedBytes(parts, stream, clock.now());
        if (directory.byId(stream.id) !== undefined) aged.set(stream.id, { ...bytes, measuredMs });
      } catch (error) {
        if (!isStopped()) parts.onFailure(error, stream);
      }
    }
  }

  chargeAll();
  const watching = directory.watch((before, now) => {
    if (before !== undefined) charge(before);
    if (now?.retentionHours !== before?.retentionHours) aged.delete((now ?? before)!.id);
    if (now === undefined) chargedMs.delete(before!.id);
    else if (before === undefined) charge(now);
  });
  const rounds = startRounds(clock, ROUND_MS, async (isStopped) => {
    chargeAll();
    await measureAll(isStopped);
  });
  return {
    async [Symbol.asyncDispose]() {
      watching[Symbol.dispose]();
      await rounds[Symbol.asyncDispose]();
      chargeAll();
    },
  };
}
