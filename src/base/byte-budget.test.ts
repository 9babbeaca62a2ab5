import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { BudgetExhausted, ByteBudget } from './byte-budget.ts';

const KIB = 1024;
const LARGE = 100 * KIB;

/** A budget of 800 KiB: the large share 700, the last 100 for small reservations. */
function budgetOf(options: { waitersMax?: number; waitMs?: number } = {}) {
  const clock = createSimulatedClock(0);
  return {
    clock,
    budget: new ByteBudget({ bytesMax: 800 * KIB, timer: clock.timer.bind(clock), ...options }),
  };
}

/** Lets promises settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('waiters are served in the order they came, as far as released bytes go', async () => {
  const { budget } = budgetOf();
  const first = budget.take(7 * LARGE);
  assert.ok(first);
  const served: string[] = [];
  const wait = (name: string, bytes: number) =>
    void budget.reserve(bytes).then((hold) => {
      served.push(name);
      return hold;
    });
  wait('a', 3 * LARGE);
  wait('b', 5 * LARGE);
  wait('c', LARGE);
  first.shrink(4 * LARGE);
  await settled();
  // c would fit after a, but b came before it.
  assert.deepEqual(served, ['a']);
  assert.equal(budget.take(LARGE), undefined, 'nor does a newcomer overtake');
  first.release();
  first.release();
  await settled();
  assert.deepEqual(served, ['a']);
  assert.equal(budget.held, 3 * LARGE);
  assert.equal(budget.waiting, 2);
});

test('the last eighth serves small reservations, past any crowd of large ones', async () => {
  const { budget } = budgetOf();
  const all = budget.take(7 * LARGE);
  void budget.reserve(LARGE).catch(() => {});
  const small = budget.take(64 * KIB);
  assert.ok(all);
  assert.ok(small);
  assert.equal(budget.take(64 * KIB), undefined);
  assert.equal(budget.held, 764 * KIB);
});

test('more than the whole budget counts as the whole, and runs alone', async () => {
  const { budget } = budgetOf();
  const hold = await budget.reserve(5000 * LARGE);
  assert.equal(budget.take(LARGE), undefined);
  hold.release();
  assert.equal(budget.held, 0);
});

test('who waits too long, or behind too many, is told so; the next in line does not wait for it', async () => {
  const { budget, clock } = budgetOf({ waitMs: 1000, waitersMax: 2 });
  const hold = budget.take(5 * LARGE);
  assert.ok(hold);
  const tooMuch = budget.reserve(3 * LARGE);
  const refused = assert.rejects(tooMuch, BudgetExhausted);
  await clock.advance(500);
  const fits = budget.reserve(LARGE);
  await assert.rejects(budget.reserve(LARGE), BudgetExhausted);
  await clock.advance(600);
  await refused;
  assert.equal((await fits).bytes, LARGE);
  assert.equal(clock.nextTimerMs(), undefined);
});

test('an aborted wait leaves nothing behind', async () => {
  const { budget, clock } = budgetOf();
  const hold = budget.take(7 * LARGE);
  const abort = new AbortController();
  const waiting = budget.reserve(LARGE, abort.signal);
  abort.abort(new Error('gone'));
  await assert.rejects(waiting, { message: 'gone' });
  await assert.rejects(budget.reserve(LARGE, abort.signal), { message: 'gone' });
  hold?.release();
  assert.deepEqual([budget.held, budget.waiting, clock.nextTimerMs()], [0, 0, undefined]);
});
