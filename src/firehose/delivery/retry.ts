/** What comes after an attempt, once for all destinations. */
import type { Destination, Outcome } from './destination.ts';
import type { PendingDelivery } from './pending-delivery.ts';

export type Next =
  /** All is delivered but for `delivery.failed`. */
  | { readonly kind: 'finish' }
  | { readonly kind: 'wait'; readonly pauseMs: number }
  /** What remains is given up, for the error output. */
  | { readonly kind: 'give-up' }
  /** What remains is dropped, as AWS does. */
  | { readonly kind: 'lose' }
  /** What remains was given up, and the destination has seen to the error output. */
  | { readonly kind: 'leave' };

/** When an attempt ended: as error records tell it, and as durations are measured, which a clock that is set does not change. */
export type AttemptEnd = { readonly wallMs: number; readonly monotonicMs: number };

/** Notes in `delivery` what the attempt told that has ended, and says what is next. */
export function afterAttempt(
  delivery: PendingDelivery,
  destination: Pick<Destination, 'retry' | 'losesGivenUp' | 'errorOutputType'>,
  outcome: Exclude<Outcome, { readonly kind: 'waiting' }>,
  { wallMs, monotonicMs }: AttemptEnd,
): Next {
  const { attempts } = delivery;
  if (outcome.kind === 'done' || outcome.kind === 'retry') {
    for (const { index, error, members } of outcome.refused) {
      delivery.failed.push({ index, error, members, attemptsMade: attempts, attemptEndingMs: wallMs });
    }
  }
  if (outcome.kind === 'done') return { kind: 'finish' };
  delivery.lastError = outcome.error;
  const gone = destination.losesGivenUp === true || destination.errorOutputType === undefined;
  const giveUp: Next = { kind: gone ? 'lose' : 'give-up' };
  if (outcome.kind === 'lost') return { kind: 'lose' };
  if (outcome.kind === 'left') return { kind: 'leave' };
  if (outcome.kind === 'failed') return giveUp;
  delivery.remaining = outcome.remaining;
  // What was waited before the first failure is before the duration begins; what was used before a restart is not.
  if (delivery.firstFailureMs === undefined) delivery.firstFailureMs = monotonicMs - delivery.retryUsedMs;
  else delivery.uncountedMs += outcome.uncountedMs ?? 0;
  const { durationMs, pauseMs } = destination.retry;
  const usedMs = monotonicMs - delivery.firstFailureMs - delivery.uncountedMs;
  if (durationMs === 0 || usedMs >= durationMs) return giveUp;
  const pause = outcome.afterMs ?? pauseMs.call(destination.retry, attempts + 1);
  // The last attempt is at the end of the duration, not behind it.
  const waited = Math.max(0, Math.min(pause, durationMs - usedMs));
  delivery.retryUsedMs = usedMs + waited;
  return { kind: 'wait', pauseMs: waited };
}
