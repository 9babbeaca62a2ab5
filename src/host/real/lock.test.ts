import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { lockFile } from './lock.ts';

const HOLDER = `
  const { lockFile } = await import(${JSON.stringify(new URL('lock.ts', import.meta.url).href)});
  globalThis.lock = await lockFile(process.argv[1]);
  process.stdout.write('held');
  setInterval(() => {}, 1000);
`;

test('a lock excludes other processes and this one, and ends with kill -9', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-lock-'));
  const file = path.join(directory, 'millrace.lock');
  try {
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await assert.rejects(lockFile(file), { code: 'ELOCKED' });

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = await lockFile(file);
    await assert.rejects(lockFile(file), { code: 'ELOCKED' });

    await lock[Symbol.asyncDispose]();
    await (await lockFile(file))[Symbol.asyncDispose]();
  } finally {
    await rm(directory, { recursive: true });
  }
});
