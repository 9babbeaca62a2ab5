/**
 * The memory that encoded groups are kept in. Fresh memory is dear: each of its pages is faulted in, and the collector goes over the
 * whole heap for every so many bytes of it, so slabs are used again. Who needs what is in a slab holds it: the batches of the tail
 * for as long as they are there, and a read until whoever asked for it says that it is done (`RecordColumns.release`). A slab is
 * used again when nobody holds it any more; one that a reader never lets go of is left to the collector.
 *
 * Slabs are shared memory, so that another thread can seal what is in them.
 */
import { assert } from '../base/assert.ts';

/** More are not kept: with the sizes of a server, as much as a journal file that was rewritten sets free. */
const FREE_SLABS_MAX = 8;

export class Slab {
  readonly bytes: Buffer;
  /** What is filled; the rest is room. */
  used = 0;
  readonly #free: (slab: Slab) => void;
  #holders = 0;

  /** `free` is called when nobody holds it any more. */
  constructor(bytes: Buffer, free: (slab: Slab) => void = () => {}) {
    this.bytes = bytes;
    this.#free = free;
  }

  get room(): number {
    return this.bytes.length - this.used;
  }

  hold(): void {
    this.#holders++;
  }

  letGo(): void {
    assert(this.#holders > 0, 'a slab that is let go of was held');
    if (--this.#holders === 0) this.#free(this);
  }
}

export class Slabs {
  readonly #slabBytes: number;
  #filling: Slab | undefined;
  readonly #kept: Slab[] = [];

  constructor(slabBytes: number) {
    this.#slabBytes = slabBytes;
  }

  /** A slab with room for `count` bytes, which the caller holds before it asks for another. */
  withRoom(count: number): Slab {
    const filling = this.#filling;
    if (filling !== undefined && filling.room >= count) return filling;
    const fresh = count > this.#slabBytes ? new Slab(sharedBytes(count)) : this.#take();
    fresh.hold();
    this.#filling = fresh;
    filling?.letGo();
    return fresh;
  }

  #take(): Slab {
    return this.#kept.pop() ?? new Slab(sharedBytes(this.#slabBytes), (slab) => this.#keep(slab));
  }

  #keep(slab: Slab): void {
    slab.used = 0;
    if (this.#kept.length < FREE_SLABS_MAX) this.#kept.push(slab);
  }
}

/** Zeros, in memory that other threads can be shown. */
export function sharedBytes(count: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(count));
}
