/**
 * Gathers what is to be sealed into one buffer, and has it sealed and summed as one job: on the host's other thread when there is one
 * and it is worth the messages, else here. The bytes are the same.
 */
import { NONCE_BYTES, runSealJob, type SealJob, type SealTicket, TAG_BYTES } from '../../base/seal-job.ts';
import type { SealingThread } from '../../host/host.ts';
import type { Slab } from '../slab.ts';

/** Where a job is done. */
export type SealPlace = {
  readonly thread: SealingThread | undefined;
  /** Jobs that seal fewer bytes are done here. */
  readonly bytesMin: number;
};

export class SealPlan {
  readonly #sources = new Map<Slab, number>();
  readonly #seals: SealJob['seals'][number][] = [];
  readonly #sums: number[] = [];
  #bytes = 0;

  /**
   * Seals pieces of slabs as one, to stand at `at` of the target; gives the bytes that it takes there. Whoever asks holds the slabs
   * until the plan was run.
   */
  seal(
    ticket: SealTicket,
    additional: Uint8Array,
    pieces: Iterable<{ readonly slab: Slab; readonly start: number; readonly end: number }>,
    at: number,
  ): number {
    const list: number[] = [];
    let bytes = 0;
    for (const { slab, start, end } of pieces) {
      list.push(this.#sourceOf(slab), start, end);
      bytes += end - start;
    }
    this.#seals.push({ ticket, additional, pieces: Int32Array.from(list), at });
    this.#bytes += bytes;
    return NONCE_BYTES + bytes + TAG_BYTES;
  }

  /** Asks for the CRC-32 of a part of the target, with what will be sealed into it. */
  sum(start: number, end: number): void {
    this.#sums.push(start, end);
  }

  /** Seals; gives the checksums in the order in which they were asked for. */
  run(target: Uint8Array, { thread, bytesMin }: SealPlace): readonly number[] | Promise<readonly number[]> {
    const sources = Array.from(this.#sources.keys(), ({ bytes }) => bytes);
    const job = { sources, target, seals: this.#seals, sums: this.#sums };
    return thread === undefined || this.#bytes < bytesMin ? runSealJob(job) : thread.run(job);
  }

  #sourceOf(slab: Slab): number {
    let index = this.#sources.get(slab);
    if (index === undefined) this.#sources.set(slab, (index = this.#sources.size));
    return index;
  }
}
