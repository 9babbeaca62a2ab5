/**
 * The way of records into a DirectPut delivery stream: a log of its own, named as the delivery stream, with one partition. What is answered is
 * durable; it waits there until it is delivered.
 *
 * A record's bytes in the log. Persisted: a version is never changed, a new one is added.
 *
 *     byte 0      version in the low four bits (1)
 *     …           the data, up to the end
 */
import type { Clock } from '../../host/host.ts';
import { Appends } from '../../log/appends.ts';
import { LogFailedError, LogFullError, LogGoneError, type RecordLog } from '../../log/log.ts';
import type { DeliveryMeters } from '../../metering/meter.ts';
import type { BytesColumn, Packed } from '../../wire/shape/packed.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { ValueCopier } from '../../wire/shape/value-copier.ts';
import type { DeliveryStreamDirectory, DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { deliveryStreamNotFound, slowDown } from '../directory/delivery-stream-errors.ts';
import type { PutLimits } from '../limits/put-limits.ts';
import type { Record } from '../shapes/put.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { PutResults } from './put-results.ts';

export const PUT_PARTITION = 0;
export const PUT_HEADER_BYTES = 1;
const VERSION = 1;
/** AWS bills records in steps of 5 KB. */
const BILLED_STEP_BYTES = 5 * 1024;
/** For a few dozen large requests at once. */
const APPEND_BYTES_KEPT = 16 * 1024 * 1024;

export type PutRecords = Packed<TypeOf<typeof Record>>;

export type PutLogParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: DeliveryStreamDirectory;
  readonly limits: PutLimits;
  readonly kept: KeptBytes;
  readonly meter: DeliveryMeters;
};

export class PutLog implements Disposable {
  readonly #parts: PutLogParts;
  readonly #appends = new Appends(APPEND_BYTES_KEPT);
  /** The time of the last append, which the next one is not before. */
  readonly #lastTimesMs = new Map<string, number>();
  readonly #watch: Disposable;

  constructor(parts: PutLogParts) {
    this.#parts = parts;
    this.#watch = parts.directory.watch((before, now) => {
      if (now === undefined) this.#lastTimesMs.delete(before!.id);
    });
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  /**
   * Puts the records of one call, each on its own: what the quotas refuse is told, the rest is durable. Rejects with
   * ServiceUnavailableException when nothing can be taken now, InternalFailure when the log could not write.
   */
  async put(stream: DeliveryStreamState, records: PutRecords): Promise<PutResults> {
    const { log, limits, kept, meter } = this.#parts;
    const data = records.columns.Data as BytesColumn;
    const size = bytesOf(records);
    if (!limits.admitRequest(stream) || !kept.hasRoom(stream.id, size)) throw slowDown();
    const refusals = limits.refusals(stream, data, records.length, size);
    if (refusals !== undefined) meter.deliveryStream(stream.id).deliveryRecordsThrottled += refusals.count;
    const count = records.length - (refusals?.count ?? 0);
    const append = this.#appends.take();
    try {
      if (count > 0) {
        const bytes = size - (refusals?.bytes ?? 0);
        const timeMs = this.#timeOf(stream.id);
        append.addGroup(PUT_PARTITION, timeMs, count, bytes + count * PUT_HEADER_BYTES);
        append.lay();
        const copier = new ValueCopier(data, append.bytes, append.view);
        let billedBytes = 0;
        for (let index = 0; index < records.length; index++) {
          if (refusals?.refused[index] === 1) continue;
          const recordBytes = copier.bytesOf(index);
          const at = append.place(0, PUT_HEADER_BYTES + recordBytes);
          append.bytes[at] = VERSION;
          copier.copy(index, at + PUT_HEADER_BYTES);
          billedBytes += Math.ceil(recordBytes / BILLED_STEP_BYTES) * BILLED_STEP_BYTES;
        }
        await log.append(stream.id, append);
        kept.added(stream.id, bytes);
        this.#count(stream.id, count, bytes, billedBytes);
      }
      return new PutResults(stream.id, append.firsts[0]!, records.length, refusals?.refused);
    } catch (error) {
      throw fromLog(error, stream);
    } finally {
      this.#appends.give(append);
    }
  }

  /** Never goes back, whatever the clock does. */
  #timeOf(id: string): number {
    const { clock, log } = this.#parts;
    const lastMs = this.#lastTimesMs.get(id) ?? log.bounds(id, PUT_PARTITION).lastTimeMs;
    const timeMs = Math.max(clock.now(), lastMs);
    this.#lastTimesMs.set(id, timeMs);
    return timeMs;
  }

  /** Counts what was written, once it is durable. Of a delivery stream deleted meanwhile nothing is kept any more. */
  #count(id: string, records: number, bytes: number, billedBytes: number): void {
    if (this.#parts.directory.byId(id) === undefined) return;
    const meter = this.#parts.meter.deliveryStream(id);
    meter.deliveryRecordsIn += records;
    meter.deliveryBytesIn += bytes;
    meter.deliveryBilledBytesIn += billedBytes;
  }
}

export function bytesOf(records: PutRecords): number {
  const { starts, ends } = records.columns.Data as BytesColumn;
  let bytes = 0;
  for (let index = 0; index < records.length; index++) bytes += ends[index]! - starts[index]!;
  return bytes;
}

/** What the log could not do: a full disk has room again by itself, so that the producer is told to come again. */
function fromLog(error: unknown, stream: DeliveryStreamState): unknown {
  if (error instanceof LogGoneError) return deliveryStreamNotFound(stream.name, stream.account);
  if (error instanceof LogFullError) return slowDown();
  if (error instanceof LogFailedError)
    return new ServiceError(INTERNAL_FAILURE, INTERNAL_TEXT, { fault: 'server' });
  return error;
}

export const INTERNAL_FAILURE = 'InternalFailure';
const INTERNAL_TEXT = 'Internal Service Failure';
