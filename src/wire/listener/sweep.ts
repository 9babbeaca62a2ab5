/**
 * One pass a second over all that has a deadline, instead of a timer for each request: setting a deadline is then storing a
 * number. Deadlines are met up to a second late, which none of them minds. The pass runs only while something is watched.
 */
import type { Clock, TimerHandle } from '../../host/host.ts';

const PERIOD_MS = 1000;

export interface Watched {
  /** Looks at its deadlines; `nowMs` is monotonic. */
  check(nowMs: number): void;
}

export class Sweep {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #timer: TimerHandle | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.monotonic();
  }

  watch(watched: Watched): void {
    this.#watched.add(watched);
    this.#timer ??= this.#arm();
  }

  forget(watched: Watched): void {
    this.#watched.delete(watched);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#watched.clear();
  }

  #arm(): TimerHandle {
    return this.#clock.timer(
      PERIOD_MS,
      () => {
        const nowMs = this.now();
        for (const watched of this.#watched) watched.check(nowMs);
        this.#timer = this.#watched.size === 0 ? undefined : this.#arm();
      },
      { background: true },
    );
  }
}
