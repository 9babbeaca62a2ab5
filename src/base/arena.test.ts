import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arenas, roomIn } from './arena.ts';

test('what was given back is used again, by one taker at a time', () => {
  const arenas = new Arenas(1000);
  const first = arenas.take();
  const bytes = roomIn(first, 600);
  arenas.give(first);
  arenas.give(first);
  const second = arenas.take();
  assert.equal(second.bytes, bytes);
  assert.equal(arenas.take().bytes.length, 0);
});

test('no more is kept than said', () => {
  const arenas = new Arenas(1000);
  const [one, two] = [arenas.take(), arenas.take()];
  roomIn(one, 600);
  roomIn(two, 600);
  arenas.give(one);
  arenas.give(two);
  assert.deepEqual([arenas.take().bytes.length, arenas.take().bytes.length], [600, 0]);
});

test('room that is there stays', () => {
  const arena = { bytes: Buffer.alloc(8) };
  assert.equal(roomIn(arena, 8), arena.bytes);
  assert.equal(roomIn(arena, 9).length, 9);
});
