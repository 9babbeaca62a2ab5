import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from './dice.ts';

test('the same seed throws the same dice, another seed others', () => {
  const first = createSimulatedDice(7).bytes(64);
  assert.deepEqual(createSimulatedDice(7).bytes(64), first);
  assert.notDeepEqual(createSimulatedDice(8).bytes(64), first);
});

test('integers stay below their bound and reach all of it', () => {
  const dice = createSimulatedDice(1);
  const seen = new Set(Array.from({ length: 200 }, () => dice.integer(6)));
  assert.deepEqual([...seen].toSorted(), [0, 1, 2, 3, 4, 5]);
});
