import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PendingDelivery } from './pending-delivery.ts';
import { afterAttempt } from './retry.ts';

describe('What comes after an attempt', () => {
  const retry = { durationMs: 10_000, pauseMs: () => 4_000 };
  const destination = { retry, errorOutputType: 'splunk-failed' } as const;
  const error = { code: 'Code', message: 'Message.' };
  /** The wall clock says nothing. */
  const at = (monotonicMs: number) => ({ wallMs: 1e12 - 1e6 * monotonicMs, monotonicMs });
  const failed = (uncountedMs?: number) =>
    ({ kind: 'retry', error, remaining: [0], refused: [], uncountedMs }) as const;
  const newDelivery = () =>
    ({ attempts: 1, uncountedMs: 0, retryUsedMs: 0, failed: [] }) as unknown as PendingDelivery;

  it('counts the duration from the first failure, and the last attempt is at its end', () => {
    const delivery = newDelivery();
    const next = (nowMs: number) => afterAttempt(delivery, destination, failed(), at(nowMs));
    assert.deepEqual(next(50_000), { kind: 'wait', pauseMs: 4_000 });
    assert.deepEqual(next(54_000), { kind: 'wait', pauseMs: 4_000 });
    assert.deepEqual(next(58_000), { kind: 'wait', pauseMs: 2_000 });
    assert.deepEqual(next(60_000), { kind: 'give-up' });
  });

  it('goes on after a restart, as if the pause had been waited that it fell in', () => {
    const before = newDelivery();
    afterAttempt(before, destination, failed(), at(50_000));
    afterAttempt(before, destination, failed(), at(54_500));
    assert.equal(before.retryUsedMs, 8_500);
    const delivery = { ...newDelivery(), retryUsedMs: before.retryUsedMs };
    assert.deepEqual(afterAttempt(delivery, destination, failed(), at(1_000)), {
      kind: 'wait',
      pauseMs: 1_500,
    });
    assert.deepEqual(afterAttempt(delivery, destination, failed(), at(2_500)), { kind: 'give-up' });
  });

  it('leaves out what was spent waiting for acknowledgements, and nothing of what came before', () => {
    const delivery = newDelivery();
    const next = (nowMs: number) => afterAttempt(delivery, destination, failed(180_000), at(nowMs));
    assert.deepEqual(next(180_000), { kind: 'wait', pauseMs: 4_000 });
    assert.deepEqual(next(364_000), { kind: 'wait', pauseMs: 4_000 });
    assert.deepEqual(next(548_000), { kind: 'wait', pauseMs: 2_000 });
    assert.deepEqual(next(730_000), { kind: 'give-up' });
  });

  it('tells what is lost from what was left, and gives up at once without a duration', () => {
    const next = (outcome: Parameters<typeof afterAttempt>[2], to = destination) =>
      afterAttempt(newDelivery(), to, outcome, at(1_000)).kind;
    assert.equal(next({ kind: 'lost', error }), 'lose');
    assert.equal(next({ kind: 'left', error }), 'leave');
    assert.equal(next({ kind: 'failed', error }), 'give-up');
    assert.equal(next({ kind: 'done', refused: [] }), 'finish');
    const once = { ...destination, retry: { ...retry, durationMs: 0 } };
    assert.equal(next(failed(), once), 'give-up');
  });
});
