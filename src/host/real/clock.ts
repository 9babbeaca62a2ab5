import type { Clock, TimerHandle } from '../host.ts';

/** Node's timers hold at most 2^31 - 1 ms; longer ones are chained. */
const NODE_TIMER_MS_MAX = 2 ** 31 - 1;

function startTimer(delayMs: number, callback: () => void, options?: { background?: boolean }): TimerHandle {
  const due = performance.now() + delayMs;
  let timeout: NodeJS.Timeout;
  const arm = (): void => {
    const remainingMs = due - performance.now();
    timeout = setTimeout(
      () => {
        // Node may fire a fraction early; the contract says "not before".
        if (performance.now() < due) arm();
        else callback();
      },
      Math.min(Math.max(Math.ceil(remainingMs), 0), NODE_TIMER_MS_MAX),
    );
    if (options?.background) timeout.unref();
  };
  arm();
  return { cancel: () => clearTimeout(timeout) };
}

export const realClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer: startTimer,
  turn: () => new Promise<void>((resolve) => setImmediate(resolve)),
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = startTimer(delayMs, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  },
});
