import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../../sql/value.ts';
import { TimeOrder } from './time-order.ts';

function through(withinMs: number, times: readonly number[]): { given: number[]; behind: number } {
  const order = new TimeOrder(withinMs);
  const ready: Row[] = [];
  for (const time of times) order.add(time, [time], ready);
  order.end(ready);
  return { given: ready.map(([time]) => time as number), behind: order.behind };
}

test('what is behind is left out and counted', () => {
  assert.deepEqual(through(0, [1, 2, 2, 1, 3]), { given: [1, 2, 2, 3], behind: 1 });
});

test('what may be out of order is sorted, and equal times keep their order', () => {
  assert.deepEqual(through(10, [5, 3, 20, 10, 9, 15]), { given: [3, 5, 10, 15, 20], behind: 1 });
  const order = new TimeOrder(5);
  const ready: Row[] = [];
  for (const [index, time] of [4, 2, 4, 2, 4].entries()) order.add(time, [time, index], ready);
  order.end(ready);
  assert.deepEqual(ready, [
    [2, 1],
    [2, 3],
    [4, 0],
    [4, 2],
    [4, 4],
  ]);
});

test('any disorder within the bound comes out as sorted', () => {
  const times = Array.from({ length: 2_000 }, (_, index) => index * 3 + ((index * 7919) % 97));
  assert.deepEqual(through(100, times), { given: times.toSorted((a, b) => a - b), behind: 0 });
});
