/**
 * The transitional statuses: CREATING, UPDATING and DELETING of streams, CREATING and DELETING of consumers. Each is a row that
 * says what is pending and when it is due; a timer completes it. A restart finds the same rows and goes on, and work that
 * fails (a full disk) is tried again, so nothing stays transitional for ever.
 */
import type { Clock, TimerHandle } from '../../host/host.ts';
import type { CatalogStreamDirectory } from '../directory/directory.ts';
import type { Stream } from '../directory/stream.ts';

const RETRY_MS = 1000;

export type LifecycleParts = {
  readonly clock: Clock;
  readonly directory: CatalogStreamDirectory;
  /** Completes what the stream has pending; it may have been deleted meanwhile. */
  readonly completeStream: (stream: Stream) => Promise<void>;
  /** Settles the stream's consumers that are due. */
  readonly completeConsumers: (stream: Stream) => Promise<void>;
  /** Told of work that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: Stream) => void;
  /** The longest that anything is pending: a wall clock that was set back makes nothing wait longer. */
  readonly pendingMsMax: number;
};

/** Watches the directory from now on, beginning with what is pending already. Disposing waits for the work under way. */
export function startLifecycle(parts: LifecycleParts): AsyncDisposable {
  return new Lifecycle(parts);
}

type Kind = 'stream' | 'consumers';

class Lifecycle implements AsyncDisposable {
  readonly #parts: LifecycleParts;
  readonly #timers = new Map<string, TimerHandle & { readonly dueMs: number }>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #watching: Disposable;
  #closed = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#watching = parts.directory.watch((before, now) => this.#changed(before, now));
    for (const stream of parts.directory.all()) this.#changed(undefined, stream);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#watching[Symbol.dispose]();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await Promise.all(this.#working.values());
  }

  #changed(before: Stream | undefined, now: Stream | undefined): void {
    const id = (now ?? before)!.id;
    this.#arm(id, 'stream', now?.pending?.dueMs);
    this.#arm(id, 'consumers', earliestDue(now));
  }

  /** Sets the timer for another time; none when nothing is due. Work under way arms the next one itself when it ends. */
  #arm(id: string, kind: Kind, dueMs: number | undefined): void {
    const key = `${kind} ${id}`;
    if (this.#closed || this.#working.has(key)) return;
    const armed = this.#timers.get(key);
    if (armed?.dueMs === dueMs) return;
    armed?.cancel();
    this.#timers.delete(key);
    if (dueMs === undefined) return;
    const { clock, pendingMsMax } = this.#parts;
    const delayMs = Math.min(Math.max(0, dueMs - clock.now()), pendingMsMax);
    const timer = clock.timer(delayMs, () => this.#begin(id, kind, key));
    this.#timers.set(key, { dueMs, cancel: () => timer.cancel() });
  }

  #begin(id: string, kind: Kind, key: string): void {
    this.#timers.delete(key);
    const work = this.#complete(id, kind, key);
    this.#working.set(key, work);
  }

  async #complete(id: string, kind: Kind, key: string): Promise<void> {
    const retryMs = await this.#attempt(id, kind);
    this.#working.delete(key);
    const stream = this.#parts.directory.byId(id);
    const dueMs = kind === 'stream' ? stream?.pending?.dueMs : earliestDue(stream);
    if (dueMs !== undefined) this.#arm(id, kind, Math.max(dueMs, this.#parts.clock.now() + retryMs));
  }

  /** How long to wait before the next attempt, when this one failed. */
  async #attempt(id: string, kind: Kind): Promise<number> {
    const stream = this.#parts.directory.byId(id);
    if (stream === undefined) return 0;
    try {
      if (kind === 'consumers') await this.#parts.completeConsumers(stream);
      else if (stream.pending !== undefined) await this.#parts.completeStream(stream);
      return 0;
    } catch (error) {
      if (!this.#closed) this.#parts.onFailure(error, stream);
      return RETRY_MS;
    }
  }
}

/** When the first of the stream's consumers is due. */
export function earliestDue(stream: Stream | undefined): number | undefined {
  const due = (stream?.consumers ?? []).flatMap((consumer) => consumer.dueMs ?? []);
  return due.length === 0 ? undefined : Math.min(...due);
}
