import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, Checkpoint, diceOf } from '../operators.testing.ts';
import { Queue } from './queue.ts';

test('a queue is the same array behind any number of checkpoints', () => {
  for (let seed = 0; seed < 8; seed++) {
    const dice = diceOf(seed);
    const checkpoint = new Checkpoint();
    let queue = new Queue<number[]>();
    let model: { number: number; entry: number[] }[] = [];
    let count = 0;
    for (let step = 0; step < 300; step++) {
      const isGrowing = step % 100 < 60;
      for (let pushes = below(dice, isGrowing ? 30 : 5); pushes > 0; pushes--) {
        const entry = [below(dice, 1000)];
        assert.equal(queue.push(entry), count);
        model.push({ number: count++, entry: [...entry] });
      }
      for (let shifts = Math.min(model.length, below(dice, isGrowing ? 10 : 60)); shifts > 0; shifts--)
        assert.deepEqual(queue.shift(), model.shift()?.entry);
      if (model.length > 0 && dice() < 0.5) {
        const changed = model[below(dice, model.length)]!;
        changed.entry[0] = -step;
        queue.at(changed.number)[0] = -step;
        queue.mark(changed.number);
      }
      const isRestored = dice() < 0.2;
      if (isRestored || dice() < 0.2) checkpoint.put('state', queue.save('q', checkpoint));
      if (isRestored) {
        queue = new Queue();
        queue.restore('q', checkpoint.cells.get('state')!, structuredClone(checkpoint.cells));
      }
      assert.equal(queue.length, model.length);
      assert.equal(queue.first, model[0]?.number ?? count);
      assert.equal(queue.end, count);
      assert.deepEqual(
        model.map(({ number }) => queue.at(number)),
        model.map(({ entry }) => entry),
      );
    }
    model = [];
  }
});

test('a long queue writes only what has been added', () => {
  const queue = new Queue<number>();
  const checkpoint = new Checkpoint();
  for (let entry = 0; entry < 10_000; entry++) queue.push(entry);
  queue.save('q', checkpoint);
  assert.equal(checkpoint.puts, 40);
  queue.push(1);
  queue.save('q', checkpoint);
  assert.equal(checkpoint.puts, 41);
  for (let entry = 0; entry < 9990; entry++) queue.shift();
  queue.save('q', checkpoint);
  assert.equal(checkpoint.cells.size, 0);
});
