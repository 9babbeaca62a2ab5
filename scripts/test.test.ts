import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

test('a run that ran no test fails', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, 'test.ts'), 'docs'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 1);
  assert.equal(stderr, 'No test ran.\n');
});
