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
import { parseArgs } from 'node:util';
import { runTarget, type Result } from './campaign.ts';
import { targets } from './targets.ts';

const FOUND = path.join(import.meta.dirname, 'found');

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    minutes: { type: 'string' },
    json: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
});

/** The target of a file in fuzz/regressions/NAME or fuzz/found/NAME, unless it is said. */
function targetNamed(name: string) {
  const target = targets.find((each) => each.name === name);
  if (target !== undefined) return target;
  throw new Error(`There is no target ${name}. There are: ${targets.map((each) => each.name).join(', ')}.`);
}

async function replay(file: string): Promise<void> {
  const target = targetNamed(values.target ?? path.basename(path.dirname(path.resolve(file))));
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
  const chosen = values.target === undefined ? targets : [targetNamed(values.target)];
  const weight = chosen.reduce((sum, target) => sum + target.weight, 0);
  const minutes = values.minutes === undefined ? Infinity : Number(values.minutes);
  const total = values.minutes === undefined ? Number(values.inputs) : Number.MAX_SAFE_INTEGER;
  const results: Result[] = [];
  for (const target of chosen) {
    const share = target.weight / weight;
    const result = await runTarget(target, {
      seed: Number(values.seed),
      from: Number(values.from),
      inputs: Math.ceil(total * share),
      minutes: minutes * share,
    });
    results.push(result);
    if (!values.json) console.log(line(result));
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
  if (values.json) console.log(JSON.stringify({ machine, inputs, seconds, results: shown }, undefined, 1));
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

if (values.replay !== undefined) await replay(values.replay);
else await fuzz();
