/** What a delivery stream did and what went wrong with it, for whoever watches: counters since the start, and the last errors. */
import type { DeliveryError } from './destination.ts';
import type { LaneName } from './lane.ts';

const ERRORS_MAX = 50;
const SAME_ERROR_MS = 10_000;

export type SeenError = DeliveryError & {
  readonly timeMs: number;
  readonly lane: LaneName | 'source';
  /** Records that it is about; 0 when it is about none in particular. */
  readonly records: number;
};

export type LaneCounters = { deliveries: number; records: number; bytes: number };

export class Activity {
  readonly #onError: (error: SeenError) => void;
  /** Read from the source, after aggregates were opened. */
  recordsRead = 0;
  bytesRead = 0;
  /** Dropped by the function. */
  recordsDropped = 0;
  /** Given up on, for the error output. */
  recordsFailed = 0;
  /** Lost, as AWS documents that such are lost. */
  recordsLost = 0;
  retries = 0;
  readonly delivered = new Map<LaneName, LaneCounters>();
  readonly errors: SeenError[] = [];

  /** `onError` is told of each, to be logged. */
  constructor(onError: (error: SeenError) => void) {
    this.#onError = onError;
  }

  deliveredOne(lane: LaneName, records: number, bytes: number): void {
    let counters = this.delivered.get(lane);
    if (counters === undefined)
      this.delivered.set(lane, (counters = { deliveries: 0, records: 0, bytes: 0 }));
    counters.deliveries++;
    counters.records += records;
    counters.bytes += bytes;
  }

  /** Of single records, which may come by the thousand: the same again within a while is counted with the first. */
  sawRecordError(error: SeenError): void {
    const last = this.errors.findLastIndex(({ code, lane }) => code === error.code && lane === error.lane);
    const seen = this.errors[last];
    if (seen === undefined || error.timeMs - seen.timeMs >= SAME_ERROR_MS) this.sawError(error);
    else this.errors[last] = { ...seen, records: seen.records + error.records };
  }

  sawError(error: SeenError): void {
    this.errors.push(error);
    if (this.errors.length > ERRORS_MAX) this.errors.shift();
    this.#onError(error);
  }
}
