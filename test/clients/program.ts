/**
 * Child processes of a test run. Each is the leader of its own process group, because clients start children of their own
 * (the KPL's native daemon, the KCL's Python worker); whatever still runs when we exit is killed by group.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

export type Program = {
  readonly pid: number;
  /** Its exit code, or 128 + 9 and the like when a signal ended it. */
  readonly exited: Promise<number>;
  /** Only the leader: the program may tidy up. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** The whole group, at once. */
  readonly kill: () => void;
};

type Start = {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Gets stderr, and stdout too unless `onOutput` takes it as well. */
  readonly logFile: string;
  readonly onOutput?: (text: string) => void;
};

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
const running = new Set<Program>();

export function startProgram(start: Start): Program {
  const child = spawn(start.command, start.args, {
    cwd: start.folder,
    env: start.environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(start.logFile, { flags: 'a' });
  child.stderr.on('data', (bytes: Buffer) => log.write(bytes));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log.write(text);
    start.onOutput?.(text);
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(program);
      log.end(() => resolve(code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0)));
    });
  });
  // A program that nobody waits for must not end the runner by its failure; who awaits `exited` still sees it.
  exited.catch(() => {});
  const signalTo = (pid: number, name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const program: Program = {
    pid: child.pid ?? 0,
    exited,
    signal: (name) => {
      if (child.exitCode === null && child.pid !== undefined) signalTo(child.pid, name);
    },
    kill: () => {
      if (running.has(program) && child.pid !== undefined) signalTo(-child.pid, 'SIGKILL');
    },
  };
  if (child.pid !== undefined) running.add(program);
  return program;
}

/** A client's own words say what went wrong; where we called it from says nothing. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
}

/** Runs to the end; `stdout` is whole. The error of a failed one carries the end of its log. */
export async function runProgram(start: Start, stopped: AbortSignal): Promise<string> {
  let stdout = '';
  const program = startProgram({
    ...start,
    onOutput: (text) => {
      stdout += text;
      start.onOutput?.(text);
    },
  });
  stopped.addEventListener('abort', program.kill, { once: true });
  try {
    stopped.throwIfAborted();
    const code = await program.exited;
    stopped.throwIfAborted();
    if (code !== 0) {
      throw new ProgramFailed(
        `${start.command} exited ${code}; its last lines:\n${await lastLines(start.logFile)}`,
      );
    }
    return stdout;
  } finally {
    stopped.removeEventListener('abort', program.kill);
    program.kill();
  }
}

export async function lastLines(file: string, count = 25): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

export function killAllPrograms(): void {
  for (const program of running) program.kill();
}
