import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkerDied, workHere } from '../workers.ts';
import { doubled, failing, greedy } from './workers.fixture.ts';
import { createWorkers } from './workers.ts';

describe('worker threads', () => {
  for (const [kind, workers] of [
    ['real', createWorkers(2)],
    ['here', workHere],
  ] as const) {
    it(`do tasks, more than there are threads (${kind})`, async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => workers.run(doubled, new Uint8Array([index, 1]))),
      );
      assert.deepEqual(
        answers,
        Array.from({ length: 20 }, (_, index) => new Uint8Array([index * 2, 2])),
      );
    });

    it(`tell what a task threw (${kind})`, async () => {
      await assert.rejects(workers.run(failing, 'no such thing'), { message: 'no such thing' });
      assert.deepEqual(await workers.run(doubled, new Uint8Array([4])), new Uint8Array([8]));
    });

    it(`begin nothing for who has gone (${kind})`, async () => {
      const signal = AbortSignal.abort(new Error('gone'));
      await assert.rejects(workers.run(doubled, new Uint8Array([1]), { signal }), { message: 'gone' });
    });
  }

  it('take memory that is given away', async () => {
    const input = new Uint8Array([1, 2]);
    const answer = createWorkers(1).run(doubled, input, { given: [input.buffer] });
    assert.equal(input.length, 0);
    assert.deepEqual(await answer, new Uint8Array([2, 4]));
  });

  it('survive a task that takes all memory, and those that wait behind it', async () => {
    const workers = createWorkers(1, 32);
    const died = assert.rejects(workers.run(greedy, undefined), WorkerDied);
    const behind = workers.run(doubled, new Uint8Array([3]));
    await died;
    assert.deepEqual(await behind, new Uint8Array([6]));
  });

  it('leave the queue when the caller goes', async () => {
    const workers = createWorkers(1);
    const first = workers.run(doubled, new Uint8Array([1]));
    const caller = new AbortController();
    const second = workers.run(doubled, new Uint8Array([2]), { signal: caller.signal });
    caller.abort(new Error('gone'));
    await assert.rejects(second, { message: 'gone' });
    assert.deepEqual(await first, new Uint8Array([2]));
  });
});
