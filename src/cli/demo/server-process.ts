/** A server as a child process of the demo, found by the `running.json` that it writes when it is ready. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRunningServer, type Health } from '../server/running-server.ts';

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 30_000;
const POLL_MS = 50;

export type ServerProcess = {
  readonly url: string;
  readonly health: Health;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

export async function startServerProcess(
  options: { readonly port: number; readonly dataDirectory: string },
  signal: AbortSignal,
): Promise<ServerProcess> {
  const { port, dataDirectory } = options;
  const child = spawn(
    process.execPath,
    [process.argv[1]!, 'start', '--port', String(port), '--data', dataDirectory, '--log-level', 'warn'],
    // A stream of its own for what goes wrong; its log would mix with the demo's lines.
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = exited(child);
  try {
    const { server, health } = await ready(child, dataDirectory, signal);
    return { url: server.url, health, ended, stop: () => stop(child, ended) };
  } catch (error) {
    await stop(child, ended);
    throw error;
  }
}

async function ready(child: ChildProcess, dataDirectory: string, signal: AbortSignal) {
  const deadlineMs = performance.now() + START_MS_MAX;
  while (child.exitCode === null && performance.now() < deadlineMs) {
    const found = await findRunningServer(dataDirectory);
    if (found?.server.pid === child.pid) return found!;
    await sleep(POLL_MS, undefined, { signal });
  }
  throw Object.assign(new Error('The server did not start.'), { code: 'ENOSERVER' });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(late);
}

/** `wanted` when nobody listens there, else 0: any free port. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(wanted, '127.0.0.1');
    await once(probe, 'listening');
    return wanted;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}

async function exited(child: ChildProcess): Promise<void> {
  await once(child, 'exit');
}
