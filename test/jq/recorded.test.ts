import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { JqRefusal, JqSyntaxError } from '../../src/jq/errors.ts';
import { compileJq } from '../../src/jq/jq.ts';
import { runOurs } from './our-jq.ts';
import { SECTIONS } from './programs.ts';
import { type Outcome } from './real-jq.ts';
import { verdict } from './verdict.ts';

const recorded = JSON.parse(readFileSync(path.join(import.meta.dirname, 'recorded.json'), 'utf8')) as Record<
  string,
  Record<string, readonly Outcome[]>
>;

for (const { section, inputs, programs } of SECTIONS) {
  test(`jq 1.6, ${section}: ${programs.length} programs give what the real one gave, or are refused`, () => {
    assert.ok(programs.length >= 10);
    let equal = 0;
    for (const program of programs) {
      const real = recorded[section]![program];
      runOurs(program, inputs).forEach((ours, i) => {
        const found = verdict(real![i]!, ours);
        if (found === 'equal') equal++;
        assert.notEqual(
          found,
          'different',
          `${program} on ${inputs[i]}: ${JSON.stringify(ours)}, not ${JSON.stringify(real![i])}`,
        );
      });
    }
    if (section !== 'I/O' && section !== 'Modules') assert.ok(equal > programs.length);
  });
}

test('a program ends when it takes too many steps, goes too deep or grows too large', () => {
  const run = (program: string, input: unknown = null): unknown[] => [
    ...compileJq(program).run(input, { nowMs: 0, stepsMax: 100_000 }),
  ];
  for (const program of [
    'def f: f; f',
    'repeat(1)',
    '[range(1e9)]',
    'until(false; .)',
    '"a" * 1e9',
    '.[1e9] = 1',
    'reduce range(60) as $i ("a"; . + .)',
    'def f: 1 + f; f',
    '[limit(1; range(1; infinite) | select(. < 0))]',
  ])
    assert.throws(() => run(program), JqRefusal, program);
  assert.throws(() => run('test("(a+)+$")', `${'a'.repeat(40)}b`), JqRefusal);
});

test('an error of syntax says where it is and what was expected', () => {
  assert.throws(
    () => compileJq('{a:\n  .b +}'),
    (error) =>
      error instanceof JqSyntaxError &&
      error.line === 2 &&
      error.column === 6 &&
      /expected/.test(error.message),
  );
});

test('now is what the caller says', () => {
  assert.deepEqual(
    [...compileJq('now, (now | todate)').run(null, { nowMs: 1_500, stepsMax: 100 })],
    [1.5, '1970-01-01T00:00:01Z'],
  );
});
