/** A foreign server as a child process: a free port, its log in its folder, and waiting until it answers. */
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientEnvironment } from '../clients/environment.ts';
import { ProgramFailed, lastLines, startProgram } from '../clients/program.ts';

const STOP_TIMEOUT_MS = 10_000;
const KEYS = { accessKeyId: 'AKIAROOT', secretAccessKey: 'secret' };

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

/** `answers` is asked again and again, and may throw; the server has to live until it says true. */
export async function startServer(options: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly answers: () => Promise<boolean>;
  readonly timeoutMs: number;
}): Promise<() => Promise<void>> {
  const { name, folder } = options;
  const logFile = path.join(folder, `${name}.txt`);
  const program = startProgram({
    ...options,
    environment: clientEnvironment(KEYS, options.environment),
    logFile,
  });
  let ended = false;
  const exited = program.exited.finally(() => (ended = true));
  exited.catch(() => {});
  const deadlineMs = performance.now() + options.timeoutMs;
  while (!(await options.answers().catch(() => false))) {
    if (ended || performance.now() > deadlineMs) {
      program.kill();
      throw new ProgramFailed(`${name} did not come up; its last lines:\n${await lastLines(logFile)}`);
    }
    await sleep(50);
  }
  return async () => {
    program.signal('SIGTERM');
    await Promise.race([exited.catch(() => {}), sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    program.kill();
  };
}
