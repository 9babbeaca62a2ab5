/**
 * How much the logs of delivery streams keep, of what was put directly or again: more than so much of one, or of all together, and nothing is taken until something was
 * delivered. The log knows the bytes; adding them up for each call would cost more than the call, so the sum is a little old and what
 * was added since is counted.
 */
import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import type { DeliveryStreamDirectory } from '../directory/delivery-stream-state.ts';

const MEASURE_EVERY_MS = 100;

export type KeptBytesParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: DeliveryStreamDirectory;
  readonly streamBytesMax: number;
  /** Of all delivery streams. */
  readonly bytesMax: number;
};

export class KeptBytes {
  readonly #parts: KeptBytesParts;
  readonly #ofStreams = new Map<string, number>();
  #ofAll = 0;
  #measuredMs = -Infinity;

  constructor(parts: KeptBytesParts) {
    this.#parts = parts;
  }

  hasRoom(id: string, bytes: number): boolean {
    this.#measure();
    const { streamBytesMax, bytesMax } = this.#parts;
    return (this.#ofStreams.get(id) ?? 0) + bytes <= streamBytesMax && this.#ofAll + bytes <= bytesMax;
  }

  added(id: string, bytes: number): void {
    this.#ofStreams.set(id, (this.#ofStreams.get(id) ?? 0) + bytes);
    this.#ofAll += bytes;
  }

  #measure(): void {
    const { clock, log, directory } = this.#parts;
    const nowMs = clock.monotonic();
    if (nowMs - this.#measuredMs < MEASURE_EVERY_MS) return;
    this.#measuredMs = nowMs;
    this.#ofStreams.clear();
    this.#ofAll = 0;
    for (const { id } of directory.all()) this.added(id, log.storedBytes(id));
  }
}
