import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedClock } from './clock.ts';

test('timers fire in order, each at its own time, and a sleeper that sleeps again is served in the same advance', async () => {
  const clock = createSimulatedClock(0);
  const seen: [string, number][] = [];
  clock.timer(30, () => seen.push(['timer', clock.now()]));
  const cancelled = clock.timer(5, () => seen.push(['cancelled', clock.now()]));
  const sleeper = (async () => {
    await clock.sleep(10);
    seen.push(['first', clock.now()]);
    await clock.sleep(10);
    seen.push(['second', clock.now()]);
  })();
  cancelled.cancel();

  await clock.advance(30);
  await sleeper;

  assert.deepEqual(seen, [
    ['first', 10],
    ['second', 20],
    ['timer', 30],
  ]);
  assert.equal(clock.nextTimerMs(), undefined);
});

test('wall time may jump back while monotonic time stands', async () => {
  const clock = createSimulatedClock(5000);
  await clock.advance(100);
  clock.setWallTime(1000);
  assert.equal(clock.now(), 1000);
  assert.equal(clock.monotonic(), 100);
});

test('an aborted sleep rejects with the reason and leaves no timer', async () => {
  const clock = createSimulatedClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(1000, abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(sleeping, { message: 'enough' });
  assert.equal(clock.nextTimerMs(), undefined);
});
