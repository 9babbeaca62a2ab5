/** The peak traffic of the last 30 days, one number of bytes a second for each day, as `streams.peaks_json` keeps it. Persisted. */
const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = 30;
const SHARD_BYTES_PER_SECOND = 1024 * 1024;

/** By day since 1970. */
type Peaks = Readonly<Record<string, number>>;

/** The greatest peak of the 30 days up to now, in bytes a second. */
export function peakBytesPerSecond(peaksJson: string, nowMs: number): number {
  return Math.max(0, ...Object.values(recent(peaksJson, nowMs)));
}

/** `peaks_json` with today's peak raised to `bytesPerSecond`, and without days that have passed. */
export function withPeak(peaksJson: string, nowMs: number, bytesPerSecond: number): string {
  const peaks = recent(peaksJson, nowMs);
  const today = String(Math.floor(nowMs / DAY_MS));
  return JSON.stringify({ ...peaks, [today]: Math.max(peaks[today] ?? 0, Math.ceil(bytesPerSecond)) });
}

/** The shards for twice a peak: each takes 1 MiB a second. */
export function shardsForPeak(bytesPerSecond: number): number {
  return Math.ceil((2 * bytesPerSecond) / SHARD_BYTES_PER_SECOND);
}

/** The peak that would have called for so many shards. */
export function peakOfShards(shards: number): number {
  return Math.floor((shards * SHARD_BYTES_PER_SECOND) / 2);
}

function recent(peaksJson: string, nowMs: number): Peaks {
  const oldest = Math.floor(nowMs / DAY_MS) - DAYS + 1;
  return Object.fromEntries(
    Object.entries(JSON.parse(peaksJson) as Peaks).filter(([day]) => Number(day) >= oldest),
  );
}
