/**
 * Work that a row says is due at some time, such as the end of a transitional status. A timer does it. A restart finds the same rows and goes
 * on, and work that fails (a full disk) is tried again, so nothing stays transitional for ever.
 */
import type { Clock, TimerHandle } from '../host/host.ts';

const RETRY_MS = 1000;

type Identified = { readonly id: string };

type DueWorkParts<T extends Identified> = {
  readonly clock: Clock;
  /** The snapshots that say what is due. */
  readonly directory: {
    all(): Iterable<T>;
    byId(id: string): T | undefined;
    watch(onChange: (before: T | undefined, now: T | undefined) => void): Disposable;
  };
  /** Wall time in milliseconds; undefined when nothing is due. */
  readonly dueMs: (snapshot: T) => number | undefined;
  /** Does it; what it works on may have gone meanwhile. */
  readonly complete: (snapshot: T) => Promise<void>;
  /** Told of work that failed and will be tried again. */
  readonly onFailure: (error: unknown, snapshot: T) => void;
  /** The longest that anything is pending: a wall clock that was set back makes nothing wait longer. */
  readonly pendingMsMax: number;
};

/** Watches the directory from now on, beginning with what is due already. Disposing waits for the work under way. */
export class DueWork<T extends Identified> implements AsyncDisposable {
  readonly #parts: DueWorkParts<T>;
  readonly #timers = new Map<string, { readonly timer: TimerHandle; readonly dueMs: number }>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #watching: Disposable;
  #closed = false;

  constructor(parts: DueWorkParts<T>) {
    this.#parts = parts;
    this.#watching = parts.directory.watch((before, now) => this.#arm((now ?? before)!.id, this.#dueMs(now)));
    for (const snapshot of parts.directory.all()) this.#arm(snapshot.id, this.#dueMs(snapshot));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#watching[Symbol.dispose]();
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await Promise.all(this.#working.values());
  }

  #dueMs(snapshot: T | undefined): number | undefined {
    return snapshot && this.#parts.dueMs(snapshot);
  }

  /** Sets the timer for another time; none when nothing is due. Work under way arms the next one itself when it ends. */
  #arm(id: string, dueMs: number | undefined): void {
    if (this.#closed || this.#working.has(id)) return;
    const armed = this.#timers.get(id);
    if (armed?.dueMs === dueMs) return;
    armed?.timer.cancel();
    this.#timers.delete(id);
    if (dueMs === undefined) return;
    const { clock, pendingMsMax } = this.#parts;
    const delayMs = Math.min(Math.max(0, dueMs - clock.now()), pendingMsMax);
    this.#timers.set(id, { dueMs, timer: clock.timer(delayMs, () => this.#begin(id)) });
  }

  #begin(id: string): void {
    this.#timers.delete(id);
    this.#working.set(id, this.#complete(id));
  }

  async #complete(id: string): Promise<void> {
    const retryMs = await this.#attempt(id);
    this.#working.delete(id);
    const dueMs = this.#dueMs(this.#parts.directory.byId(id));
    if (dueMs !== undefined) this.#arm(id, Math.max(dueMs, this.#parts.clock.now() + retryMs));
  }

  /** How long to wait before the next attempt, when this one failed. */
  async #attempt(id: string): Promise<number> {
    const snapshot = this.#parts.directory.byId(id);
    if (snapshot === undefined || this.#dueMs(snapshot) === undefined) return 0;
    try {
      await this.#parts.complete(snapshot);
      return 0;
    } catch (error) {
      if (!this.#closed) this.#parts.onFailure(error, snapshot);
      return RETRY_MS;
    }
  }
}
