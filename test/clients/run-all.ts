/**
 * All suites of a run: what is missing is installed, one thing after another; a suite starts when its own installations are there and a
 * slot is free.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDynamoDbLocal } from './dynamodb-local/dynamodb-local.ts';
import { install, isInstalled, type Installation } from './installation.ts';
import { killAllPrograms } from './program.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';
import type { Endpoint, Suite } from './suite.ts';

/** Answers when every suite is done, and everything it started is stopped. */
export async function runAll(
  suites: readonly Suite[],
  options: {
    readonly jobs: number;
    readonly endpoint: Endpoint | undefined;
    readonly keep: boolean;
    readonly say: (line: string) => void;
  },
): Promise<readonly SuiteResult[]> {
  const { say } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-clients-'));
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new Error(`Stopped by ${name}.`)));
  }
  const installs = installInTurn(suites, say, stop.signal);
  let dynamoDb: Promise<string> | undefined;
  const dynamoDbUrl = (): Promise<string> =>
    (dynamoDb ??= startDynamoDbLocal(path.join(folder, 'dynamodb-local.txt')).then(({ url }) => url));
  const slots = slotsOf(options.jobs);
  try {
    const runs = suites.map(async (suite): Promise<SuiteResult> => {
      const failure = await installs(suite);
      if (failure !== undefined) {
        return { name: suite.name, durationMs: 0, cases: [{ name: 'installs', passed: false }], failure };
      }
      return slots(async () => {
        say(`${suite.name}: starts; ${suite.what}`);
        const result = await runSuite(suite, {
          workFolder: path.join(folder, suite.name),
          keepsWorkFolder: options.keep,
          endpoint: options.endpoint,
          dynamoDbUrl,
          onCase: ({ name, passed }) => say(`${suite.name}: ${passed ? 'ok' : 'NOT OK'} ${name}`),
          stopped: stop.signal,
        });
        const word = result.failure === undefined ? 'passed' : 'FAILED';
        say(`${suite.name}: ${word}, ${result.cases.length} cases in ${seconds(result.durationMs)}`);
        return result;
      });
    });
    return await Promise.all(runs);
  } finally {
    killAllPrograms();
    const kept = await readdir(folder);
    if (kept.every((name) => name === 'dynamodb-local.txt')) await rm(folder, { recursive: true });
    else say(`\nLogs are in ${folder}`);
  }
}

/** Installs one after another, in the order of the suites; answers a suite's turn with why it failed, or undefined. */
function installInTurn(
  suites: readonly Suite[],
  say: (line: string) => void,
  stopped: AbortSignal,
): (suite: Suite) => Promise<string | undefined> {
  const installs = new Map<Installation, Promise<string | undefined>>();
  let turn: Promise<unknown> = Promise.resolve();
  for (const installation of new Set(suites.flatMap((suite) => suite.installations))) {
    const done = isInstalled(installation)
      ? Promise.resolve(undefined)
      : turn.then(() => tryInstall(installation, say, stopped));
    installs.set(installation, done);
    turn = done;
  }
  return async (suite) => {
    const failures = await Promise.all(suite.installations.map((installation) => installs.get(installation)));
    return failures.find((failure) => failure !== undefined);
  };
}

async function tryInstall(
  installation: Installation,
  say: (line: string) => void,
  stopped: AbortSignal,
): Promise<string | undefined> {
  const startedMs = performance.now();
  say(`installing ${installation.name} into ${installation.folder}`);
  // Registries have bad moments; a second try costs little beside a red run.
  for (let tries = 1; ; tries++) {
    try {
      await install(installation, stopped);
      say(`installed ${installation.name} in ${seconds(performance.now() - startedMs)}`);
      return undefined;
    } catch (error) {
      const message = `Cannot install ${installation.name}: ${(error as Error).message}`;
      if (tries === 2 || stopped.aborted) return message;
      say(message);
    }
  }
}

/** At most `count` bodies at once; the rest wait in order. */
function slotsOf(count: number): <T>(body: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (body) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await body();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
