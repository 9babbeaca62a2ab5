/**
 * The buffers of a delivery stream that records still come into: one for each lane and partition. A buffer is closed when it has its size, when its
 * first record has waited its interval, or when somebody needs the memory.
 */
import type { Clock, TimerHandle } from '../../host/host.ts';
import type { PartitionKeys } from '../object-keys/object-key.ts';
import type { MemoryBudget } from './budget.ts';
import { RecordBuffer } from './buffer.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Lane, LaneName } from './lane.ts';

/** An interval of 0 asks for no buffering: what comes within such a moment still goes together. */
const UNBUFFERED_MS = 200;

export type OpenBuffer = {
  readonly name: LaneName;
  readonly lane: Lane;
  readonly partition: string | undefined;
  readonly keys: PartitionKeys | undefined;
  readonly records: RecordBuffer;
  readonly dueMs: number;
};

export class OpenBuffers implements Disposable {
  readonly #clock: Clock;
  readonly #budget: MemoryBudget;
  readonly #onOpen: (buffer: OpenBuffer) => void;
  readonly #onClose: (buffer: OpenBuffer) => void;
  /** By lane and partition, in the order of their opening. */
  readonly #open = new Map<LaneName, Map<string | undefined, OpenBuffer>>();
  #timer: TimerHandle | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  constructor(parts: {
    readonly clock: Clock;
    readonly budget: MemoryBudget;
    readonly onOpen: (buffer: OpenBuffer) => void;
    readonly onClose: (buffer: OpenBuffer) => void;
  }) {
    this.#clock = parts.clock;
    this.#budget = parts.budget;
    this.#onOpen = parts.onOpen;
    this.#onClose = parts.onClose;
  }

  has(name: LaneName, partition: string | undefined): boolean {
    return this.#open.get(name)?.has(partition) === true;
  }

  add(name: LaneName, lane: Lane, record: DeliveryRecord, partition?: string, keys?: PartitionKeys): void {
    let ofLane = this.#open.get(name);
    if (ofLane === undefined) this.#open.set(name, (ofLane = new Map()));
    let buffer = ofLane.get(partition);
    const { recordsMax, bytesMax } = lane.destination;
    if (buffer !== undefined && buffer.records.bytes + record.data.length > bytesMax) {
      this.#close(buffer);
      buffer = undefined;
    }
    if (buffer === undefined) {
      buffer = this.#openNew(name, lane, partition, keys);
      ofLane.set(partition, buffer);
      // Once it has a record, whose position it holds.
      buffer.records.add(record);
      this.#onOpen(buffer);
    } else buffer.records.add(record);
    const { length, bytes } = buffer.records;
    if (bytes >= lane.hints.bytes || length >= recordsMax) this.#close(buffer);
  }

  openBytes(): number {
    let bytes = 0;
    for (const { records } of this.all()) bytes += records.heldBytes;
    return bytes;
  }

  fullest(): OpenBuffer | undefined {
    let fullest: OpenBuffer | undefined;
    for (const buffer of this.all()) {
      if (fullest === undefined || buffer.records.heldBytes > fullest.records.heldBytes) fullest = buffer;
    }
    return fullest;
  }

  closeFullest(): void {
    const fullest = this.fullest();
    if (fullest !== undefined) this.#close(fullest);
  }

  /** What was gathered for settings that are no more. */
  closeAll(): void {
    for (const buffer of [...this.all()]) this.#close(buffer);
  }

  *all(): Iterable<OpenBuffer> {
    for (const ofLane of this.#open.values()) yield* ofLane.values();
  }

  /** Forgets what is open and gives its memory back. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
    for (const { records } of this.all()) records.release();
    this.#open.clear();
  }

  #openNew(
    name: LaneName,
    lane: Lane,
    partition: string | undefined,
    keys: PartitionKeys | undefined,
  ): OpenBuffer {
    const { destination, hints } = lane;
    const keepsRaw = destination.errorOutputType !== undefined;
    const dueMs = this.#clock.monotonic() + (hints.intervalMs === 0 ? UNBUFFERED_MS : hints.intervalMs);
    this.#wakeAt(dueMs);
    return { name, lane, partition, keys, records: new RecordBuffer(this.#budget, keepsRaw), dueMs };
  }

  #close(buffer: OpenBuffer): void {
    this.#open.get(buffer.name)!.delete(buffer.partition);
    this.#onClose(buffer);
  }

  #wakeAt(dueMs: number): void {
    if (dueMs >= this.#timerMs) return;
    this.#timer?.cancel();
    this.#timerMs = dueMs;
    this.#timer = this.#clock.timer(dueMs - this.#clock.monotonic(), () => this.#closeDue());
  }

  #closeDue(): void {
    this.#timerMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const ofLane of this.#open.values()) {
      for (const buffer of ofLane.values()) {
        if (buffer.dueMs <= nowMs) this.#close(buffer);
        else {
          nextMs = Math.min(nextMs, buffer.dueMs);
          break;
        }
      }
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#wakeAt(nextMs);
  }
}
