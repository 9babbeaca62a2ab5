/**
 * The transitional statuses: CREATING, DELETING, ENABLING and DISABLING. Each is a row that says what is pending and when it is due; a timer
 * completes it. A restart finds the same rows and goes on, and work that fails (a full disk) is tried again, so nothing stays transitional
 * for ever.
 */
import type { Clock, TimerHandle } from '../../host/host.ts';
import type { DeliveryStreamDirectory, DeliveryStreamState } from '../directory/delivery-stream-state.ts';

const RETRY_MS = 1000;

export type LifecycleParts = {
  readonly clock: Clock;
  readonly directory: DeliveryStreamDirectory;
  /** Completes what is pending; the delivery stream may have been deleted meanwhile. */
  readonly complete: (stream: DeliveryStreamState) => Promise<void>;
  /** Told of work that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: DeliveryStreamState) => void;
  /** The longest that anything is pending: a wall clock that was set back makes nothing wait longer. */
  readonly pendingMsMax: number;
};

/** Watches the directory from now on, beginning with what is pending already. Disposing waits for the work under way. */
export class Lifecycle implements AsyncDisposable {
  readonly #parts: LifecycleParts;
  readonly #timers = new Map<string, { readonly timer: TimerHandle; readonly dueMs: number }>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #watching: Disposable;
  #closed = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#watching = parts.directory.watch((before, now) =>
      this.#arm((now ?? before)!.id, now?.pending?.dueMs),
    );
    for (const stream of parts.directory.all()) this.#arm(stream.id, stream.pending?.dueMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#watching[Symbol.dispose]();
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await Promise.all(this.#working.values());
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
    const dueMs = this.#parts.directory.byId(id)?.pending?.dueMs;
    if (dueMs !== undefined) this.#arm(id, Math.max(dueMs, this.#parts.clock.now() + retryMs));
  }

  /** How long to wait before the next attempt, when this one failed. */
  async #attempt(id: string): Promise<number> {
    const stream = this.#parts.directory.byId(id);
    if (stream?.pending === undefined) return 0;
    try {
      await this.#parts.complete(stream);
      return 0;
    } catch (error) {
      if (!this.#closed) this.#parts.onFailure(error, stream);
      return RETRY_MS;
    }
  }
}
