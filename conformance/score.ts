/**
 * `npm run conformance:score`: runs the suite against Millrace, kinesalite and kinesis-local, each started here, and writes the
 * scores to docs/reference/conformance.md.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allCases } from './cases.ts';
import { MILLRACE, PEERS, start, type Target } from './endpoint.ts';
import { runCases, type Outcome } from './run.ts';

const DOCUMENT = 'docs/reference/conformance.md';

type Score = { readonly target: Target; readonly version: string; readonly outcomes: readonly Outcome[] };

async function score(target: Target): Promise<Score> {
  await using endpoint = await start(target);
  const outcomes = await runCases(allCases(), endpoint.client, {
    concurrency: 8,
    slow: process.argv.includes('--slow'),
    onOutcome: () => process.stdout.write('.'),
  });
  return { target, version: endpoint.version, outcomes };
}

function count(outcomes: readonly Outcome[], result: Outcome['result']): number {
  return outcomes.filter((outcome) => outcome.result === result).length;
}

/** Cases by the subject that their name begins with. */
function subjects(scores: readonly Score[]): string[] {
  const names = [...new Set(allCases().map(subjectOf))].toSorted();
  return names.map((subject) => {
    const cells = scores.map(({ outcomes }) => {
      const of = outcomes.filter((outcome) => subjectOf(outcome) === subject);
      return `${count(of, 'passed')} / ${of.length - count(of, 'skipped')}`;
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
each endpoint passes. A case is skipped where the endpoint is not set up for it (limits not enforced, keys without known secrets) or where it waits
for minutes (\`--slow\`). Errors that no case can provoke are listed with reasons in \`conformance/unprovokable.ts\`.

| | ${scores.map(({ target, version }) => `${target.name} ${version}`).join(' | ')} |
|---|${scores.map(() => '---|').join('')}
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
