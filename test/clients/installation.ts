/**
 * What a suite needs on the machine before it can run. Each installation has a folder of its own under the user's cache,
 * named after everything that decides its content (lock files, sources), so that another version never meets it; big downloads
 * stay in the usual homes of their tools (~/.m2, ~/go, pip's cache). The marker `complete` is written last: an interrupted one is
 * wiped and begun anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockFile } from '../../src/host/real/lock.ts';
import { installEnvironment } from './environment.ts';
import { runProgram } from './program.ts';
import type { Runtime } from './runtime.ts';

export type Installation = {
  readonly name: string;
  readonly needs: readonly Runtime[];
  readonly folder: string;
  /** Beyond the marker, e.g. that the jars are still in ~/.m2. */
  readonly isWhole: () => boolean;
  readonly install: (run: (step: Step) => Promise<void>) => Promise<void>;
};

export type Step = {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** Slow networks and cold compiler caches included. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** `deciding` are the files and words whose content decides what is installed. */
export function installationFolder(name: string, deciding: readonly string[]): string {
  const hash = createHash('sha256');
  for (const item of deciding) {
    hash.update(path.isAbsolute(item) ? readFileSync(item) : item).update('\0');
  }
  const cache = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return path.join(cache, 'millrace-clients', `${name}-${hash.digest('hex').slice(0, 16)}`);
}

export function isInstalled(installation: Installation): boolean {
  return existsSync(path.join(installation.folder, 'complete')) && installation.isWhole();
}

/** Two runs at once share what they install: the second waits for the first. */
export async function install(installation: Installation, stopped: AbortSignal): Promise<void> {
  const { folder } = installation;
  await mkdir(path.dirname(folder), { recursive: true });
  await using _lock = await whenFree(`${folder}.lock`, stopped);
  if (isInstalled(installation)) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const logFile = path.join(folder, 'install.txt');
  const ended = AbortSignal.any([stopped, AbortSignal.timeout(INSTALL_TIMEOUT_MS)]);
  await installation.install(async (step) => {
    const environment = { ...installEnvironment(), ...step.environment };
    await runProgram({ ...step, environment, logFile }, ended);
  });
  if (!installation.isWhole()) throw new Error(`The installation ${installation.name} is not whole.`);
  await writeFile(path.join(folder, 'complete'), '');
}

async function whenFree(file: string, stopped: AbortSignal): Promise<AsyncDisposable> {
  for (;;) {
    try {
      return await lockFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      await sleep(500, undefined, { signal: stopped });
    }
  }
}
