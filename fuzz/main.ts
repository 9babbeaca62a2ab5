/**
 * `npm run fuzz`: hostile input for everything that reads bytes from outside. Without options a short run over all targets; what fails is
 * written to a file, and the command that replays it is printed.
 *
 *     npm run fuzz -- [--target NAME] [--inputs N] [--seed S] [--minutes M] [--json]
 *     npm run fuzz -- --replay FILE [--target NAME]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { hash } from 'node:crypto';
import { type CommandLine, readCommandLine, refuse, wholeNumber } from '../scripts/command-line.ts';
import { UsageError } from '../src/base/flags.ts';
import { runTarget, type Result } from './campaign.ts';
import { targets } from './targets.ts';

const FOUND = path.join(import.meta.dirname, 'found');

const LINE: CommandLine = {
  usage: 'fuzz -- [options]',
  does: 'Gives hostile input to everything that reads bytes from outside. What fails is written to a file, with the command that replays it.',
  flags: [
    { name: 'target', value: 'NAME', help: 'Only this target.' },
    { name: 'inputs', value: 'N', default: '20000', help: 'How many inputs, over all targets.' },
    { name: 'minutes', value: 'M', help: 'How long, instead of how many inputs.' },
    { name: 'seed', value: 'S', default: '1', help: 'Where the inputs come from.' },
    { name: 'from', value: 'I', default: '0', help: 'The first input of the seed.' },
    {
      name: 'replay',
      value: 'FILE',
      help: 'Give the bytes of a file to the target, which its directory names.',
    },
    { name: 'json', help: 'Print the results as JSON.' },
  ],
};
const given = readCommandLine(LINE);
const named = given.values.get('target');
const replayed = given.values.get('replay');
const minutesMax = wholeNumber(given, 'minutes', Infinity, LINE);
const inputsMax =
  minutesMax === Infinity ? wholeNumber(given, 'inputs', 20_000, LINE) : Number.MAX_SAFE_INTEGER;
const seed = wholeNumber(given, 'seed', 1, LINE);
const from = wholeNumber(given, 'from', 0, LINE);
const json = given.values.get('json') === 'true';

/** The target of a file in fuzz/regressions/NAME or fuzz/found/NAME, unless it is said. */
function targetNamed(name: string) {
  const target = targets.find((each) => each.name === name);
  if (target !== undefined) return target;
  const names = targets.map((each) => each.name).join(', ');
  return refuse(new UsageError(`There is no target ${name}. There are: ${names}.`), LINE);
}

async function replay(file: string): Promise<void> {
  const target = targetNamed(named ?? path.basename(path.dirname(path.resolve(file))));
  await using open = await target.open();
  console.log(`${target.name}: ${await open.check(await readFile(file))}`);
}

async function keep({ target, faults, seed }: Result): Promise<void> {
  await mkdir(path.join(FOUND, target), { recursive: true });
  for (const { index, input, message } of faults) {
    console.log(`\n✖ ${target}, seed ${seed}, input ${index}: ${message}`);
    if (index < 0) continue;
    const file = path.join(FOUND, target, hash('sha256', input).slice(0, 12));
    await writeFile(file, input);
    console.log(`  npm run fuzz -- --replay ${path.relative(process.cwd(), file)}`);
    console.log(`  npm run fuzz -- --target ${target} --seed ${seed} --from ${index} --inputs 1`);
  }
}

async function fuzz(): Promise<void> {
  const chosen = named === undefined ? targets : [targetNamed(named)];
  const weight = chosen.reduce((sum, target) => sum + target.weight, 0);
  const results: Result[] = [];
  for (const target of chosen) {
    const share = target.weight / weight;
    const result = await runTarget(target, {
      seed,
      from,
      inputs: Math.ceil(inputsMax * share),
      minutes: minutesMax * share,
    });
    results.push(result);
    if (!json) console.log(line(result));
    await keep(result);
  }
  const inputs = results.reduce((sum, result) => sum + result.inputs, 0);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const faults = results.reduce((sum, result) => sum + result.faults.length, 0);
  const machine = `${cpus().length} x ${cpus()[0]?.model}, Node.js ${process.version}`;
  const shown = results.map((result) => ({
    ...result,
    faults: result.faults.map(({ index, message }) => ({ index, message })),
  }));
  if (json) console.log(JSON.stringify({ machine, inputs, seconds, results: shown }, undefined, 1));
  else console.log(`${inputs} inputs in ${seconds.toFixed(0)} s on ${machine}: ${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
}

function line({ target, inputs, seconds, bytesPerInput, outcomes }: Result): string {
  const memory =
    bytesPerInput === undefined ? '' : `, ${bytesPerInput.toFixed(1)} bytes of memory left by an input`;
  const most = Object.entries(outcomes).toSorted(([, a], [, b]) => b - a);
  const shown = most.slice(0, 8).map(([name, count]) => `${name} ${count}`);
  return `${target}: ${inputs} inputs in ${seconds.toFixed(1)} s${memory}\n    ${shown.join(', ')}`;
}

if (replayed !== undefined) await replay(replayed);
else await fuzz();
