import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { openListener, RawConnection, text } from './listener/listen-for-test.ts';
import { createRefusalPace } from './refusal-pace.ts';

test('two hundred refusals go out at once, then a hundred a second; the others wait', async () => {
  const clock = createSimulatedClock();
  const pace = createRefusalPace(clock);
  const atOnce = (count: number): number =>
    Array.from({ length: count }, pace).filter((delayMs) => delayMs === 0).length;
  assert.equal(atOnce(1000), 200);
  await clock.advance(500);
  assert.equal(atOnce(1000), 50);
  await clock.advance(3_600_000);
  assert.equal(atOnce(1000), 200);
});

test('a listener waits before it sends such an answer, and holds no body meanwhile', async () => {
  const clock = createSimulatedClock();
  const answered = Promise.withResolvers<void>();
  await using opened = await openListener({
    clock,
    handle: async () => {
      answered.resolve();
      return { ...text('no'), delayMs: 250 };
    },
  });
  const connection = await RawConnection.open(opened.port);
  connection.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbody');
  await answered.promise;
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
  assert.equal(connection.received, '');
  assert.equal(opened.budget.held, 0);
  await clock.advance(250);
  await connection.until(/no$/);
  connection.socket.destroy();
});
