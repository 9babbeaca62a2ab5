/**
 * `npm run test:clients`: real Kinesis clients, each against a real Millrace. Installs what is missing (one after another, while
 * installed suites run already), runs the suites a few at a time, and ends with one line that counts their cases.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError, parseFlags, type Flag } from '../../src/base/flags.ts';
import { startDynamoDbLocal } from './dynamodb-local/dynamodb-local.ts';
import { install, isInstalled, type Installation } from './installation.ts';
import { killAllPrograms } from './program.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';
import { missingRuntime, type Runtime } from './runtime.ts';
import type { Endpoint, Suite } from './suite.ts';
import { SUITES } from './suites.ts';

const FLAGS: readonly Flag[] = [
  { name: 'only', value: 'NAME,…', help: 'Run only these suites.' },
  { name: 'list', help: 'Print the suites and what each does, and run none.' },
  { name: 'jobs', value: 'N', default: 'cores + 1', help: 'How many suites run at once.' },
  {
    name: 'endpoint',
    value: 'URL',
    help: 'A server that runs already; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  },
  { name: 'ca', value: 'FILE', help: 'The authority (PEM) of --endpoint.' },
  { name: 'no-skip', help: 'A suite that cannot run is a failure. So it is when CI=true.' },
  { name: 'keep', help: 'Keep the logs of suites that passed.' },
  { name: 'json', help: 'Print the results as JSON on stdout and the progress on stderr.' },
];

type Skip = { readonly name: string; readonly why: string };

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (positionals.length > 0) throw new UsageError(`Unexpected '${positionals[0]}'; did you mean --only?`);
  if (values.get('help') === 'true') {
    const lines = FLAGS.map(({ name, value, help }) => `  --${`${name} ${value ?? ''}`.padEnd(16)} ${help}`);
    process.stdout.write(`Runs real Kinesis clients against Millrace.\n\n${lines.join('\n')}\n`);
    return 0;
  }
  const suites = chosen(values.get('only'));
  if (values.get('list') === 'true') {
    for (const suite of suites) process.stdout.write(`${suite.name.padEnd(12)} ${suite.what}\n`);
    return 0;
  }
  const json = values.get('json') === 'true';
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const jobs = Number(values.get('jobs') ?? availableParallelism() + 1);
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError('--jobs must be a number from 1.');
  const endpoint = endpointOf(values.get('endpoint'), values.get('ca'));
  const noSkip = values.get('no-skip') === 'true' || process.env['CI'] === 'true';

  const startedMs = performance.now();
  const { runnable, skips } = await sortOut(suites, endpoint);
  const results = await runAll(runnable, { jobs, endpoint, say, keep: values.get('keep') === 'true' });

  const cases = results.flatMap((result) => result.cases);
  const passed = cases.filter((tapCase) => tapCase.passed).length;
  const failed = cases.length - passed + (noSkip ? skips.length : 0);
  for (const result of results)
    if (result.failure !== undefined) say(`\nFAILED: ${result.name}\n${result.failure}`);
  say('');
  for (const skip of skips) say(`SKIPPED: ${skip.name}: ${skip.why}`);
  if (json) process.stdout.write(`${JSON.stringify({ results, skips, passed, failed }, null, 2)}\n`);
  say(`${results.length} suites in ${seconds(performance.now() - startedMs)}`);
  say(`${passed} passed, ${failed} failed${!noSkip && skips.length > 0 ? `, ${skips.length} skipped` : ''}`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

function chosen(only: string | undefined): readonly Suite[] {
  if (only === undefined) return SUITES;
  return only.split(',').map((name) => {
    const suite = SUITES.find((candidate) => candidate.name === name);
    if (suite !== undefined) return suite;
    throw new UsageError(`No suite '${name}'; there are ${SUITES.map((known) => known.name).join(', ')}.`);
  });
}

function endpointOf(url: string | undefined, caFile: string | undefined): Endpoint | undefined {
  if (url === undefined) return undefined;
  const { port, protocol } = new URL(url);
  const accessKeyId = process.env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = process.env['AWS_SECRET_ACCESS_KEY'];
  if (port === '' || !protocol.startsWith('http'))
    throw new UsageError('--endpoint must be http://localhost:PORT.');
  if (caFile === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new UsageError('--endpoint needs --ca, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  return {
    plainUrl: `http://localhost:${port}`,
    tlsUrl: `https://localhost:${port}`,
    caFile: path.resolve(caFile),
    accessKeyId,
    secretAccessKey,
  };
}

async function sortOut(
  suites: readonly Suite[],
  endpoint: Endpoint | undefined,
): Promise<{ runnable: readonly Suite[]; skips: readonly Skip[] }> {
  const needed = new Set(suites.flatMap((suite) => suite.installations.flatMap(({ needs }) => needs)));
  const probes = [...needed].map(async (runtime) => [runtime, await missingRuntime(runtime)] as const);
  const missing = new Map<Runtime, string | undefined>(await Promise.all(probes));
  const skips: Skip[] = [];
  const runnable = suites.filter((suite) => {
    const runtimes = new Set(suite.installations.flatMap(({ needs }) => needs));
    const lacks = [...runtimes].map((runtime) => missing.get(runtime)).filter((lack) => lack !== undefined);
    if (suite.crashesServer && endpoint !== undefined)
      lacks.push('a server that it may kill (run it without --endpoint)');
    if (lacks.length > 0) skips.push({ name: suite.name, why: `this machine lacks ${lacks.join(' and ')}` });
    return lacks.length === 0;
  });
  return { runnable, skips };
}

async function runAll(
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
  const installs = installInTurn(suites, say);
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
): (suite: Suite) => Promise<string | undefined> {
  const installs = new Map<Installation, Promise<string | undefined>>();
  let turn: Promise<unknown> = Promise.resolve();
  for (const installation of new Set(suites.flatMap((suite) => suite.installations))) {
    const done = isInstalled(installation)
      ? Promise.resolve(undefined)
      : turn.then(() => tryInstall(installation, say));
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
): Promise<string | undefined> {
  const startedMs = performance.now();
  say(`installing ${installation.name} into ${installation.folder}`);
  // Registries have bad moments; a second try costs little beside a red run.
  for (let tries = 1; ; tries++) {
    try {
      await install(installation);
      say(`installed ${installation.name} in ${seconds(performance.now() - startedMs)}`);
      return undefined;
    } catch (error) {
      const message = `Cannot install ${installation.name}: ${(error as Error).message}`;
      if (tries === 2) return message;
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

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

process.on('exit', killAllPrograms);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
