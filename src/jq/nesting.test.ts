import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JqSyntaxError } from './errors.ts';
import { compileJq } from './jq.ts';

/** What may stand in itself, over and over. */
const NESTED = [
  ['(', ')'],
  ['[', ']'],
  ['{a:', '}'],
  ['-', ''],
  ['{a:-', '}'],
  ['try ', ''],
  ['"\\(', ')"'],
  ['. as [', '] | .'],
  ['. as {a:', '} | .'],
  ['if ', ' then 1 else 1 end'],
] as const;

test('what is nested too deep is refused, and never overflows', () => {
  for (const [before, after] of NESTED) {
    for (const depth of [1000, 20_000]) {
      const text = `${before.repeat(depth)}$x${after.repeat(depth)}`;
      assert.throws(() => compileJq(text), JqSyntaxError, before);
    }
  }
  for (const link of ['+1', '|.', '//1', '[0]', ' and 1', '?']) {
    try {
      compileJq(`.${link.repeat(20_000)}`);
    } catch (error) {
      assert.ok(error instanceof JqSyntaxError, `${link}: ${String(error)}`);
    }
  }
});

test('a second question mark does no more', () => {
  const outputs = (text: string): unknown[] => [...compileJq(text).run(1, { nowMs: 0, stepsMax: 100 })];
  assert.deepEqual(outputs('[.a???]'), [[]]);
});
