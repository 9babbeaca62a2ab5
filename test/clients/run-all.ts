/**
 * All suites of a run: what is missing is installed, one thing after another; a suite starts when its own installations are there and a
 * slot is free.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDynamoDbLocal } from './dynamodb-local/dynamodb-local.ts';
import { installInTurn, seconds } from './install-in-turn.ts';
import { killAllPrograms } from './program.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';
import { slotsOf } from './slots.ts';
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
