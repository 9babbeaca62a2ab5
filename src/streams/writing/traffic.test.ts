import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createTraffic } from './traffic.ts';

const NOTHING = { bytesPerSecond: 0, recordsPerSecond: 0 };

test('the busiest second counts, of a shard and of the stream', async () => {
  const clock = createSimulatedClock();
  const traffic = createTraffic({ clock });
  assert.deepEqual(traffic.streamPeak('s'), NOTHING);
  traffic.stream('s').add(0, 10, 1000);
  traffic.stream('s').add(1, 5, 3000);
  await clock.advance(999);
  traffic.stream('s').add(0, 1, 500);
  await clock.advance(1);
  traffic.stream('s').add(0, 12, 100);
  assert.deepEqual(traffic.streamPeak('s'), { bytesPerSecond: 4500, recordsPerSecond: 16 });
  assert.deepEqual(traffic.shard('s', 0), { bytesPerSecond: 1500, recordsPerSecond: 12 });
  assert.deepEqual(traffic.shard('s', 1), { bytesPerSecond: 3000, recordsPerSecond: 5 });
  assert.deepEqual(traffic.shard('s', 2), NOTHING);
  assert.deepEqual(traffic.streamPeak('other'), NOTHING);
});

test('a peak is kept for at least half a minute and at most a minute', async () => {
  for (let offsetMs = 0; offsetMs < 60_000; offsetMs += 7000) {
    const clock = createSimulatedClock();
    const traffic = createTraffic({ clock });
    await clock.advance(offsetMs);
    traffic.stream('s').add(0, 10, 1000);
    await clock.advance(29_999);
    traffic.stream('s').add(0, 1, 10);
    assert.equal(traffic.streamPeak('s').bytesPerSecond, 1000);
    await clock.advance(30_001);
    assert.ok(traffic.streamPeak('s').bytesPerSecond <= 10);
    await clock.advance(30_001);
    assert.deepEqual(traffic.streamPeak('s'), NOTHING);
  }
});

test("a stream's peak is kept for at least half an hour and at most an hour", async () => {
  const minuteMs = 60_000;
  for (let offsetMs = 0; offsetMs < 60 * minuteMs; offsetMs += 7 * minuteMs + 1) {
    for (const busy of [false, true]) {
      const clock = createSimulatedClock();
      const traffic = createTraffic({ clock });
      await clock.advance(offsetMs);
      traffic.stream('s').add(0, 10, 1000);
      assert.equal(traffic.streamPeakOfHour('s').bytesPerSecond, 1000);
      for (let minute = 0; minute < 29; minute++) {
        await clock.advance(minuteMs);
        if (busy) traffic.stream('s').add(0, 1, 10);
      }
      assert.deepEqual(traffic.streamPeakOfHour('s'), { bytesPerSecond: 1000, recordsPerSecond: 10 });
      await clock.advance(32 * minuteMs);
      assert.ok(traffic.streamPeakOfHour('s').bytesPerSecond <= (busy ? 10 : 0));
    }
  }
});

test('a forgotten stream has no traffic', () => {
  const traffic = createTraffic({ clock: createSimulatedClock() });
  traffic.stream('s').add(0, 10, 1000);
  traffic.forget('s');
  assert.deepEqual(traffic.streamPeak('s'), NOTHING);
  assert.deepEqual(traffic.shard('s', 0), NOTHING);
});
