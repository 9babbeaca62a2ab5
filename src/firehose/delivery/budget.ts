/**
 * The memory that all delivery streams share for records that are on their way. Buffers take chunks as they grow, at once and whatever
 * is held; what waits is the reading of more. When there is no room, deliveries that wait for their retry let their bytes go (they are read again from
 * the log), and the fullest buffers are closed, until what is on its way out will make room.
 *
 * Chunks are shared memory, so that worker threads compress and convert what is in them without a copy; large ones are used again.
 */

export const CHUNK_BYTES_MAX = 512 * 1024;
const FREE_CHUNKS_MAX = 16;

/** Whoever holds memory: a delivery stream. */
export type MemoryHolder = {
  /** Bytes in buffers that are still open. */
  openBytes(): number;
  /** Bytes of the fullest of them; 0 without one. */
  fullestBytes(): number;
  /** Closes the fullest, so that it is delivered. */
  closeFullest(): void;
  /** Lets go what deliveries hold that only wait. */
  letGo(): void;
};

type Waiter = { readonly bytes: number; readonly go: () => void };

export class MemoryBudget {
  readonly bytesMax: number;
  #held = 0;
  readonly #free: Uint8Array[] = [];
  readonly #holders = new Set<MemoryHolder>();
  readonly #waiters: Waiter[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get held(): number {
    return this.#held;
  }

  register(holder: MemoryHolder): Disposable {
    this.#holders.add(holder);
    return { [Symbol.dispose]: () => void this.#holders.delete(holder) };
  }

  takeChunk(bytes: number): Uint8Array {
    this.#held += bytes;
    const used = bytes === CHUNK_BYTES_MAX ? this.#free.pop() : undefined;
    return used ?? new Uint8Array(new SharedArrayBuffer(bytes));
  }

  /** Nobody looks at it any more. */
  giveChunk(chunk: Uint8Array): void {
    if (chunk.length === CHUNK_BYTES_MAX && this.#free.length < FREE_CHUNKS_MAX) this.#free.push(chunk);
    this.refund(chunk.length);
  }

  /** For memory that is not in chunks. */
  charge(bytes: number): void {
    this.#held += bytes;
  }

  refund(bytes: number): void {
    this.#held -= bytes;
    while (this.#waiters.length > 0 && this.#fits(this.#waiters[0]!.bytes)) this.#waiters.shift()!.go();
    if (this.#waiters.length > 0) this.#relieve();
  }

  /** Resolves when there is room for so many bytes more, in the order of the calls. Rejects with the signal's reason. */
  room(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#waiters.length === 0 && this.#fits(bytes)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const waiter: Waiter = {
        bytes,
        go() {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason);
        this.refund(0);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      this.#relieve();
    });
  }

  /** What asks for more than everything gets it when nothing else is held. */
  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#held + bytes <= this.bytesMax;
  }

  #relieve(): void {
    for (const holder of this.#holders) holder.letGo();
    const wanted = this.#waiters[0];
    if (wanted === undefined) return;
    for (;;) {
      let openBytes = 0;
      let fullest: MemoryHolder | undefined;
      for (const holder of this.#holders) {
        openBytes += holder.openBytes();
        if (holder.fullestBytes() > (fullest?.fullestBytes() ?? 0)) fullest = holder;
      }
      if (fullest === undefined || this.#held - openBytes + this.bytesMax >= this.#held + wanted.bytes)
        return;
      fullest.closeFullest();
    }
  }
}
