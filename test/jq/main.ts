/**
 * `npm run test:jq`: our jq against the real jq 1.6, on programs of our own and on random ones. Fails
 * when fewer than 95 in 100 random pairs are equal, or more than 1 in 100 is answered differently. Those are shown.
 */
import { type CommandLine, readCommandLine, wholeNumber } from '../../scripts/command-line.ts';
import { randomInput, randomOf, randomProgram } from './generate.ts';
import { runOurs } from './our-jq.ts';
import { SECTIONS } from './programs.ts';
import { jqVersion, runJq } from './real-jq.ts';
import { verdict, type Verdict } from './verdict.ts';

const INPUTS = 10;
const EQUAL_MIN = 0.95;

const LINE: CommandLine = {
  usage: 'test:jq -- [options]',
  does: 'Compares our jq with the real jq 1.6, on programs of our own and on random ones.',
  flags: [
    { name: 'seed', value: 'S', default: '1', help: 'Where the random programs come from.' },
    { name: 'programs', value: 'N', default: '1000', help: 'How many of them.' },
  ],
};
const given = readCommandLine(LINE);
const seed = wholeNumber(given, 'seed', 1, LINE);
const programs = wholeNumber(given, 'programs', 1000, LINE);
if (jqVersion() === undefined) {
  console.error(
    'SKIPPED: there is no jq 1.6 here, so nothing was compared (apt-get install jq on Debian 12).',
  );
  process.exit(0);
}

const counts: Record<Verdict, number> = {
  equal: 0,
  refused: 0,
  'jq broke down': 0,
  'last digit': 0,
  'another error': 0,
  different: 0,
};
const reasons = new Map<string, number>();
let outputs = 0;

function compare(program: string, inputs: readonly string[]): void {
  const real = runJq(program, inputs);
  runOurs(program, inputs).forEach((ours, i) => {
    const found = verdict(real[i]!, ours);
    counts[found]++;
    if (real[i]!.kind === 'outputs') outputs++;
    if (ours.kind === 'refused' && found === 'refused') {
      const why = `${ours.why.replace(/ \(line.*/, '')}${real[i]!.kind === 'jq-broke-down' ? ' (jq broke down as well)' : ''}`;
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
    if (found === 'different' || found === 'another error')
      console.log(
        `${program}\n  on ${inputs[i]}\n  jq   ${JSON.stringify(real[i])}\n  ours ${JSON.stringify(ours)}`,
      );
  });
}

function report(title: string): number {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(
    `${title}: ${all} pairs (${outputs} without an error), ${Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
  );
  for (const [why, count] of [...reasons].toSorted((a, b) => b[1] - a[1]))
    console.log(`  ${count} refused: ${why}`);
  return counts.equal / all;
}

for (const { inputs, programs: own } of SECTIONS) for (const program of own) compare(program, inputs);
report('programs of our own');

for (const name of Object.keys(counts)) counts[name as Verdict] = 0;
reasons.clear();
outputs = 0;
const random = randomOf(seed);
for (let i = 0; i < programs; i++)
  compare(
    randomProgram(random),
    Array.from({ length: INPUTS }, () => randomInput(random)),
  );
const equal = report(`random programs, seed ${seed}`);
console.log(`${(equal * 100).toFixed(2)} % equal`);
const good = equal >= EQUAL_MIN && counts.different * 100 <= programs * INPUTS;
console.log(`${counts.equal + counts.refused} passed, ${good ? 0 : counts.different} failed`);
if (!good) process.exitCode = 1;
