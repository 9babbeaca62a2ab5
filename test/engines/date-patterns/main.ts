/**
 * Date patterns beside the real java.time: thousands of random patterns, instants and zones, every answer compared. `--write` also
 * renews the golden results that the unit tests keep. Needs a JDK of 17 or later.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatePatternError, parseDatePattern } from '../../../src/firehose/object-keys/date-pattern.ts';
import { localTimeOf } from '../../../src/firehose/object-keys/local-time.ts';
import { timeZoneOf } from '../../../src/firehose/object-keys/time-zone.ts';
import { randomCases, type DateCase } from './cases.ts';

const CASES = 20_000;
const GOLDEN_CASES = 600;
const GOLDEN_FILE = path.join(
  import.meta.dirname,
  '../../../src/firehose/object-keys/date-pattern.golden.json',
);

/** What Java says to each case: `printed`, `refused` (the pattern) or `failed` (the instant), a tab, the text. */
function askJava(cases: readonly DateCase[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const java = execFile(
      'java',
      ['-XX:TieredStopAtLevel=1', path.join(import.meta.dirname, 'DatePatterns.java')],
      { maxBuffer: 1 << 28, encoding: 'utf8' },
      (error, output) => (error ? reject(error) : resolve(output.split('\n').slice(0, -1))),
    );
    // A java that ends early is reported by its exit.
    java.stdin!.on('error', () => {});
    java.stdin!.end(
      cases.map(({ timeMs, zone, pattern }) => `${timeMs}\t${zone}\t${pattern}\n`).join(''),
      'utf8',
    );
  });
}

function ask({ timeMs, zone, pattern }: DateCase): string {
  try {
    return `printed\t${parseDatePattern(pattern).format(localTimeOf(timeMs, timeZoneOf(zone)!))}`;
  } catch (error) {
    if (error instanceof DatePatternError) return 'refused';
    throw error;
  }
}

const cases = randomCases(CASES, 20261124);
const answers = await askJava(cases);
let differing = 0;
const counts = { printed: 0, refused: 0, failed: 0 };
cases.forEach((each, i) => {
  const theirs = answers[i]!;
  const kind = theirs.slice(0, theirs.indexOf('\t')) as keyof typeof counts;
  counts[kind]++;
  const ours = ask(each);
  // Where Java fails by a mistake of its own, or because a field is wider than its padding, the field is printed whole here.
  if (kind === 'failed') return;
  if (kind === 'refused' ? ours !== 'refused' : ours !== theirs) {
    if (differing++ < 20) console.error(`${JSON.stringify(each)}\n  java: ${theirs}\n  ours: ${ours}`);
  }
});
console.log(
  `${cases.length} patterns: ${counts.printed} printed, ${counts.refused} refused and ${counts.failed} failed in Java; ${differing} differ`,
);
console.log(`${cases.length - differing} passed, ${differing} failed`);
if (differing > 0 || answers.length !== cases.length || counts.printed < CASES / 4) process.exitCode = 1;

if (process.argv.includes('--write')) {
  const golden = cases
    .slice(0, GOLDEN_CASES)
    .map(({ timeMs, zone, pattern }, i) => [timeMs, zone, pattern, answers[i]!.split('\t')] as const)
    .filter(([, , , [kind]]) => kind !== 'failed')
    .map(([timeMs, zone, pattern, [kind, text]]) => [
      timeMs,
      zone,
      pattern,
      kind === 'printed' ? text : null,
    ]);
  writeFileSync(GOLDEN_FILE, `[\n${golden.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
}
