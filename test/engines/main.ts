/**
 * `npm run test:engines`: Millrace against real servers and readers of others. Installs what is missing below the user's cache folder (one thing
 * after another, while suites that have theirs run already), starts and stops each suite's servers, and ends with one line that counts. What the
 * machine lacks is a failure: nothing is skipped.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError, parseFlags, type Flag } from '../../src/base/flags.ts';
import { installInTurn, seconds } from '../clients/install-in-turn.ts';
import { killAllPrograms } from '../clients/program.ts';
import { missingRuntime, type Runtime } from '../clients/runtime.ts';
import { slotsOf } from '../clients/slots.ts';
import type { EngineSuite } from './engine.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';
import { SUITES } from './suites.ts';

const FLAGS: readonly Flag[] = [
  { name: 'only', value: 'NAME,…', help: 'Run only these suites.' },
  { name: 'list', help: 'Print the suites and what each does, and run none.' },
  { name: 'install', help: 'Install what the suites need, and run none.' },
  { name: 'jobs', value: 'N', default: '2', help: 'How many suites run at once.' },
  { name: 'verbose', help: 'Print every case, not only those that fail.' },
];

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (positionals.length > 0) throw new UsageError(`Unexpected '${positionals[0]}'; did you mean --only?`);
  if (values.get('help') === 'true') {
    const lines = FLAGS.map(({ name, value, help }) => `  --${`${name} ${value ?? ''}`.padEnd(16)} ${help}`);
    say(`Runs Millrace against real servers and readers of others.\n\n${lines.join('\n')}`);
    return 0;
  }
  const suites = chosen(values.get('only'));
  if (values.get('list') === 'true') {
    for (const suite of suites) say(`${suite.name.padEnd(18)} ${suite.what}`);
    return 0;
  }
  const jobs = Number(values.get('jobs') ?? 2);
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError('--jobs must be a number from 1.');

  const startedMs = performance.now();
  const options = { jobs, verbose: values.get('verbose') === 'true', runs: values.get('install') !== 'true' };
  const results = await runAll(suites, options);
  for (const { name, failure } of results) if (failure !== undefined) say(`\nFAILED: ${name}\n${failure}`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  say(`\n${results.length} suites in ${seconds(performance.now() - startedMs)}`);
  say(`${passed} passed, ${failed} failed`);
  return failed > 0 || (passed === 0 && options.runs) ? 1 : 0;
}

async function runAll(
  suites: readonly EngineSuite[],
  options: { readonly jobs: number; readonly verbose: boolean; readonly runs: boolean },
): Promise<readonly SuiteResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-engines-'));
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new Error(`Stopped by ${name}.`)));
  const lacks = await lackOf(suites);
  const able = suites.filter((suite) => lacks(suite) === undefined);
  const installs = installInTurn(able.map(withInstallations), say, stop.signal);
  const slots = slotsOf(options.jobs);
  try {
    const runs = suites.map(async (suite): Promise<SuiteResult> => {
      const failure = lacks(suite) ?? (await installs(withInstallations(suite)));
      const nothing = { name: suite.name, durationMs: 0, passed: 0 };
      if (failure !== undefined) return { ...nothing, failed: 1, failure };
      if (!options.runs) return { ...nothing, failed: 0, failure };
      return slots(async () => {
        say(`${suite.name}: starts; ${suite.what}`);
        const result = await runSuite(suite, path.join(folder, suite.name), stop.signal, (line) => {
          if (options.verbose || line.startsWith('not ok')) say(`${suite.name}: ${line}`);
        });
        const word = result.failure === undefined ? 'passed' : 'FAILED';
        say(`${suite.name}: ${word}, ${result.passed} cases in ${seconds(result.durationMs)}`);
        return result;
      });
    });
    return await Promise.all(runs);
  } finally {
    killAllPrograms();
    if ((await readdir(folder)).length === 0) await rm(folder, { recursive: true });
    else say(`\nLogs are in ${folder}`);
  }
}

type Installed = Parameters<ReturnType<typeof installInTurn>>[0];

function withInstallations(suite: EngineSuite): Installed {
  return {
    installations: [...suite.engines.flatMap((engine) => engine.installations), ...suite.installations],
  };
}

/** What the machine lacks for a suite, in words. */
async function lackOf(suites: readonly EngineSuite[]): Promise<(suite: EngineSuite) => string | undefined> {
  const needsOf = (suite: EngineSuite): readonly Runtime[] => [
    ...suite.needs,
    ...suite.engines.flatMap((engine) => engine.needs),
    ...withInstallations(suite).installations.flatMap((installation) => installation.needs),
  ];
  const needed = [...new Set(suites.flatMap(needsOf))];
  const probed = await Promise.all(
    needed.map(async (runtime) => [runtime, await missingRuntime(runtime)] as const),
  );
  const missing = new Map(probed);
  return (suite) => {
    const lacks = new Set(needsOf(suite).flatMap((runtime) => missing.get(runtime) ?? []));
    return lacks.size === 0 ? undefined : `This machine lacks ${[...lacks].join(' and ')}: it was NOT run.`;
  };
}

function chosen(only: string | undefined): readonly EngineSuite[] {
  if (only === undefined) return SUITES;
  return only.split(',').map((name) => {
    const suite = SUITES.find((candidate) => candidate.name === name);
    if (suite !== undefined) return suite;
    throw new UsageError(`No suite '${name}'; there are ${SUITES.map((known) => known.name).join(', ')}.`);
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.on('exit', killAllPrograms);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
