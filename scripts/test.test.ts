import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FromTestProcess } from './test-process.ts';

const ROOT = path.join(import.meta.dirname, '..');

test('a run that ran no test fails', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, 'test.ts'), 'docs'],
    { encoding: 'utf8' },
  );
  assert.equal(status, 1);
  assert.equal(stderr, 'No test ran.\n');
});

test('a process of tests says what became of each, and of what goes on after its end', async (t) => {
  const said = await runFile(
    t,
    `test('passes', () => {});
     test('fails', () => { throw new Error('as planned'); });
     test('is skipped', { skip: 'for a reason' }, () => {});
     test('goes on', () => void setImmediate(() => { throw new Error('too late'); }));
     test('waits', () => new Promise((resolve) => setTimeout(resolve, 50)));`,
  );
  const of = (kind: FromTestProcess['kind']) =>
    said.filter((one) => one.kind === kind) as { name: string; why: string }[];
  assert.deepEqual(
    of('passed').map(({ name }) => name),
    ['passes', 'goes on', 'waits'],
  );
  assert.deepEqual(
    of('skipped').map(({ why }) => why),
    [': for a reason'],
  );
  const [thrown, late, ...others] = of('failed').toSorted((a, b) => a.name.length - b.name.length);
  assert.match(thrown!.why, /as planned/);
  assert.match(late!.name, /asynchronous activity after the test ended[^]*too late/);
  assert.deepEqual(others, []);
  assert.equal(said.at(-1)!.kind, 'through');
});

test('a process of tests that ends in their midst does not say that it is through', async (t) => {
  const said = await runFile(t, `test('ends it all', () => process.exit(0));`);
  assert.deepEqual(said, []);
});

/** What a process says that runs one file of these tests. */
async function runFile(t: TestContext, tests: string): Promise<FromTestProcess[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-tests-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'some.test.ts');
  await writeFile(file, `import { test } from 'node:test';\n${tests}`);
  const child = fork(path.join(import.meta.dirname, 'test-process.ts'), [path.relative(ROOT, file)], {
    cwd: ROOT,
  });
  const said: FromTestProcess[] = [];
  child.on('message', (one: FromTestProcess) => said.push(one));
  await once(child, 'close');
  return said;
}
