import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProgram } from '../../sql/engine/program.ts';
import type { Output } from './program-output.ts';

const WAIT_MS_MAX = 100;

/** Gives rows when their time has come, with bounds meanwhile. */
export class Pace {
  readonly #startMs: number;
  readonly #speed: number;
  readonly #beganMs = performance.now();

  constructor(startMs: number, speed: number) {
    this.#startMs = startMs;
    this.#speed = speed;
  }

  async until(timeMs: number, program: RunningProgram, output: Output, signal: AbortSignal): Promise<void> {
    for (;;) {
      const elapsedMs = performance.now() - this.#beganMs;
      const waitMs = (timeMs - this.#startMs) / this.#speed - elapsedMs;
      if (waitMs <= 1) return;
      const boundMs = Math.floor(this.#startMs + elapsedMs * this.#speed);
      program.setNow(boundMs);
      program.bound(boundMs);
      await output.flush();
      await sleep(Math.min(waitMs, WAIT_MS_MAX), undefined, { signal });
    }
  }
}
