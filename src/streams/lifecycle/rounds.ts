/** Work that is done again and again, each round after the last one has ended. */
import type { Clock } from '../../host/host.ts';

/** The first round begins after `everyMs`. `round` does not throw. Disposing stops, and waits for the round under way. */
export function startRounds(
  clock: Clock,
  everyMs: number,
  round: (isStopped: () => boolean) => Promise<void>,
): AsyncDisposable {
  let stopped = false;
  let running = Promise.resolve();
  let timer = clock.timer(everyMs, begin, { background: true });

  function begin(): void {
    running = runAndGoOn();
  }
  async function runAndGoOn(): Promise<void> {
    await round(() => stopped);
    if (!stopped) timer = clock.timer(everyMs, begin, { background: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      timer.cancel();
      await running;
    },
  };
}
