/** The memory that frames are sealed in, used again: fresh memory is dear, and shared memory (for the sealing thread) is dearer. */
import { sharedBytes } from '../slab.ts';

const BYTES_MIN = 64 * 1024;
/** Longer ones are for a single large append, and are left to the collector. */
const BYTES_MAX_KEPT = 4 * 1024 * 1024;

export class FrameBuffers {
  readonly #free: Buffer[] = [];

  take(bytesMax: number): Buffer {
    const index = this.#free.findIndex(({ length }) => length >= bytesMax);
    if (index !== -1) return this.#free.splice(index, 1)[0]!;
    // One that is too short is given up for it, so that there never are more than frames at once.
    this.#free.shift();
    return sharedBytes(2 ** Math.ceil(Math.log2(Math.max(bytesMax, BYTES_MIN))));
  }

  /** Nobody writes to it or reads it any more. */
  give(buffer: Buffer): void {
    if (buffer.length > BYTES_MAX_KEPT) return;
    this.#free.push(buffer);
    // The shortest that will do is taken.
    this.#free.sort((a, b) => a.length - b.length);
  }
}
