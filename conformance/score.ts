/**
 * `npm run conformance:score`: runs the suite against Millrace, kinesalite and kinesis-local, each started here, and writes the
 * scores to docs/reference/conformance.md. Constraints of the model are more than half of the cases and say little of what a
 * server can do, so they are counted apart; each part gets a server of its own, since one input that hangs a server fails all that follows.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommandLine } from '../scripts/command-line.ts';
import { allCases } from './cases.ts';
import type { Case } from './case.ts';
import { MILLRACE, PEERS, start, type Target } from './endpoint.ts';
import { runCases, type Outcome } from './run.ts';

const DOCUMENT = 'docs/reference/conformance.md';

const given = readCommandLine({
  usage: 'conformance:score -- [options]',
  does: `Runs the suite against Millrace and its peers, each started here, and writes the scores to ${DOCUMENT}.`,
  flags: [{ name: 'slow', help: 'Also cases that wait for over five minutes (expiry).' }],
});

/** Few at once: a peer that is slow on a busy machine shall not fail for that. */
const CONCURRENCY = 4;

const PARTS: readonly { readonly name: string; readonly cases: readonly Case[] }[] = [
  { name: 'what it does', cases: allCases().filter((one) => !checksConstraint(one)) },
  { name: 'constraints of the model', cases: allCases().filter(checksConstraint) },
];

function checksConstraint({ covers }: Case): boolean {
  return covers.some((covered) => covered.startsWith('constraint:'));
}

type Score = {
  readonly target: Target;
  readonly version: string;
  /** In the order of `PARTS`. */
  readonly parts: readonly (readonly Outcome[])[];
  readonly outcomes: readonly Outcome[];
};

async function score(target: Target): Promise<Score> {
  let version = '';
  const parts: (readonly Outcome[])[] = [];
  for (const { cases } of PARTS) {
    await using endpoint = await start(target);
    ({ version } = endpoint);
    parts.push(
      await runCases(cases, endpoint.client, {
        concurrency: CONCURRENCY,
        slow: given.values.get('slow') === 'true',
        onOutcome: () => process.stdout.write('.'),
      }),
    );
  }
  return { target, version, parts, outcomes: parts.flat() };
}

function count(outcomes: readonly Outcome[], result: Outcome['result']): number {
  return outcomes.filter((outcome) => outcome.result === result).length;
}

function passedOf(outcomes: readonly Outcome[]): string {
  return `${count(outcomes, 'passed')} / ${outcomes.length - count(outcomes, 'skipped')}`;
}

/** Cases by the subject that their name begins with. */
function subjects(scores: readonly Score[]): string[] {
  const names = [...new Set(allCases().map(subjectOf))].toSorted();
  return names.map((subject) => {
    const cells = scores.map(({ outcomes }) => {
      const of = outcomes.filter((outcome) => subjectOf(outcome) === subject);
      return passedOf(of);
    });
    return `| ${subject} | ${cells.join(' | ')} |`;
  });
}

function subjectOf({ name }: { readonly name: string }): string {
  return name.split(/[:,]/)[0] ?? name;
}

const scores: Score[] = [];
for (const target of [MILLRACE, ...PEERS]) {
  process.stdout.write(`${target.name} `);
  const result = await score(target);
  scores.push(result);
  const { outcomes } = result;
  console.log(
    `\n${target.name} ${result.version}: ${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed, ${count(outcomes, 'skipped')} skipped`,
  );
}
await writeFile(
  join(import.meta.dirname, '..', DOCUMENT),
  `# Conformance scores

What \`npm run conformance:score\` said on ${new Date().toISOString().slice(0, 10)}, on Node ${process.versions.node}: how many of the ${allCases().length} black-box cases of \`conformance/\`
each endpoint passes. "Constraints of the model" are broken one at a time and must be refused with AWS's code and words; they run on a server of their own. Many cases ask for exact
words or for members that are newer than a stand-in: one that fails them may still serve its clients well. A case is skipped where the endpoint is not
set up for it (limits not enforced, keys without known secrets) or where it waits for minutes (\`--slow\`). Errors that no case can provoke are listed with reasons in \`conformance/unprovokable.ts\`.

| | ${scores.map(({ target, version }) => `${target.name} ${version}`).join(' | ')} |
|---|${scores.map(() => '---|').join('')}
${PARTS.map(({ name }, part) => `| passed: ${name} | ${scores.map(({ parts }) => passedOf(parts[part]!)).join(' | ')} |`).join('\n')}
| passed | ${scores.map(({ outcomes }) => count(outcomes, 'passed')).join(' | ')} |
| failed | ${scores.map(({ outcomes }) => count(outcomes, 'failed')).join(' | ')} |
| skipped | ${scores.map(({ outcomes }) => count(outcomes, 'skipped')).join(' | ')} |

Passed of those that ran, by subject:

| subject | ${scores.map(({ target }) => target.name).join(' | ')} |
|---|${scores.map(() => '---|').join('')}
${subjects(scores).join('\n')}
`,
);
console.log(`written to ${DOCUMENT}`);
