import type { Clock, Dice } from '../../src/host/host.ts';
import type { Observer } from './observer.ts';

/** What a thing outside the machine needs: the trouble that it has is of its own kinds. */
export type Around<Trouble extends string> = {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly observer: Observer;
  readonly trouble: () => Trouble | undefined;
  /** On the way there, or back. */
  readonly latency: () => Promise<void>;
};

/** A new one each time: what waits for one that is shared is never forgotten. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

export function aborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
}
