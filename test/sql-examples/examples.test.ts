import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { tryExamples } from './examples.ts';

test('applications as people write them run, and their mistakes are refused with a place', () => {
  const outcomes = tryExamples(path.join(import.meta.dirname, 'own'));
  assert.ok(outcomes.length > 15);
  assert.deepEqual(
    outcomes.filter(({ isExpected }) => !isExpected),
    [],
  );
  for (const { came, why } of outcomes)
    if (came === 'refuse') assert.match(why, /^From line \d+, column \d+ /);
});

test('an index that says something else is noticed, and so is a script that is not there', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-examples-'));
  try {
    writeFileSync(path.join(folder, 'good.sql'), 'SELECT STREAM * FROM "s"');
    writeFileSync(path.join(folder, 'bad.sql'), 'SELECT STREAM * FORM "s"');
    writeFileSync(
      path.join(folder, 'INDEX.tsv'),
      'id\texpect\ngood\trefuse\nbad\trun\nlost\trun\ngood\tfragment\nbad\tfragment\n',
    );
    assert.deepEqual(
      tryExamples(folder).map(({ came, isExpected }) => [came, isExpected]),
      [
        ['run', false],
        ['refuse', false],
        ['crash', false],
        ['run', true],
        ['refuse', true],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
