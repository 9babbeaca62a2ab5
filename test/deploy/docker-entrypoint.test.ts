/**
 * The container's entrypoint, run as a container would run it but without a Docker daemon: in a pid namespace of its own, where
 * the server is process 1, as it will be again after a `kill -9`.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { createApiClient } from '../../src/cli/client/api-client.ts';
import { createStream, putText, readTexts, temporaryDirectory } from '../server/server-process.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const ENTRYPOINT = path.join(ROOT, 'deploy/docker-entrypoint.sh');
const IN_CONTAINER = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

before(() => execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.ts')]));

test(
  'the server is process 1, finds its data again after kill -9, and ends with SIGTERM',
  { skip: !mayUnshare() && 'no pid namespaces here' },
  async () => {
    await using directory = await temporaryDirectory();
    const first = await startContainer(directory.path);
    const client = clientOf(first.url, directory.path);
    await createStream(client, 'kept');
    await putText(client, 'kept', 'one');
    assert.equal(runningPid(directory.path), 1);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    client.close();

    const second = await startContainer(directory.path);
    const again = clientOf(second.url, directory.path);
    assert.deepEqual(await readTexts(again, 'kept'), ['one']);
    assert.equal(runningPid(directory.path), 1);
    again.close();
    // Outside the container this pid is somebody else's.
    const stop = spawn(process.execPath, [path.join(ROOT, 'src/main.ts'), 'stop', '--data', directory.path]);
    assert.deepEqual(await once(stop, 'exit'), [1, null]);
    process.kill(second.pid, 'SIGTERM');
    assert.equal(await second.ended, 0);
  },
);

test('a command runs in place of the server', async () => {
  const output = execFileSync('sh', [ENTRYPOINT, 'stream', '--help'], {
    env: { ...process.env, MILLRACE_HOME: ROOT },
  });
  assert.match(output.toString(), /^millrace stream$/m);
});

type Container = { readonly url: string; readonly pid: number; readonly ended: Promise<number | string> };

async function startContainer(data: string): Promise<Container> {
  const [command, ...args] = [...IN_CONTAINER, 'sh', ENTRYPOINT, '--port', '0'];
  const child = spawn(command!, args, {
    env: { ...process.env, MILLRACE_HOME: ROOT, MILLRACE_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | string);
  const url = await servedUrl(child);
  // `unshare --fork` waits for process 1 of the new namespace.
  const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
  return { url, pid: Number(pid), ended };
}

async function servedUrl(child: ChildProcess): Promise<string> {
  let said = '';
  return await new Promise((resolve, reject) => {
    child.stderr!.on('data', (chunk) => (said += String(chunk)));
    child.stdout!.on('data', (chunk) => {
      said += String(chunk);
      const url = /"url":"([^"]+)"/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on('close', () => reject(new Error(said)));
  });
}

/** With the access key that the entrypoint made. */
function clientOf(url: string, data: string) {
  const file = path.join(data, 'credentials');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const text = readFileSync(file, 'utf8');
  return createApiClient({
    endpoint: new URL(url),
    region: 'us-east-1',
    credentials: {
      accessKeyId: /^aws_access_key_id = (MR[0-9A-F]{18})$/m.exec(text)![1]!,
      secretAccessKey: /^aws_secret_access_key = ([0-9a-f]{40})$/m.exec(text)![1]!,
      sessionToken: undefined,
    },
    service: 'kinesis',
    targetPrefix: 'Kinesis_20131202',
  });
}

function runningPid(data: string): number {
  return (JSON.parse(readFileSync(path.join(data, 'running.json'), 'utf8')) as { pid: number }).pid;
}

function mayUnshare(): boolean {
  try {
    execFileSync(IN_CONTAINER[0]!, [...IN_CONTAINER.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
