/**
 * `npm run test:clients`: real Kinesis clients, each against a real Millrace. Installs what is missing (one after another, while
 * installed suites run already), runs the suites a few at a time, and ends with one line that counts their cases.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type CommandLine, readCommandLine, refuse } from '../../scripts/command-line.ts';
import { UsageError, type Flag } from '../../src/base/flags.ts';
import { seconds } from './install-in-turn.ts';
import { killAllPrograms } from './program.ts';
import { runAll } from './run-all.ts';
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

const LINE: CommandLine = {
  usage: 'test:clients -- [options]',
  does: 'Runs real Kinesis clients, each against a real Millrace.',
  flags: FLAGS,
};

type Skip = { readonly name: string; readonly why: string };

async function main(): Promise<number> {
  const { values } = readCommandLine(LINE);
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
    const whys = lacks.length > 0 ? [`this machine lacks ${lacks.join(' and ')}`] : [];
    if (suite.crashesServer && endpoint !== undefined)
      whys.push('it kills the server, so not with --endpoint');
    if (whys.length > 0) skips.push({ name: suite.name, why: whys.join('; ') });
    return whys.length === 0;
  });
  return { runnable, skips };
}

process.on('exit', killAllPrograms);
try {
  process.exitCode = await main();
} catch (error) {
  refuse(error, LINE);
}
