/**
 * `npm run sim -- --seed N --seeds M [--steps K] [--planted NAME] [--trace] [--json]`: simulations from M seeds, from N on. The exit code is
 * 0 when all passed, or, with a planted bug, when it was found.
 */
import { createHash } from 'node:crypto';
import { type CommandLine, readCommandLine, refuse, wholeNumber } from '../scripts/command-line.ts';
import { UsageError } from '../src/base/flags.ts';
import { plantedBug, PLANTED_BUGS } from './planted/planted-bugs.ts';
import { simulate, type SimulationResult } from './simulate.ts';

const LINE: CommandLine = {
  usage: 'sim -- [options]',
  does: 'Simulates a whole server with its clients and faults, each time from one seed, and checks the history.',
  flags: [
    { name: 'seed', value: 'N', default: '1', help: 'The first seed.' },
    { name: 'seeds', value: 'M', default: '1', help: 'How many seeds, from the first on.' },
    { name: 'steps', value: 'K', default: '300', help: 'How long each simulation is.' },
    { name: 'planted', value: 'NAME', help: 'Plant a bug, and pass when it is found.' },
    { name: 'trace', help: 'Print the history.' },
    { name: 'json', help: 'Print each result as a line of JSON.' },
  ],
};
const given = readCommandLine(LINE);
const first = wholeNumber(given, 'seed', 1, LINE);
const count = wholeNumber(given, 'seeds', 1, LINE);
const steps = wholeNumber(given, 'steps', 300, LINE);
const trace = given.values.get('trace') === 'true';
const json = given.values.get('json') === 'true';
const planted = given.values.get('planted');
const bug = planted === undefined ? undefined : plantedBug(planted);
if (planted !== undefined && bug === undefined) {
  const names = PLANTED_BUGS.map(({ name }) => name).join(', ');
  refuse(new UsageError(`There is no planted bug ${planted}. There are: ${names}.`), LINE);
}
const startedMs = performance.now();
const totals = { seeds: 0, operations: 0, lives: 0, records: 0, gone: 0, refused: 0, failed: 0 };
const faults = new Map<string, number>();
const hashes = createHash('sha256');
for (let seed = first; seed < first + count; seed++) {
  const result = await simulate({ seed, steps, bug, onLine: trace ? console.log : undefined });
  add(result);
  if (json) console.log(JSON.stringify({ ...result, faults: Object.fromEntries(result.faults) }));
  if (result.failure !== undefined) {
    if (!json) tell(result);
    if (bug !== undefined) break;
  }
}
const seconds = (performance.now() - startedMs) / 1000;
if (!json) {
  const { seeds, operations, lives, records, gone, refused, failed } = totals;
  console.log(
    `${seeds} seeds, ${operations} operations, ${records} records (${gone} gone by retention or a power cut), ${lives} lives of the server, ${seconds.toFixed(1)} s ` +
      `(${(seeds / seconds).toFixed(1)} seeds/s): ${failed} failed, ${refused} ended with damage refused`,
  );
  console.log(
    [...faults]
      .toSorted()
      .map(([fault, times]) => `${fault}: ${times}`)
      .join(' · '),
  );
  console.log(`hash of all: ${hashes.digest('hex').slice(0, 16)}`);
}
process.exitCode = (bug === undefined ? totals.failed === 0 : totals.failed > 0) ? 0 : 1;

function add(result: SimulationResult): void {
  totals.seeds++;
  totals.operations += result.operations;
  totals.lives += result.lives;
  totals.records += result.records;
  totals.gone += result.gone;
  if (result.refused) totals.refused++;
  if (result.failure !== undefined) totals.failed++;
  for (const [fault, times] of result.faults) faults.set(fault, (faults.get(fault) ?? 0) + times);
  hashes.update(result.hash);
}

function tell({ seed, failure }: SimulationResult): void {
  console.log(`\nseed ${seed} failed: ${failure!.message}\n`);
  for (const line of failure!.story) console.log(`  ${line}`);
  const withBug = planted === undefined ? '' : ` --planted ${planted}`;
  console.log(`\nAgain: npm run sim -- --seed ${seed} --steps ${steps}${withBug} --trace\n`);
}
