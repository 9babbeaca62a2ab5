/**
 * Calls a second, counted in buckets by name. A bucket holds one second's calls and is one number, the time at which it is full again; full
 * ones are forgotten, so the memory is bounded.
 */
const SECOND_MS = 1000;
const BUCKETS_MAX = 10_000;
/** Times are added up from fractions; this much of a millisecond is rounding. */
const ROUNDING_MS = 1e-6;

export class CallRates {
  /** When each bucket is full again, in monotonic milliseconds; least recently made first. */
  readonly #fullMs = new Map<string, number>();

  /** Counts a call of which `rate` are allowed a second; false when there were too many in the last one. */
  admit(bucket: string, rate: number, nowMs: number): boolean {
    const fullMs = Math.max(this.#fullMs.get(bucket) ?? 0, nowMs) + SECOND_MS / rate;
    if (fullMs - nowMs > SECOND_MS + ROUNDING_MS) return false;
    this.#fullMs.delete(bucket);
    if (this.#fullMs.size >= BUCKETS_MAX) this.#forget(nowMs);
    this.#fullMs.set(bucket, fullMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [bucket, fullMs] of this.#fullMs) if (fullMs <= nowMs) this.#fullMs.delete(bucket);
    for (const bucket of this.#fullMs.keys()) {
      if (this.#fullMs.size < BUCKETS_MAX) return;
      this.#fullMs.delete(bucket);
    }
  }
}
