/** One attempt at a destination, which is given up when it hangs. */
import type { Clock } from '../../host/host.ts';
import type { Batch } from './delivery-record.ts';
import type { Delivery, Outcome } from './destination.ts';
import type { PendingDelivery } from './pending-delivery.ts';

/** Destinations bound their own calls; this is for one that does not come back. The longest of them waits ten minutes for Splunk's acknowledgement. */
const ATTEMPT_MS_MAX = 15 * 60_000;

/** Undefined when `stopped` was aborted. `onBug` is told of what a destination must not throw, and the attempt counts as failed. */
export async function attempt(
  delivery: PendingDelivery,
  clock: Clock,
  stopped: AbortSignal,
  onBug: (error: unknown) => void,
): Promise<Outcome | undefined> {
  const ended = new AbortController();
  const hung = Promise.withResolvers<'hung'>();
  const stop = (): void => {
    ended.abort(stopped.reason);
    hung.resolve('hung');
  };
  stopped.addEventListener('abort', stop, { once: true });
  const timer = clock.timer(ATTEMPT_MS_MAX, () => {
    ended.abort(new Error('The attempt took too long.'));
    hung.resolve('hung');
  });
  const attempted = toAttempt(delivery);
  try {
    const outcome = await Promise.race([
      delivery.to.destination.attempt(attempted, ended.signal),
      hung.promise,
    ]);
    if (stopped.aborted) return undefined;
    if (outcome !== 'hung') return outcome;
  } catch (error) {
    if (stopped.aborted) return undefined;
    if (!ended.signal.aborted) {
      onBug(error);
      return failed(attempted, 'InternalError', 'The delivery failed in the server.');
    }
  } finally {
    timer.cancel();
    stopped.removeEventListener('abort', stop);
  }
  return failed(
    attempted,
    'Timeout',
    `The destination did not answer within ${ATTEMPT_MS_MAX / 1000} seconds.`,
  );
}

function failed({ remaining }: Delivery, code: string, message: string): Outcome {
  return { kind: 'retry', error: { code, message }, remaining, refused: [] };
}

function toAttempt(delivery: PendingDelivery): Delivery {
  const batch = delivery.buffer!;
  return {
    id: delivery.id,
    attempt: delivery.attempts,
    attemptsMade: delivery.attempts,
    objectKey: delivery.objectKey,
    batch,
    memory: delivery.memory,
    kept: delivery.kept,
    // Those who put the whole batch never ask for it.
    get remaining() {
      return (delivery.remaining ??= allOf(batch));
    },
  };
}

export function allOf({ length }: Batch): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
