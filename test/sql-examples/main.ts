/** `npm run test:examples -- DIR …`: fails when an application of a folder does not come out as its index says, and when there was none. */
import { readCommandLine } from '../../scripts/command-line.ts';
import { tryExamples } from './examples.ts';

const { positionals, values } = readCommandLine({
  usage: 'test:examples -- DIR … [options]',
  does: 'Reads and plans every SQL application of the folders, and reports those that do not come out as their INDEX.tsv says.',
  flags: [{ name: 'all', help: 'Show what came of every one.' }],
  positionalsMax: Infinity,
});
if (positionals.length === 0) {
  console.error('Which folder? npm run test:examples -- DIR …');
  process.exit(2);
}
let failed = 0;
let tried = 0;
for (const folder of positionals)
  for (const { id, class: kind, expect, came, why, isExpected } of tryExamples(folder)) {
    tried++;
    if (!isExpected) failed++;
    if (isExpected && !values.has('all')) continue;
    const what = kind === '' ? id : `${id} (${kind})`;
    console.log(`${isExpected ? '✔' : '✖'} ${what}: expected ${expect}, came out as ${came}`);
    if (why !== '') console.log(`  ${why}`);
  }
console.log(`${tried} applications, ${failed} not as expected`);
if (failed > 0 || tried === 0) process.exitCode = 1;
