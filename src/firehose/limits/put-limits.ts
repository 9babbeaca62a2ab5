/**
 * The rates of a DirectPut delivery stream as AWS enforces them: records, requests and bytes a second, more in its three largest regions. Each is
 * a bucket that holds one second's worth, and one number: the time at which it is full again. A request that is too many is refused as a
 * whole, a record by itself. What is legal at all passes a full bucket, however large it is, and leaves it in debt.
 */
import type { Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { BytesColumn } from '../../wire/shape/packed.ts';
import type { DeliveryStreamDirectory, DeliveryStreamState } from '../directory/delivery-stream-state.ts';

const SECOND_MS = 1000;
/** Times are added up from fractions; this much of a millisecond is rounding. */
const ROUNDING_MS = 1e-6;
/** "Amazon Data Firehose quota", developer guide. */
const LARGE_REGIONS: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1'];

export type Refusals = {
  /** 1 for a record that is refused. */
  readonly refused: Uint8Array;
  readonly count: number;
  readonly bytes: number;
};

type PutRates = Pick<
  Limits,
  | 'putRecordsPerSecond'
  | 'putRequestsPerSecond'
  | 'putBytesPerSecond'
  | 'putRecordsPerSecondElsewhere'
  | 'putRequestsPerSecondElsewhere'
  | 'putBytesPerSecondElsewhere'
>;

type Rates = { readonly recordMs: number; readonly requestMs: number; readonly byteMs: number };
/** When each is full again, in monotonic milliseconds. */
type Buckets = { recordsFullMs: number; requestsFullMs: number; bytesFullMs: number };

export class PutLimits implements Disposable {
  readonly #clock: Clock;
  readonly #large: Rates;
  readonly #elsewhere: Rates;
  readonly #buckets = new Map<string, Buckets>();
  readonly #watch: Disposable;

  constructor(parts: {
    readonly clock: Clock;
    readonly limits: PutRates;
    readonly directory: DeliveryStreamDirectory;
  }) {
    const { clock, limits } = parts;
    this.#clock = clock;
    this.#large = {
      recordMs: SECOND_MS / limits.putRecordsPerSecond,
      requestMs: SECOND_MS / limits.putRequestsPerSecond,
      byteMs: SECOND_MS / limits.putBytesPerSecond,
    };
    this.#elsewhere = {
      recordMs: SECOND_MS / limits.putRecordsPerSecondElsewhere,
      requestMs: SECOND_MS / limits.putRequestsPerSecondElsewhere,
      byteMs: SECOND_MS / limits.putBytesPerSecondElsewhere,
    };
    this.#watch = parts.directory.watch((before, now) => {
      if (now === undefined) this.#buckets.delete(before!.id);
    });
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  /** Counts a request; false when there were too many in the last second. */
  admitRequest(stream: DeliveryStreamState): boolean {
    const { requestMs } = this.#ratesOf(stream);
    if (requestMs === 0) return true;
    const buckets = this.#bucketsOf(stream.id);
    const nowMs = this.#clock.monotonic();
    if (!fits(buckets.requestsFullMs, nowMs, requestMs)) return false;
    buckets.requestsFullMs = Math.max(buckets.requestsFullMs, nowMs) + requestMs;
    return true;
  }

  /** Counts the records that there is room for; undefined when that is all of them. */
  refusals(
    stream: DeliveryStreamState,
    data: BytesColumn,
    length: number,
    bytes: number,
  ): Refusals | undefined {
    const { recordMs, byteMs } = this.#ratesOf(stream);
    if (recordMs === 0 && byteMs === 0) return undefined;
    const buckets = this.#bucketsOf(stream.id);
    const nowMs = this.#clock.monotonic();
    const recordsMs = length * recordMs;
    const bytesMs = bytes * byteMs;
    if (hasRoom(buckets.recordsFullMs, nowMs, recordsMs) && hasRoom(buckets.bytesFullMs, nowMs, bytesMs)) {
      take(buckets, nowMs, recordsMs, bytesMs);
      return undefined;
    }
    return refuse(buckets, nowMs, { recordMs, byteMs }, data, length);
  }

  #ratesOf({ region }: DeliveryStreamState): Rates {
    return LARGE_REGIONS.includes(region) ? this.#large : this.#elsewhere;
  }

  #bucketsOf(id: string): Buckets {
    let buckets = this.#buckets.get(id);
    if (buckets === undefined) {
      this.#buckets.set(id, (buckets = { recordsFullMs: 0, requestsFullMs: 0, bytesFullMs: 0 }));
    }
    return buckets;
  }
}

/** One record after another, as far as they fit. */
function refuse(
  buckets: Buckets,
  nowMs: number,
  { recordMs, byteMs }: Pick<Rates, 'recordMs' | 'byteMs'>,
  { starts, ends }: BytesColumn,
  length: number,
): Refusals | undefined {
  const refused = new Uint8Array(length);
  let count = 0;
  let refusedBytes = 0;
  for (let index = 0; index < length; index++) {
    const bytes = ends[index]! - starts[index]!;
    const costMs = bytes * byteMs;
    if (fits(buckets.recordsFullMs, nowMs, recordMs) && fits(buckets.bytesFullMs, nowMs, costMs)) {
      take(buckets, nowMs, recordMs, costMs);
      continue;
    }
    refused[index] = 1;
    count++;
    refusedBytes += bytes;
  }
  return count === 0 ? undefined : { refused, count, bytes: refusedBytes };
}

function take(buckets: Buckets, nowMs: number, recordsMs: number, bytesMs: number): void {
  buckets.recordsFullMs = Math.max(buckets.recordsFullMs, nowMs) + recordsMs;
  buckets.bytesFullMs = Math.max(buckets.bytesFullMs, nowMs) + bytesMs;
}

/** Whether so much of the last second's worth is left. */
function hasRoom(fullMs: number, nowMs: number, costMs: number): boolean {
  return Math.max(fullMs, nowMs) + costMs - nowMs <= SECOND_MS + ROUNDING_MS;
}

/** Whether what takes `costMs` of a bucket's refill is there; more than a whole bucket needs a full one. */
function fits(fullMs: number, nowMs: number, costMs: number): boolean {
  return fullMs - nowMs <= SECOND_MS - Math.min(costMs, SECOND_MS) + ROUNDING_MS;
}
