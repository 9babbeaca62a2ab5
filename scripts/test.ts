/**
 * `npm test`: every test of the rooms, in as many processes at a time as there are cores. Whoever is free takes the next group
 * of files: a file that starts servers, clients or benchmarks is a group of its own and they go first, because they wait and
 * last; files of the rooms are cheap and share a process, because a process for each would cost more than its tests do.
 * `npm test -- src/log` runs what is under a path. It fails when it ran no test. Real clients are `npm run test:clients`.
 */
import { fork } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type CommandLine, readCommandLine, refuse, wholeNumber } from './command-line.ts';
import type { FromTestProcess } from './test-process.ts';
import { UsageError } from '../src/base/flags.ts';

const ROOT = path.join(import.meta.dirname, '..');
const PLACES = ['src', 'test', 'scripts', 'conformance', 'sim', 'bench', 'fuzz'];
/** These start other runtimes and belong to `npm run test:clients`. */
const REAL_CLIENTS = path.join('test', 'clients');
const TEST_PROCESS = path.join(import.meta.dirname, 'test-process.ts');
const SLOW_MS = 2_000;
const JOBS_MAX = 4;
const ROOM_FILES_MAX = 12;

const LINE: CommandLine = {
  usage: 'test -- [PATH …]',
  does: 'Runs every test of the rooms, or those under the paths, several processes at a time. It fails when it ran no test.',
  flags: [
    {
      name: 'jobs',
      value: 'N',
      help: `Run N processes at a time; as many as there are cores when not given, at most ${JOBS_MAX}.`,
    },
  ],
  positionalsMax: Infinity,
};
const line = readCommandLine(LINE);
const jobs = wholeNumber(line, 'jobs', Math.min(availableParallelism(), JOBS_MAX), LINE);
if (jobs === 0) refuse(new UsageError('--jobs takes a number above 0.'), LINE);

const counts = { passed: 0, failed: 0, skipped: 0 };
const slow: { readonly ms: number; readonly text: string }[] = [];
const startedMs = performance.now();
const groups = groupsOf(await filesUnder(line.positionals));
const waiting = groups.values();
await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (const group of waiting) await runGroup(group);
  }),
);

for (const { text } of slow.toSorted((a, b) => b.ms - a.ms)) console.log(`slow: ${text}`);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, in ${groups.flat().length} files and ${seconds} s`,
);
if (counts.passed + counts.failed === 0) console.error('No test ran.');
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

async function filesUnder(places: readonly string[]): Promise<string[]> {
  const wanted = places.map((place) => path.relative(ROOT, path.resolve(place)));
  const files: string[] = [];
  for await (const file of glob(
    PLACES.map((place) => `${place}/**/*.test.ts`),
    { cwd: ROOT },
  )) {
    const isWanted = wanted.some((place) => file === place || file.startsWith(`${place}${path.sep}`));
    if (wanted.length > 0 ? isWanted : !file.startsWith(REAL_CLIENTS)) files.push(file);
  }
  return files.toSorted();
}

/** What one process runs, in the order of their start. */
function groupsOf(files: readonly string[]): string[][] {
  const isOfRoom = (file: string): boolean => file.startsWith(`src${path.sep}`);
  const groups = files.filter((file) => !isOfRoom(file)).map((file) => [file]);
  const ofRooms = files.filter(isOfRoom);
  for (let from = 0; from < ofRooms.length; from += ROOM_FILES_MAX)
    groups.push(ofRooms.slice(from, from + ROOM_FILES_MAX));
  return groups;
}

/** Resolves when the group's process has ended. One that ends before it said that its files are through has failed. */
function runGroup(files: readonly string[]): Promise<void> {
  const child = fork(TEST_PROCESS, files, { cwd: ROOT });
  let isThrough = false;
  child.on('message', (said: FromTestProcess) => {
    if (said.kind === 'through') isThrough = true;
    else count(said);
  });
  return new Promise((resolve) => {
    // `close` comes also after an `error` of starting it, and after everything that was said.
    child.on('error', (error) => console.error(error.message));
    child.on('close', (status, signal) => {
      if (!isThrough) {
        counts.failed++;
        console.error(`\n✖ the process ended (${signal ?? status}) in the midst of ${files.join(' ')}\n`);
      }
      resolve();
    });
  });
}

function count(said: Exclude<FromTestProcess, { kind: 'through' }>): void {
  counts[said.kind]++;
  if (said.kind === 'skipped') console.log(`skipped: ${said.name} (${said.where})${said.why}`);
  if (said.kind === 'failed') console.error(`\n✖ ${said.name} (${said.where})\n${said.why}\n`);
  if (said.ms > SLOW_MS)
    slow.push({ ms: said.ms, text: `${(said.ms / 1000).toFixed(1)} s: ${said.name} (${said.where})` });
}
