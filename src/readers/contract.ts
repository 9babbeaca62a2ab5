/** What every implementation of checkpoints must do, as tests. `open` gives empty ones. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StaleOwnerError, type Checkpoints } from './checkpoints.ts';

export function describeCheckpoints(name: string, open: () => Promise<Checkpoints>): void {
  describe(`${name} keeps the contract of checkpoints`, () => {
    it('gives the next owner what the last one wrote', async () => {
      const checkpoints = await open();
      const first = await checkpoints.claim('r', 'one');
      assert.deepEqual([...first.checkpoints], []);
      await checkpoints.write(first, [
        { unit: 'a', position: 5, finished: false },
        { unit: 'b', position: 7, finished: true },
      ]);
      await checkpoints.write(first, [{ unit: 'a', position: 2 ** 45, finished: false }]);
      const second = await checkpoints.claim('r', 'two');
      assert.ok(second.epoch > first.epoch);
      assert.deepEqual(Object.fromEntries(second.checkpoints), {
        a: { position: 2 ** 45, finished: false },
        b: { position: 7, finished: true },
      });
    });

    it('refuses whoever was taken over from, and keeps nothing of what he writes', async () => {
      const checkpoints = await open();
      const first = await checkpoints.claim('r', 'one');
      await checkpoints.write(first, [{ unit: 'a', position: 5, finished: false }]);
      const second = await checkpoints.claim('r', 'two');
      const late = checkpoints.write(first, [{ unit: 'a', position: 9, finished: true }]);
      await assert.rejects(late, StaleOwnerError);
      await assert.rejects(checkpoints.forget(first, ['a']), StaleOwnerError);
      await checkpoints.write(second, [{ unit: 'c', position: 1, finished: false }]);
      const third = await checkpoints.claim('r', 'three');
      assert.deepEqual(third.checkpoints.get('a'), { position: 5, finished: false });
    });

    it('keeps readers apart, and forgets units', async () => {
      const checkpoints = await open();
      const [one, other] = [await checkpoints.claim('r', 'me'), await checkpoints.claim('s', 'me')];
      await checkpoints.write(one, [
        { unit: 'a', position: 5, finished: true },
        { unit: 'b', position: 6, finished: false },
      ]);
      await checkpoints.write(other, [{ unit: 'a', position: 9, finished: false }]);
      await checkpoints.forget(one, ['a', 'absent']);
      assert.deepEqual([...(await checkpoints.claim('r', 'me')).checkpoints.keys()], ['b']);
      assert.deepEqual([...(await checkpoints.claim('s', 'me')).checkpoints.keys()], ['a']);
    });
  });
}
