/**
 * A clock that moves only when it is told to. Timers fire in the order of their time, then of their making; between two
 * of them everything that is ready runs, so a chain of timers and promises plays as it would in real time.
 */
import type { Clock, TimerHandle } from '../host.ts';

export interface SimulatedClock extends Clock {
  /** Moves time on and fires what falls due. When no timer falls due, time has moved before this returns. */
  advance(ms: number): Promise<void>;
  /** Sets the wall time alone, as an administrator or NTP would; timers and monotonic time do not notice. */
  setWallTime(nowMs: number): void;
  /** Milliseconds until the next timer, or undefined when none waits. */
  nextTimerMs(): number | undefined;
}

/** 2026-11-24T12:00:00Z, in whole seconds so that tests read well. */
const START_MS = 1_795_521_600_000;

export function createSimulatedClock(startMs: number = START_MS): SimulatedClock {
  let monotonicMs = 0;
  let wallOffsetMs = startMs;
  let made = 0;
  const timers = new Set<{ readonly dueMs: number; readonly order: number; readonly callback: () => void }>();

  function timer(delayMs: number, callback: () => void): TimerHandle {
    const entry = { dueMs: monotonicMs + Math.max(delayMs, 0), order: made++, callback };
    timers.add(entry);
    return { cancel: () => timers.delete(entry) };
  }

  function earliest() {
    let first: { readonly dueMs: number; readonly order: number; readonly callback: () => void } | undefined;
    for (const entry of timers) {
      if (
        first === undefined ||
        entry.dueMs < first.dueMs ||
        (entry.dueMs === first.dueMs && entry.order < first.order)
      ) {
        first = entry;
      }
    }
    return first;
  }

  return {
    now: () => Math.floor(wallOffsetMs + monotonicMs),
    monotonic: () => monotonicMs,
    timer,
    turn: () => Promise.resolve(),
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const abort = (): void => {
          handle.cancel();
          reject(signal?.reason);
        };
        const handle = timer(delayMs, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
    async advance(ms) {
      const targetMs = monotonicMs + ms;
      for (let next = earliest(); next !== undefined && next.dueMs <= targetMs; next = earliest()) {
        timers.delete(next);
        monotonicMs = Math.max(monotonicMs, next.dueMs);
        next.callback();
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      monotonicMs = Math.max(monotonicMs, targetMs);
    },
    setWallTime(nowMs) {
      wallOffsetMs = nowMs - monotonicMs;
    },
    nextTimerMs() {
      const next = earliest();
      return next === undefined ? undefined : next.dueMs - monotonicMs;
    },
  };
}
