/**
 * The server of a data directory, as it said itself in `running.json`. A pid alone may belong to anyone by now, so a
 * server is only believed to run when it answers with the instance that the file names.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError, type Flag, type ParsedFlags } from '../../base/flags.ts';
import { RUNNING_FILE, type RunningServer } from '../../config/running-server.ts';
import { defaultDataDirectory } from '../../config/read-config.ts';
import type { Environment } from '../command.ts';

export const DATA_FLAG: Flag = {
  name: 'data',
  value: 'DIR',
  environment: ['MILLRACE_DATA'],
  help: 'Data directory of the server. Default: MILLRACE_DATA, else where `millrace start` keeps its data.',
};

export type Health = {
  readonly status: string;
  readonly version: string;
  readonly instance: string;
  readonly uptimeSeconds: number;
};

export function dataDirectoryOf(flags: ParsedFlags, environment: Environment): string {
  if (flags.values.get('data') === '') throw new UsageError('--data has an empty value: --data DIR');
  return path.resolve(
    flags.values.get('data') ?? (environment['MILLRACE_DATA'] || defaultDataDirectory(environment)),
  );
}

/** The server that runs on the data directory, or undefined. */
export async function findRunningServer(
  dataDirectory: string,
): Promise<{ readonly server: RunningServer; readonly health: Health } | undefined> {
  let server: RunningServer;
  try {
    server = JSON.parse(readFileSync(path.join(dataDirectory, RUNNING_FILE), 'utf8')) as RunningServer;
  } catch {
    return undefined;
  }
  const health = await healthAt(server.url);
  return health?.instance === server.instance ? { server, health } : undefined;
}

const ANSWER_MS_MAX = 5_000;

/** What `/healthz` says, or undefined when nothing like a Millrace answers. */
export async function healthAt(url: string): Promise<Health | undefined> {
  try {
    const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const health = (await response.json()) as Partial<Health>;
    return typeof health.instance === 'string' ? (health as Health) : undefined;
  } catch {
    return undefined;
  }
}

/** Names the pids that this process sees; empty on systems that have one set of pids for all. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

const POLL_MS = 50;

/** Resolves to whether the process had ended before the time was up. */
export async function waitUntilEnded(pid: number, msMax: number, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = performance.now() + msMax;
  while (isAlive(pid)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(POLL_MS, undefined, { signal });
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
