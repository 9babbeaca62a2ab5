/** A server under load: a process of its own on a free port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Server = AsyncDisposable & {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** From the start of the process until it took a connection. */
  readonly startMs: number;
};

const START_MS_MAX = 60_000;

export async function startProcess(
  name: string,
  port: number,
  args: readonly string[],
  command: string = process.execPath,
): Promise<Server> {
  const startedAt = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint = `${complaint}${chunk}`.slice(-4000)));
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() - startedAt > START_MS_MAX) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start: ${complaint}`);
    }
    await sleep(2);
  }
  return {
    name,
    port,
    pid: child.pid!,
    startMs: performance.now() - startedAt,
    async [Symbol.asyncDispose]() {
      await stop(child);
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
