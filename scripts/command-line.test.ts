import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const ROOT = path.join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Those that `npm run` starts as a program of this project, but for what takes no options. */
const COMMANDS = ['test', 'test:clients', 'test:jq', 'test:crash', 'conformance', 'conformance:score']
  .concat(['bench', 'bench:soak', 'sim', 'fuzz', 'hostile'])
  .map((name) => ({ name, file: scripts[name]!.replace(/^node /, '') }));

async function run(file: string, ...args: string[]) {
  const child = spawn(process.execPath, [file, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, said, complained };
}

test('the commands of the project tell what they take, and refuse what they do not know', async () => {
  const { status, said } = await run('sim/main.ts', '--help');
  assert.equal(status, 0);
  assert.match(said, /^usage: npm run sim/);
  const outcomes = COMMANDS.map(async ({ name, file }) => ({
    name,
    refused: await run(file, '--no-such-flag'),
  }));
  for (const { name, refused } of await Promise.all(outcomes)) {
    assert.equal(refused.status, 2, `${name}: ${refused.complained}`);
    assert.match(refused.complained, /no-such-flag/, name);
    assert.match(refused.complained, new RegExp(`^usage: npm run ${name} `, 'm'));
    assert.doesNotMatch(refused.complained, /^ +at /m, name);
  }
});
