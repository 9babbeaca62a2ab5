/** The clock that the server is given, as the driver reckons with it: it runs fast, and may jump ahead between two lives. */
import type { Settings } from './inside/settings.ts';

const SPEED = 20;

export class ServerClock {
  #realStartMs = Date.now();
  #startMs = this.#realStartMs;

  nowMs(): number {
    return this.#startMs + (Date.now() - this.#realStartMs) * SPEED;
  }

  /** Only while no server runs. */
  jump(ms: number): void {
    this.#startMs = this.nowMs() + ms;
    this.#realStartMs = Date.now();
  }

  settings(): Settings['clock'] {
    return { speed: SPEED, realStartMs: this.#realStartMs, startMs: this.#startMs };
  }
}
