/**
 * Gathers what is to be sealed into one buffer, and has it sealed and summed as one job: on the host's other thread when there is one
 * and it is worth the messages, else here. The bytes are the same.
 */
import { NONCE_BYTES, runSealJob, type SealJob, type SealTicket, TAG_BYTES } from '../../base/seal-job.ts';
import type { SealingThread } from '../../host/host.ts';
import type { Slab } from '../slab.ts';
import { ByteWriter } from './byte-writer.ts';

/** Where a job is done. */
export type SealPlace = {
  readonly thread: SealingThread | undefined;
  /** Jobs that seal fewer bytes are done here. */
  readonly bytesMin: number;
  /** Nobody waits for it. */
  readonly patient: boolean;
};

export class SealPlan {
  readonly #sources = new Map<Slab, number>();
  #newest: Slab | undefined;
  #newestIndex = 0;
  readonly #keys: SealTicket['key'][] = [];
  readonly #seals: number[] = [];
  readonly #nonces = new ByteWriter(64);
  readonly #additional = new ByteWriter(128);
  readonly #pieces: number[] = [];
  readonly #sums: number[] = [];
  #bytes = 0;

  /**
   * Seals pieces of slabs as one, to stand at `at` of the target; gives the bytes that it takes there. Whoever asks holds the slabs
   * until the plan was run.
   */
  seal(
    { key, nonce }: SealTicket,
    additional: Uint8Array,
    pieces: Iterable<{ readonly slab: Slab; readonly start: number; readonly end: number }>,
    at: number,
  ): number {
    let bytes = 0;
    for (const { slab, start, end } of pieces) {
      this.#pieces.push(this.#sourceOf(slab), start, end);
      bytes += end - start;
    }
    if (this.#keys.at(-1) !== key) this.#keys.push(key);
    this.#nonces.bytes(nonce);
    this.#additional.bytes(additional);
    this.#seals.push(this.#keys.length - 1, at, this.#additional.length, this.#pieces.length);
    this.#bytes += bytes;
    return NONCE_BYTES + bytes + TAG_BYTES;
  }

  /** Asks for the CRC-32 of a part of the target, with what will be sealed into it. */
  sum(start: number, end: number): void {
    this.#sums.push(start, end);
  }

  /** Seals; gives the checksums in the order in which they were asked for. */
  run(
    target: Uint8Array,
    { thread, bytesMin, patient }: SealPlace,
  ): readonly number[] | Promise<readonly number[]> {
    const job: SealJob = {
      sources: Array.from(this.#sources.keys(), ({ bytes }) => bytes),
      target,
      keys: this.#keys,
      seals: Int32Array.from(this.#seals),
      nonces: this.#nonces.written(),
      additional: this.#additional.written(),
      pieces: Int32Array.from(this.#pieces),
      sums: Int32Array.from(this.#sums),
    };
    return thread === undefined || this.#bytes < bytesMin ? runSealJob(job) : thread.run(job, patient);
  }

  #sourceOf(slab: Slab): number {
    // Mostly the one before.
    if (slab === this.#newest) return this.#newestIndex;
    let index = this.#sources.get(slab);
    if (index === undefined) this.#sources.set(slab, (index = this.#sources.size));
    this.#newest = slab;
    this.#newestIndex = index;
    return index;
  }
}
