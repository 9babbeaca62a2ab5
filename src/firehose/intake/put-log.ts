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
import type { Append } from '../../log/append.ts';
import { Appends } from '../../log/appends.ts';
import { LogFailedError, LogFullError, LogGoneError, type RecordLog } from '../../log/log.ts';
import { ingestedBytes, type DeliveryMeters } from '../../metering/meter.ts';
import type { BytesColumn, Packed } from '../../wire/shape/packed.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { ValueCopier } from '../../wire/shape/value-copier.ts';
import type { DeliveryStreamDirectory, DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { deliveryStreamNotFound, slowDown } from '../directory/delivery-stream-errors.ts';
import type { PutLimits, Refusals } from '../limits/put-limits.ts';
import type { Record } from '../shapes/put.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { PutResults } from './put-results.ts';

export const PUT_PARTITION = 0;
export const PUT_HEADER_BYTES = 1;
const VERSION = 1;
/** For a few dozen large requests at once. */
const APPEND_BYTES_KEPT = 16 * 1024 * 1024;

/** Of the records that are written. */
type Usage = { readonly records: number; readonly bytes: number };

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
    const { limits, kept, meter } = this.#parts;
    const bytes = bytesOf(records);
    if (!limits.admitRequest(stream) || !kept.hasRoom(stream.id, bytes)) throw slowDown();
    const data = records.columns.Data as BytesColumn;
    const refusals = limits.refusals(stream, data, records.length, bytes);
    if (refusals !== undefined) meter.deliveryStream(stream.id).deliveryRecordsThrottled += refusals.count;
    const usage = { records: records.length - (refusals?.count ?? 0), bytes: bytes - (refusals?.bytes ?? 0) };
    if (usage.records === 0) return new PutResults(stream.id, 0, records.length, refusals?.refused);
    const { first, billedBytes } = await this.#append(stream, records, usage, refusals);
    this.#count(stream.id, usage, billedBytes);
    return new PutResults(stream.id, first, records.length, refusals?.refused);
  }

  /** Puts records that were put before: no quota holds for them, and they are not counted again. Rejects as `put` does. */
  async putAgain(stream: DeliveryStreamState, records: PutRecords): Promise<void> {
    const usage = { records: records.length, bytes: bytesOf(records) };
    if (!this.#parts.kept.hasRoom(stream.id, usage.bytes)) throw slowDown();
    await this.#append(stream, records, usage, undefined);
  }

  async #append(
    stream: DeliveryStreamState,
    records: PutRecords,
    usage: Usage,
    refusals: Refusals | undefined,
  ): Promise<{ readonly first: number; readonly billedBytes: number }> {
    const { log, kept } = this.#parts;
    const append = this.#appends.take();
    try {
      const dataBytes = usage.bytes + usage.records * PUT_HEADER_BYTES;
      append.addGroup(PUT_PARTITION, this.#timeOf(stream.id), usage.records, dataBytes);
      const billedBytes = layOut(records, refusals?.refused, append);
      await log.append(stream.id, append);
      kept.added(stream.id, usage.bytes);
      return { first: append.firsts[0]!, billedBytes };
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
  #count(id: string, usage: Usage, billedBytes: number): void {
    if (this.#parts.directory.byId(id) === undefined) return;
    const meter = this.#parts.meter.deliveryStream(id);
    meter.deliveryRecordsIn += usage.records;
    meter.deliveryBytesIn += usage.bytes;
    meter.deliveryBilledBytesIn += billedBytes;
  }
}

/** Writes the records that are not refused to their places in the only group, and gives the bytes that AWS bills. */
function layOut(records: PutRecords, refused: Uint8Array | undefined, append: Append): number {
  append.lay();
  const copier = new ValueCopier(records.columns.Data as BytesColumn, append.bytes, append.view);
  let billedBytes = 0;
  for (let index = 0; index < records.length; index++) {
    if (refused?.[index] === 1) continue;
    const bytes = copier.bytesOf(index);
    const at = append.place(0, PUT_HEADER_BYTES + bytes);
    append.bytes[at] = VERSION;
    copier.copy(index, at + PUT_HEADER_BYTES);
    billedBytes += ingestedBytes(bytes);
  }
  return billedBytes;
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
