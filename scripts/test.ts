/**
 * `npm test`: every test of the rooms in one process, because a process for each file costs more than the tests do.
 * `npm test -- src/log` runs what is under a path. It fails when it ran no test. Real clients are `npm run test:clients`.
 */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { readCommandLine } from './command-line.ts';

const ROOT = path.join(import.meta.dirname, '..');
const PLACES = ['src', 'test', 'scripts', 'conformance', 'sim', 'bench', 'fuzz'];
/** These start other runtimes and belong to `npm run test:clients`. */
const REAL_CLIENTS = path.join('test', 'clients');
const TEST_MS_MAX = 60_000;
const SLOW_MS = 2_000;

const { positionals } = readCommandLine({
  usage: 'test -- [PATH …]',
  does: 'Runs every test of the rooms in one process, or those under the paths. It fails when it ran no test.',
  flags: [],
  positionalsMax: Infinity,
});
const wanted = positionals.map((place) => path.relative(ROOT, path.resolve(place)));
const files: string[] = [];
for await (const file of glob(
  PLACES.map((place) => `${place}/**/*.test.ts`),
  { cwd: ROOT },
)) {
  const isWanted = wanted.some((place) => file === place || file.startsWith(`${place}${path.sep}`));
  if (wanted.length > 0 ? isWanted : !file.startsWith(REAL_CLIENTS)) files.push(path.join(ROOT, file));
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const slow: string[] = [];
const startedMs = performance.now();
// Without any file, `run` would look for tests by itself.
if (files.length > 0) {
  const events = run({ files: files.toSorted(), isolation: 'none', timeout: TEST_MS_MAX });
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.message.includes('asynchronous activity after the test ended')) {
      counts.failed++;
      console.error(`\n✖ ${data.message}\n`);
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    const where = `${path.relative(ROOT, data.file ?? '')}:${data.line}`;
    if (data.skip !== undefined) {
      counts.skipped++;
      console.log(`skipped: ${data.name} (${where})${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`);
    } else if (type === 'test:pass') {
      counts.passed++;
    } else {
      counts.failed++;
      const { cause } = data.details.error;
      console.error(`\n✖ ${data.name} (${where})\n${inspect(cause ?? data.details.error, { depth: 6 })}\n`);
    }
    if (data.details.duration_ms > SLOW_MS)
      slow.push(`${(data.details.duration_ms / 1000).toFixed(1)} s: ${data.name} (${where})`);
  }
}

for (const line of slow) console.log(`slow: ${line}`);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, in ${files.length} files and ${seconds} s`,
);
if (counts.passed + counts.failed === 0) console.error('No test ran.');
// What a test left open must not keep the run from ending.
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
