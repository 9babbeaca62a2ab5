/**
 * Usage by time, for metering: open shards, consumers, extended retention. Charged when something of the stream changes, for the time that it
 * was as it was, and every few seconds, so that little is lost when the process ends abruptly.
 */
import type { Clock } from '../host/host.ts';
import type { Meter } from '../metering/meter.ts';
import { startRounds } from './rounds.ts';
import type { Stream, StreamDirectory } from './stream.ts';

const ROUND_MS = 30_000;
const EXTENDED_ABOVE_HOURS = 24;

export function startUsage(parts: {
  readonly clock: Clock;
  readonly directory: StreamDirectory;
  readonly meter: Meter;
}): AsyncDisposable {
  const { clock, directory, meter } = parts;
  /** Until when each stream is charged, in monotonic milliseconds. */
  const chargedMs = new Map<string, number>();

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
    if (stream.retentionHours > EXTENDED_ABOVE_HOURS) counters.extendedRetentionShardMs += shardMs;
  }
  function chargeAll(): void {
    for (const stream of directory.all()) charge(stream);
  }

  chargeAll();
  const watching = directory.watch((before, now) => {
    if (before !== undefined) charge(before);
    if (now === undefined) chargedMs.delete(before!.id);
    else if (before === undefined) charge(now);
  });
  const rounds = startRounds(clock, ROUND_MS, async () => chargeAll());
  return {
    async [Symbol.asyncDispose]() {
      watching[Symbol.dispose]();
      await rounds[Symbol.asyncDispose]();
      chargeAll();
    },
  };
}
