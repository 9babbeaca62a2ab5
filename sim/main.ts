/**
 * `npm run sim -- --seed N --seeds M [--steps K] [--planted NAME] [--trace] [--json]`: simulations from M seeds, from N on. The exit code is
 * 0 when all passed, or, with a planted bug, when it was found.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { plantedBug, PLANTED_BUGS } from './planted/planted-bugs.ts';
import { simulate, type SimulationResult } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '300' },
    planted: { type: 'string' },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const bug = values.planted === undefined ? undefined : plantedBug(values.planted);
if (values.planted !== undefined && bug === undefined) {
  console.error(
    `There is no planted bug ${values.planted}. There are: ${PLANTED_BUGS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
const [first, count, steps] = [Number(values.seed), Number(values.seeds), Number(values.steps)];
const startedMs = performance.now();
const totals = { seeds: 0, operations: 0, lives: 0, records: 0, gone: 0, refused: 0, failed: 0 };
const faults = new Map<string, number>();
const hashes = createHash('sha256');
for (let seed = first; seed < first + count; seed++) {
  const result = await simulate({ seed, steps, bug, onLine: values.trace ? console.log : undefined });
  add(result);
  if (values.json) console.log(JSON.stringify({ ...result, faults: Object.fromEntries(result.faults) }));
  if (result.failure !== undefined) {
    if (!values.json) tell(result);
    if (bug !== undefined) break;
  }
}
const seconds = (performance.now() - startedMs) / 1000;
if (!values.json) {
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
  const planted = values.planted === undefined ? '' : ` --planted ${values.planted}`;
  console.log(`\nAgain: npm run sim -- --seed ${seed} --steps ${steps}${planted} --trace\n`);
}
