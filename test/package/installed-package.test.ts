/** The published package: packed, installed into an empty directory, and run there, where Node strips no types. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');

/** The npm that runs the tests, or else the one on the path. */
function npm(args: readonly string[], cwd: string): Promise<{ readonly stdout: string }> {
  const cli = process.env['npm_execpath'];
  return cli?.endsWith('.js') ? run(process.execPath, [cli, ...args], { cwd }) : run('npm', args, { cwd });
}

test(
  'the packed package installs and serves',
  { skip: process.platform === 'win32' && 'npm is a script there' },
  async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'millrace-package-'));
    try {
      await npm(['pack', '--silent', '--pack-destination', directory], ROOT);
      const [tarball] = (await readdir(directory)).filter((name) => name.endsWith('.tgz'));
      assert.ok(tarball);
      await writeFile(path.join(directory, 'package.json'), '{"private":true}');
      await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], directory);

      const installed = path.join(directory, 'node_modules/millrace');
      assert.deepEqual((await readdir(installed)).toSorted(), [
        'CHANGELOG.md',
        'LICENSE',
        'NOTICE',
        'README.md',
        'dist',
        'package.json',
      ]);
      const main = path.join(installed, 'dist/main.js');
      const { stdout } = await run(process.execPath, [main, '--version']);
      assert.match(stdout, /^millrace \d+\.\d+\.\d+\n$/);

      await processesWork(installed, directory);

      const server = spawn(
        process.execPath,
        [main, 'start', '--port', '0', '--data', path.join(directory, 'data')],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      try {
        const url = await servedUrl(server.stdout);
        const health = (await (await fetch(`${url}/healthz`)).json()) as { status: string };
        assert.equal(health.status, 'running');
        const put = [main, 'stream', 'create', 'packed', '--endpoint-url', url, '--region', 'eu-west-1'];
        await run(process.execPath, put);
      } finally {
        server.kill('SIGTERM');
      }
      const [status] = (await once(server, 'exit')) as [number];
      assert.equal(status, 0);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
);

/** Threads and processes are started by the paths of their files, which nothing imports. */
async function processesWork(installed: string, directory: string): Promise<void> {
  const file = (name: string): string => JSON.stringify(path.join(installed, 'dist', name));
  const module = path.join(directory, 'function.mjs');
  await writeFile(module, 'export const handler = ({ text }) => text.toUpperCase();');
  const script = `
    import { realFunctionProcesses } from ${file('host/real/function-process.js')};
    import { createWorkers } from ${file('host/real/workers.js')};
    import { packRecords } from ${file('firehose/processing/packed-records.js')};
    import { queryKeys } from ${file('firehose/processing/query-keys.js')};
    const options = { module: ${JSON.stringify(module)}, name: 'f', region: 'r', memoryMb: 64, onLine: console.error };
    const request = { id: '1', arn: 'arn', event: Buffer.from('{"text":"done"}') };
    const limits = { timeoutMs: 30_000, answerBytesMax: 1000 };
    const answer = await realFunctionProcesses.start(options).invoke(request, limits);
    const records = packRecords([Buffer.from('{"a":"v"}')]);
    const input = { query: '{k: .a}', names: ['k'], records, nowMs: 0, stepsMax: 1000 };
    const { partitions } = await createWorkers(1).run(queryKeys, input);
    console.log(String(answer.payload), partitions[0][0]);
    process.exit(0);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(stdout, '"DONE" v\n');
}

async function servedUrl(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    const url = /"url":"([^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  return assert.fail(`the server did not start:\n${text}`);
}
