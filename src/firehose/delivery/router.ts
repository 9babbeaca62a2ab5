/** Puts processed records into the buffers of their lanes, and counts the partitions that are active. */
import type { Processed, ProcessedRecord, UnprocessedRecord } from '../processing/processing.ts';
import type { Activity } from './activity.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { lineOf } from './error-output.ts';
import { laneOf, type DeliveryPlan, type LaneName } from './lane.ts';
import type { OpenBuffers } from './open-buffers.ts';

export class Router {
  readonly #buffers: OpenBuffers;
  readonly #plan: () => DeliveryPlan;
  readonly #activity: Activity;
  readonly #now: () => number;
  readonly #activeMax: number;
  /** Buffers and deliveries of each active partition: it is active until all of it is delivered. */
  readonly #active = new Map<string, number>();

  constructor(parts: {
    readonly buffers: OpenBuffers;
    readonly plan: () => DeliveryPlan;
    readonly activity: Activity;
    readonly now: () => number;
    /** How many partitions may be active. */
    readonly activeMax: number;
  }) {
    this.#buffers = parts.buffers;
    this.#plan = parts.plan;
    this.#activity = parts.activity;
    this.#now = parts.now;
    this.#activeMax = parts.activeMax;
  }

  get activePartitions(): number {
    return this.#active.size;
  }

  /** The main buffer of a partition was opened. */
  began(partition: string): void {
    this.#active.set(partition, (this.#active.get(partition) ?? 0) + 1);
  }

  /** What came of such a buffer is over. */
  ended(partition: string): void {
    const left = (this.#active.get(partition) ?? 0) - 1;
    if (left > 0) this.#active.set(partition, left);
    else this.#active.delete(partition);
  }

  route({ records, failed, dropped }: Processed, backedUp: readonly DeliveryRecord[]): void {
    for (const record of records) this.main(record);
    for (const record of failed) this.failed(record);
    for (const record of backedUp) this.#backup(record);
    this.#activity.recordsDropped += dropped.length;
  }

  main(record: ProcessedRecord): void {
    const { main, partitionOf } = this.#plan();
    const { keys } = record;
    if (keys === undefined || partitionOf === undefined) {
      this.#buffers.add('main', main, record);
      return;
    }
    const partition = partitionOf(keys);
    if (partition === undefined) {
      this.#refuse(record, 'DynamicPartitioning.InvalidPrefix', 'The evaluated prefix is too long.');
      return;
    }
    if (!this.#active.has(partition) && this.#active.size >= this.#activeMax) {
      this.#refuse(
        record,
        'DynamicPartitioning.ActivePartitionsLimitExceeded',
        `The limit of ${this.#activeMax} active partitions is exceeded.`,
      );
      return;
    }
    this.#buffers.add('main', main, record, partition, keys);
  }

  failed({ identity, type, arrivalMs, code, message, members }: UnprocessedRecord): void {
    const name: LaneName = `error:${type}`;
    this.#activity.recordsFailed++;
    this.#activity.sawRecordError({ code, message, timeMs: this.#now(), lane: name, records: 1 });
    this.#buffers.add(name, laneOf(this.#plan(), name)!, lineOf({ identity, arrivalMs }, members));
  }

  #backup(record: DeliveryRecord): void {
    const { backup } = this.#plan();
    if (backup !== undefined) this.#buffers.add('backup', backup, record);
  }

  #refuse({ identity, rawData, arrivalMs }: DeliveryRecord, code: string, message: string): void {
    const members = {
      attemptsMade: 1,
      arrivalTimestamp: arrivalMs,
      errorCode: code,
      errorMessage: message,
      attemptEndingTimestamp: this.#now(),
      rawData: Buffer.from(rawData.buffer, rawData.byteOffset, rawData.length).toString('base64'),
    };
    this.failed({ identity, type: 'processing-failed', arrivalMs, code, message, members });
  }
}
