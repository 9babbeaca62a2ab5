/**
 * How much is written, right now: rolling rates by shard and the peak by stream, in memory, for on-demand scaling and
 * shard-level metrics. Adding is a few additions; nothing is kept of a stream that was deleted.
 */
import type { Clock } from '../host/host.ts';

export type Rate = { readonly bytesPerSecond: number; readonly recordsPerSecond: number };

export interface Traffic {
  /** The greatest rate of any whole second within the last minute, over all shards of the stream. Bytes are data and partition keys. */
  streamPeak(streamId: string): Rate;
  /** The mean rate of the shard over the last ten seconds. */
  shard(streamId: string, shardIndex: number): Rate;
}

/** The side of the writers. */
export interface TrafficCounter extends Traffic {
  add(streamId: string, shardIndex: number, records: number, bytes: number): void;
  forget(streamId: string): void;
}

const SECONDS_KEPT = 60;
const WINDOW_MS = 10_000;
const NOTHING: Rate = Object.freeze({ bytesPerSecond: 0, recordsPerSecond: 0 });

/** A sliding window: the last whole one and the running one. */
type ShardWindow = {
  startedMs: number;
  bytes: number;
  records: number;
  bytesBefore: number;
  recordsBefore: number;
};
type StreamTraffic = {
  /** Ring by second: the second that the slot holds, and what was written in it. */
  readonly seconds: Float64Array;
  readonly bytes: Float64Array;
  readonly records: Float64Array;
  readonly shards: Map<number, ShardWindow>;
};

export function createTraffic(parts: { readonly clock: Clock }): TrafficCounter {
  const { clock } = parts;
  const streams = new Map<string, StreamTraffic>();

  function add(streamId: string, shardIndex: number, records: number, bytes: number): void {
    const nowMs = clock.monotonic();
    let stream = streams.get(streamId);
    if (stream === undefined) streams.set(streamId, (stream = emptyStream()));
    const second = Math.floor(nowMs / 1000);
    const slot = second % SECONDS_KEPT;
    if (stream.seconds[slot] !== second) {
      stream.seconds[slot] = second;
      stream.bytes[slot] = 0;
      stream.records[slot] = 0;
    }
    stream.bytes[slot]! += bytes;
    stream.records[slot]! += records;
    let window = stream.shards.get(shardIndex);
    if (window === undefined) {
      window = { startedMs: nowMs, bytes: 0, records: 0, bytesBefore: 0, recordsBefore: 0 };
      stream.shards.set(shardIndex, window);
    }
    roll(window, nowMs);
    window.bytes += bytes;
    window.records += records;
  }

  function streamPeak(streamId: string): Rate {
    const stream = streams.get(streamId);
    if (stream === undefined) return NOTHING;
    const oldest = Math.floor(clock.monotonic() / 1000) - SECONDS_KEPT + 1;
    let bytesPerSecond = 0;
    let recordsPerSecond = 0;
    for (let slot = 0; slot < SECONDS_KEPT; slot++) {
      if (stream.seconds[slot]! < oldest) continue;
      bytesPerSecond = Math.max(bytesPerSecond, stream.bytes[slot]!);
      recordsPerSecond = Math.max(recordsPerSecond, stream.records[slot]!);
    }
    return { bytesPerSecond, recordsPerSecond };
  }

  function shard(streamId: string, shardIndex: number): Rate {
    const window = streams.get(streamId)?.shards.get(shardIndex);
    if (window === undefined) return NOTHING;
    const nowMs = clock.monotonic();
    roll(window, nowMs);
    const remaining = 1 - (nowMs - window.startedMs) / WINDOW_MS;
    return {
      bytesPerSecond: ((window.bytesBefore * remaining + window.bytes) * 1000) / WINDOW_MS,
      recordsPerSecond: ((window.recordsBefore * remaining + window.records) * 1000) / WINDOW_MS,
    };
  }

  function forget(streamId: string): void {
    streams.delete(streamId);
  }

  return { add, streamPeak, shard, forget };
}

function emptyStream(): StreamTraffic {
  return {
    seconds: new Float64Array(SECONDS_KEPT).fill(-1),
    bytes: new Float64Array(SECONDS_KEPT),
    records: new Float64Array(SECONDS_KEPT),
    shards: new Map(),
  };
}

function roll(window: ShardWindow, nowMs: number): void {
  const elapsed = nowMs - window.startedMs;
  if (elapsed < WINDOW_MS) return;
  const follows = elapsed < 2 * WINDOW_MS;
  window.bytesBefore = follows ? window.bytes : 0;
  window.recordsBefore = follows ? window.records : 0;
  window.bytes = 0;
  window.records = 0;
  window.startedMs = follows ? window.startedMs + WINDOW_MS : nowMs;
}
