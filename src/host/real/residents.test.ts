import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { residentsHere } from '../residents.ts';
import { WorkerDied } from '../workers.ts';
import { closed, counter, greedy } from './residents.fixture.ts';
import { createResidents } from './residents.ts';

describe('residents', () => {
  for (const [kind, residents] of [
    ['on threads', createResidents(2)],
    ['here', residentsHere],
  ] as const) {
    it(`keep their states apart, and answer in order (${kind})`, async () => {
      await using one = await residents.open(counter, 10);
      await using two = await residents.open(counter, 20);
      await using three = await residents.open(counter, 30);
      const answers = await Promise.all([one.call(1), two.call(1), three.call(1), one.call(1), one.call(1)]);
      assert.deepEqual(
        answers.map(({ sum }) => sum),
        [11, 21, 31, 12, 13],
      );
      assert.deepEqual(answers[0]?.bytes, new Uint8Array(4).fill(11));
    });

    it(`tell what was thrown, and go on (${kind})`, async () => {
      await assert.rejects(residents.open(closed, 'not today'), { message: 'not today' });
      await using one = await residents.open(counter, 0);
      await assert.rejects(one.call(Number.NaN), { message: 'no number' });
      assert.equal((await one.call(2)).sum, 2);
    });

    it(`answer nothing once closed (${kind})`, async () => {
      const one = await residents.open(counter, 0);
      await one[Symbol.asyncDispose]();
      await assert.rejects(one.call(1), WorkerDied);
      await one[Symbol.asyncDispose]();
    });
  }

  it('die with their thread, and others can be opened', async () => {
    const residents = createResidents(1, 32);
    await using beside = await residents.open(counter, 0);
    await using taker = await residents.open(greedy, null);
    const died = assert.rejects(taker.call(null), WorkerDied);
    await assert.rejects(beside.call(1), WorkerDied);
    await died;
    await assert.rejects(beside.call(1), WorkerDied);
    await using again = await residents.open(counter, 5);
    assert.equal((await again.call(1)).sum, 6);
  });
});
