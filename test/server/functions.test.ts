import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { assemble } from '../../src/assemble.ts';
import { runCli } from '../../src/cli/cli.testing.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { createLog } from '../../src/logging.ts';
import { restoreBackup } from '../../src/admin/restore.ts';

test('a module is added, listed, kept over a restart and in a backup, and removed', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-function-'));
  const host = createRealHost();
  const open = async (data: string) => {
    const config = readConfig(['--port', '0', '--data', path.join(folder, data)], {}, () => '');
    const { logger } = createLog('silent', process.stdout);
    const server = await assemble({ config, host, logger, version: '0.0.0' });
    const environment = { HOME: '/nowhere', AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}` };
    const run = (...args: string[]) => runCli(args, { environment }).finished;
    return { run, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  };
  const module = path.join(folder, 'upper.mjs');
  writeFileSync(module, 'export const handler = () => 1;');
  let listed: string;
  try {
    {
      await using server = await open('data');
      assert.match(
        (await server.run('function', 'add', 'upper', module)).output,
        /^arn:aws:lambda:us-east-1:\d{12}:function:upper\n$/,
      );
      assert.equal((await server.run('function', 'add', 'no/name', module)).status, 1);
      assert.equal(
        (await server.run('function', 'add', 'upper', path.join(folder, 'missing.mjs'))).status,
        2,
      );
      listed = (await server.run('function', 'list')).output;
      assert.match(listed, /^upper +[0-9a-f]{12} +arn:/m);
      assert.equal((await server.run('backup', path.join(folder, 'backup'))).status, 0);
    }
    await restoreBackup(host.disk, path.join(folder, 'backup'), path.join(folder, 'restored'));
    for (const data of ['data', 'restored']) {
      await using server = await open(data);
      assert.equal((await server.run('function', 'list')).output, listed);
      assert.equal((await server.run('function', 'remove', 'upper')).status, 0);
      assert.equal((await server.run('function', 'remove', 'upper')).status, 1);
      assert.equal((await server.run('function', 'list', '--json')).output, '[]\n');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
