/**
 * `npm run conformance:score`: runs the suite against Millrace, kinesalite and kinesis-local, each started here, and writes the
 * scores to docs/reference/conformance.md.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { allCases } from './cases.ts';
import { Client } from './client.ts';
import { runCases, type Outcome } from './run.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENT = join(ROOT, 'docs/reference/conformance.md');
const UP_WITHIN_MS = 30_000;

type Target = {
  readonly name: string;
  readonly packageFile: string;
  readonly arguments: (port: number, directory: string) => readonly string[];
  readonly environment?: (port: number, otherPort: number) => Record<string, string>;
  readonly folder?: string;
};

const TARGETS: readonly Target[] = [
  {
    name: 'Millrace',
    packageFile: 'package.json',
    arguments: (port, directory) => [
      'src/main.ts',
      'start',
      '--port',
      String(port),
      '--data',
      directory,
      '--log-level',
      'warn',
    ],
  },
  {
    name: 'kinesalite',
    packageFile: 'node_modules/kinesalite/package.json',
    // Its states last half a second by default; the limit of shards is lifted, as the suite makes many streams.
    arguments: (port) => ['node_modules/kinesalite/cli.js', '--port', String(port), '--shardLimit', '10000'],
  },
  {
    name: 'kinesis-local',
    packageFile: 'node_modules/kinesis-local/package.json',
    folder: 'node_modules/kinesis-local',
    arguments: () => ['main.js'],
    environment: (port, otherPort) => ({
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(otherPort),
      SHARD_LIMIT: '10000',
      ON_DEMAND_STREAM_COUNT_LIMIT: '1000',
      LOG_LEVEL: 'ERROR',
    }),
  },
];

type Score = { readonly target: Target; readonly version: string; readonly outcomes: readonly Outcome[] };

async function score(target: Target): Promise<Score> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  const port = await freePort();
  const child = spawn(process.execPath, target.arguments(port, directory), {
    cwd: join(ROOT, target.folder ?? '.'),
    env: { ...process.env, ...target.environment?.(port, await freePort()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await up(child, port);
    const client = new Client({
      url: new URL(`http://127.0.0.1:${port}`),
      region: 'us-east-1',
      credentials: { accessKeyId: '000000000000', secretAccessKey: 'conformance' },
      insecure: false,
    });
    const outcomes = await runCases(allCases(), client, {
      concurrency: 8,
      slow: process.argv.includes('--slow'),
      onOutcome: () => process.stdout.write('.'),
    });
    client.close();
    const { version } = JSON.parse(await readFile(join(ROOT, target.packageFile), 'utf8')) as {
      version: string;
    };
    return { target, version, outcomes };
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function up(child: ChildProcess, port: number): Promise<void> {
  for (const until = Date.now() + UP_WITHIN_MS; Date.now() < until; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} at once`);
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
      socket.once('error', () => resolve(false));
    });
    if (connected) return;
  }
  throw new Error(`nothing listens on port ${port} after ${UP_WITHIN_MS / 1000} s`);
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
for (const target of TARGETS) {
  process.stdout.write(`${target.name} `);
  const result = await score(target);
  scores.push(result);
  const { outcomes } = result;
  console.log(
    `\n${target.name} ${result.version}: ${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed, ${count(outcomes, 'skipped')} skipped`,
  );
}
await writeFile(
  DOCUMENT,
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
console.log(`written to ${DOCUMENT.slice(ROOT.length + 1)}`);
