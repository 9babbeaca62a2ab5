/**
 * One budget for the bytes that requests hold in memory: bodies being read, what is decoded from them, answers not yet
 * written. Whoever wants to hold bytes reserves them first, and waits when the budget is short; the listener does not read a
 * socket meanwhile, so the pressure reaches the client.
 *
 * It promises: never more than `bytesMax` are held; waiters are served in the order they came, and none waits longer
 * than `waitMs` or behind more than `waitersMax` others. The last eighth is kept for small reservations, which also
 * have a queue of their own, so that a crowd of large bodies does not make the small requests wait.
 *
 * To stay free of deadlock reserve all that a request will need at once; whoever waits while holding may time out.
 */
const SMALL_BYTES_MAX = 64 * 1024;

/** Thrown to a waiter for whom no bytes came in time, or when too many wait already. Answered as 503: the client retries. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted';
}

/** Bytes of the budget. `release` may be called more than once. */
export interface Hold {
  readonly bytes: number;
  /** Gives back all but `bytes`. */
  shrink(bytes: number): void;
  release(): void;
}

type Waiter = { readonly bytes: number; grant(hold: Hold): void };

export type ByteBudgetOptions = {
  readonly bytesMax: number;
  /** 512 unless given. */
  readonly waitersMax?: number;
  /** 20,000 unless given. */
  readonly waitMs?: number;
  /** Calls back once after `delayMs`. */
  readonly timer: (delayMs: number, callback: () => void) => { cancel(): void };
};

export class ByteBudget {
  readonly bytesMax: number;
  readonly #largeBytesMax: number;
  readonly #waitersMax: number;
  readonly #waitMs: number;
  readonly #timer: ByteBudgetOptions['timer'];
  /** A Set keeps the order of arrival and forgets a waiter that gave up in constant time. */
  readonly #small = new Set<Waiter>();
  readonly #large = new Set<Waiter>();
  #held = 0;

  constructor(options: ByteBudgetOptions) {
    this.bytesMax = options.bytesMax;
    this.#largeBytesMax = options.bytesMax - Math.floor(options.bytesMax / 8);
    this.#waitersMax = options.waitersMax ?? 512;
    this.#waitMs = options.waitMs ?? 20_000;
    this.#timer = options.timer;
  }

  get held(): number {
    return this.#held;
  }

  get waiting(): number {
    return this.#small.size + this.#large.size;
  }

  /** Reserves at once, or returns undefined when the bytes are not free or others wait for theirs. */
  take(bytes: number): Hold | undefined {
    return this.#queue(bytes).size === 0 && this.#fits(bytes) ? this.#hold(bytes) : undefined;
  }

  /**
   * Reserves, in turn. More than the whole budget counts as the whole of it: such a request runs alone.
   * Rejects with `BudgetExhausted`, or with the signal's reason.
   */
  reserve(bytes: number, signal?: AbortSignal): Promise<Hold> {
    const hold = this.take(bytes);
    if (hold !== undefined) return Promise.resolve(hold);
    if (this.waiting >= this.#waitersMax) {
      return Promise.reject(new BudgetExhausted('too many requests wait for memory'));
    }
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const queue = this.#queue(bytes);
      const leave = (): void => {
        queue.delete(waiter);
        timer.cancel();
        signal?.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        bytes,
        grant(granted) {
          leave();
          resolve(granted);
        },
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason);
        this.#serve();
      };
      const timer = this.#timer(this.#waitMs, () => {
        leave();
        reject(new BudgetExhausted('no memory came free in time'));
        this.#serve();
      });
      signal?.addEventListener('abort', abort, { once: true });
      queue.add(waiter);
    });
  }

  #queue(bytes: number): Set<Waiter> {
    return bytes <= SMALL_BYTES_MAX ? this.#small : this.#large;
  }

  #fits(bytes: number): boolean {
    if (bytes <= SMALL_BYTES_MAX) return this.#held + bytes <= this.bytesMax;
    return this.#held + Math.min(bytes, this.#largeBytesMax) <= this.#largeBytesMax;
  }

  #hold(wanted: number): Hold {
    const bytes = wanted <= SMALL_BYTES_MAX ? wanted : Math.min(wanted, this.#largeBytesMax);
    this.#held += bytes;
    return new BudgetHold(bytes, this.#giveBack);
  }

  readonly #giveBack = (bytes: number): void => {
    this.#held -= bytes;
    if (this.waiting > 0) this.#serve();
  };

  #serve(): void {
    for (const queue of [this.#small, this.#large]) {
      for (const waiter of queue) {
        if (!this.#fits(waiter.bytes)) break;
        waiter.grant(this.#hold(waiter.bytes));
      }
    }
  }
}

class BudgetHold implements Hold {
  #bytes: number;
  readonly #giveBack: (bytes: number) => void;

  constructor(bytes: number, giveBack: (bytes: number) => void) {
    this.#bytes = bytes;
    this.#giveBack = giveBack;
  }

  get bytes(): number {
    return this.#bytes;
  }

  shrink(to: number): void {
    const over = this.#bytes - to;
    if (over <= 0) return;
    this.#bytes = to;
    this.#giveBack(over);
  }

  release(): void {
    this.shrink(0);
  }
}
