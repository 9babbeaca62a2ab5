/**
 * Measured traffic: what went into each shard, second by second. The data plane counts, scaling reads. Kept in memory only;
 * what must outlive a restart (the peaks of thirty days) scaling.ts keeps in the catalog. Counting is a few additions, and
 * what is kept of a shard is constant: the running second, and the busiest second of the running and of the last half minute and half hour.
 */
import type { Clock } from '../../host/host.ts';

export type Rate = { readonly bytesPerSecond: number; readonly recordsPerSecond: number };

/** Bytes a second, or what as many small records ask of a shard: 1,000 records are as much as 1 MiB. */
export function demand(rate: Rate): number {
  return Math.max(rate.bytesPerSecond, rate.recordsPerSecond * BYTES_PER_RECORD_OF_CAPACITY);
}
const BYTES_PER_RECORD_OF_CAPACITY = (1024 * 1024) / 1000;

export interface Traffic {
  /** The busiest second of the stream, all shards together, within the last minute (at least the last 30 s); zero when there was none. Bytes are data and partition keys. */
  streamPeak(streamId: string): Rate;
  /** As `streamPeak`, within the last hour (at least the last half hour). */
  streamPeakOfHour(streamId: string): Rate;
  /** The busiest second of one shard within the last minute. */
  shard(streamId: string, index: number): Rate;
}

/** The side of the writers. */
export interface TrafficCounter extends Traffic {
  /** What the stream's shards get at this moment is added to it. */
  stream(streamId: string): StreamCounter;
  forget(streamId: string): void;
}

export interface StreamCounter {
  add(index: number, records: number, bytes: number): void;
}

const HALF_MINUTE_MS = 30_000;
const HALF_MINUTES_OF_HALF_HOUR = 60;
const NOTHING: Rate = Object.freeze({ bytesPerSecond: 0, recordsPerSecond: 0 });

type Busiest = {
  second: number;
  bytes: number;
  records: number;
  halfMinute: number;
  bytesPeak: number;
  recordsPeak: number;
  bytesPeakBefore: number;
  recordsPeakBefore: number;
  /** The half hour of `ofHalfHour`: what of it is in half minutes that have ended. */
  halfHour: number;
  ofHalfHour: Rate;
  ofHalfHourBefore: Rate;
};

class StreamTraffic implements StreamCounter {
  readonly whole: Busiest;
  readonly shards = new Map<number, Busiest>();
  #nowMs: number;
  /** Of `#nowMs`: one call adds to many shards. */
  #second = 0;
  #halfMinute = 0;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
    this.whole = quiet(nowMs);
  }

  at(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#second = Math.floor(nowMs / 1000);
    this.#halfMinute = Math.floor(nowMs / HALF_MINUTE_MS);
  }

  add(index: number, records: number, bytes: number): void {
    let shard = this.shards.get(index);
    if (shard === undefined) this.shards.set(index, (shard = quiet(this.#nowMs)));
    this.#count(this.whole, records, bytes);
    this.#count(shard, records, bytes);
  }

  #count(busiest: Busiest, records: number, bytes: number): void {
    if (busiest.halfMinute !== this.#halfMinute) roll(busiest, this.#halfMinute);
    if (busiest.second !== this.#second) {
      busiest.second = this.#second;
      busiest.bytes = 0;
      busiest.records = 0;
    }
    busiest.bytes += bytes;
    busiest.records += records;
    if (busiest.bytes > busiest.bytesPeak) busiest.bytesPeak = busiest.bytes;
    if (busiest.records > busiest.recordsPeak) busiest.recordsPeak = busiest.records;
  }
}

export function createTraffic(parts: { readonly clock: Clock }): TrafficCounter {
  const { clock } = parts;
  const streams = new Map<string, StreamTraffic>();

  function stream(streamId: string): StreamCounter {
    const nowMs = clock.monotonic();
    let traffic = streams.get(streamId);
    if (traffic === undefined) streams.set(streamId, (traffic = new StreamTraffic(nowMs)));
    traffic.at(nowMs);
    return traffic;
  }

  function streamPeak(streamId: string): Rate {
    return peak(streams.get(streamId)?.whole, clock.monotonic());
  }

  function shard(streamId: string, index: number): Rate {
    return peak(streams.get(streamId)?.shards.get(index), clock.monotonic());
  }

  function forget(streamId: string): void {
    streams.delete(streamId);
  }

  function streamPeakOfHour(streamId: string): Rate {
    const whole = streams.get(streamId)?.whole;
    const minute = peak(whole, clock.monotonic());
    if (whole === undefined) return minute;
    rollHalfHour(whole, halfHourOf(whole.halfMinute));
    return higher(minute, higher(whole.ofHalfHour, whole.ofHalfHourBefore));
  }

  return { stream, streamPeak, streamPeakOfHour, shard, forget };
}

function quiet(nowMs: number): Busiest {
  return {
    second: Math.floor(nowMs / 1000),
    bytes: 0,
    records: 0,
    halfMinute: Math.floor(nowMs / HALF_MINUTE_MS),
    bytesPeak: 0,
    recordsPeak: 0,
    bytesPeakBefore: 0,
    recordsPeakBefore: 0,
    halfHour: halfHourOf(Math.floor(nowMs / HALF_MINUTE_MS)),
    ofHalfHour: NOTHING,
    ofHalfHourBefore: NOTHING,
  };
}

/** Another half minute than that of the last record has begun. */
function roll(busiest: Busiest, halfMinute: number): void {
  rollHalfHour(busiest, halfHourOf(busiest.halfMinute));
  const ended = { bytesPerSecond: busiest.bytesPeak, recordsPerSecond: busiest.recordsPeak };
  busiest.ofHalfHour = higher(busiest.ofHalfHour, ended);
  const follows = halfMinute === busiest.halfMinute + 1;
  busiest.bytesPeakBefore = follows ? busiest.bytesPeak : 0;
  busiest.recordsPeakBefore = follows ? busiest.recordsPeak : 0;
  busiest.bytesPeak = 0;
  busiest.recordsPeak = 0;
  busiest.halfMinute = halfMinute;
}

function peak(busiest: Busiest | undefined, nowMs: number): Rate {
  if (busiest === undefined) return NOTHING;
  const halfMinute = Math.floor(nowMs / HALF_MINUTE_MS);
  if (halfMinute !== busiest.halfMinute) roll(busiest, halfMinute);
  return {
    bytesPerSecond: Math.max(busiest.bytesPeak, busiest.bytesPeakBefore),
    recordsPerSecond: Math.max(busiest.recordsPeak, busiest.recordsPeakBefore),
  };
}

function rollHalfHour(busiest: Busiest, halfHour: number): void {
  if (halfHour === busiest.halfHour) return;
  busiest.ofHalfHourBefore = halfHour === busiest.halfHour + 1 ? busiest.ofHalfHour : NOTHING;
  busiest.ofHalfHour = NOTHING;
  busiest.halfHour = halfHour;
}

function halfHourOf(halfMinute: number): number {
  return Math.floor(halfMinute / HALF_MINUTES_OF_HALF_HOUR);
}

function higher(a: Rate, b: Rate): Rate {
  return {
    bytesPerSecond: Math.max(a.bytesPerSecond, b.bytesPerSecond),
    recordsPerSecond: Math.max(a.recordsPerSecond, b.recordsPerSecond),
  };
}
