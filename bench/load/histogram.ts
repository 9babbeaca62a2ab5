/** Latencies in buckets of about three per cent: memory stays the same however many there are. */
const BUCKETS_PER_DOUBLING = 23;

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS_PER_DOUBLING * 40);
  #total = 0;

  add(microseconds: number): void {
    const bucket = Math.floor(Math.log2(Math.max(1, microseconds)) * BUCKETS_PER_DOUBLING);
    this.#counts[Math.min(bucket, this.#counts.length - 1)]!++;
    this.#total++;
  }

  addAll(other: Histogram): void {
    other.#counts.forEach((count, bucket) => (this.#counts[bucket]! += count));
    this.#total += other.#total;
  }

  /** In microseconds: not more than the given share of all were slower. */
  percentile(share: number): number {
    const wanted = this.#total * share;
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted && seen > 0) return 2 ** ((bucket + 0.5) / BUCKETS_PER_DOUBLING);
    }
    return 0;
  }
}
