/** `npm run bench:sql`: SQL over files of JSON events on one core, beside Apache Flink, in turns. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { install, isInstalled } from '../../test/clients/installation.ts';
import { describeLoad, describeMachine } from '../machine.ts';
import { large, median } from '../workloads/workload.ts';
import { dataFile } from './datasets.ts';
import { FLINK_INSTALLATION, FLINK_VERSION } from './flink-installation.ts';
import { startFlink, type Flink, type FlinkRun } from './flink.ts';
import { QUERIES, type Query } from './queries.ts';
import type { QueryRun } from './run-query.ts';

const HELP = `usage: npm run bench:sql -- [options]

Runs Nexmark's queries, and others over clicks and bids, over files of JSON lines: with Millrace's SQL engine and with Apache Flink, in turns, each
on one core. Python makes the clicks and bids; Flink needs Java, Maven, Python and unzip. Files and Flink are kept below the user's cache folder.

  --only NAME     only this query (may be repeated); --list names them
  --events N      events of a round (default 5000000: only then the counts of clicks and bids are checked)
  --rounds N      rounds (default 3)
  --no-flink      Millrace alone
  --write         write bench/SQL.md
  --list          name the queries; run nothing`;

const EVENTS_CHECKED = 5_000_000;
const CORE = '1';
const RUN = path.join(import.meta.dirname, 'run-query.ts');
const run = promisify(execFile);

type Measured = { readonly query: Query; readonly ours: QueryRun[]; readonly theirs: FlinkRun[] };

async function runOurs(query: Query, file: string, events: number): Promise<QueryRun> {
  const { stdout, stderr } = await run('taskset', [
    '-c',
    CORE,
    process.execPath,
    RUN,
    query.name,
    file,
    String(events),
  ]);
  const result = JSON.parse(stdout) as QueryRun;
  if (result.errors > 0)
    throw new Error(`${query.name}: ${result.errors} rows in error, first: ${stderr.trim()}`);
  const { expected } = query;
  const isChecked =
    expected !== undefined && result.events === Math.min(EVENTS_CHECKED, query.eventsMax ?? Infinity);
  if (isChecked && (result.rows !== expected.rows || result.sum !== expected.sum?.value))
    throw new Error(
      `${query.name}: ${result.rows} rows, sum ${result.sum}; ${JSON.stringify(expected)} was expected`,
    );
  return result;
}

function report(measured: readonly Measured[], events: number, rounds: number, load: string): string {
  const rate = (count: number, runs: readonly { readonly cpuSeconds: number }[]): number =>
    median(runs.map(({ cpuSeconds }) => count / cpuSeconds));
  const rows = measured.map(({ query, ours, theirs }) => {
    const count = ours[0]?.events ?? 0;
    const mine = rate(count, ours);
    const best =
      theirs.length === 0 ? undefined : Math.max(...theirs.map(({ cpuSeconds }) => count / cpuSeconds));
    return [
      query.name,
      query.what,
      large(mine),
      best === undefined ? '–' : `${large(rate(count, theirs))} (best ${large(best)})`,
      best === undefined ? '–' : `${(mine / best).toFixed(2)}`,
      String(Math.max(...ours.map((one) => one.peakMegabytes))),
      theirs.length === 0 ? '–' : String(Math.max(...theirs.map(({ megabytes }) => megabytes))),
      large(ours[0]?.rows ?? 0),
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const header = [
    'query',
    'what',
    'Millrace, events/CPU s',
    'Flink',
    'Millrace of Flink’s best',
    'MB',
    'Flink, MB',
    'rows out',
  ];
  return [
    '# SQL, on one core',
    `Written by \`npm run bench:sql -- --write\`. ${large(events)} events of JSON lines in a file (c3: the first million), read, parsed, computed, all result columns made and thrown away. ` +
      'CPU seconds are those of all threads of the process, garbage collection and compilation included; both run on the same core (taskset), in turns; medians of the rounds. ' +
      `Flink ${FLINK_VERSION} runs with object reuse, one slot, and is warm from its second query on; Millrace begins each query in a fresh process. ` +
      'Rows and sums of the queries over clicks and bids are compared with those that plain Python counted.',
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC · ${describeMachine()} · ${rounds} rounds · load before: ${load}`,
    [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n'),
  ].join('\n\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      events: { type: 'string', default: String(EVENTS_CHECKED) },
      rounds: { type: 'string', default: '3' },
      'no-flink': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || values.list) {
    console.log(values.help ? HELP : QUERIES.map(({ name, what }) => `${name}: ${what}`).join('\n'));
    return 0;
  }
  const events = Number(values.events);
  const rounds = Number(values.rounds);
  const queries = QUERIES.filter(({ name }) => values.only?.includes(name) ?? true);
  if (queries.length < (values.only?.length ?? 1) || !(events >= 1000) || !(rounds >= 1)) {
    console.error(`--only, --events or --rounds cannot be.\n\n${HELP}`);
    return 2;
  }
  const withFlink = !values['no-flink'];
  if (withFlink && !isInstalled(FLINK_INSTALLATION)) {
    console.error(`Installing ${FLINK_INSTALLATION.name}.`);
    await install(FLINK_INSTALLATION, new AbortController().signal);
  }
  const load = describeLoad();
  const measured = queries.map((query): Measured => ({ query, ours: [], theirs: [] }));
  for (const { dataset } of queries) await dataFile(dataset, events);
  await using flink = withFlink ? await startFlink() : undefined;
  for (let round = 0; round < rounds; round++) {
    for (const one of measured) await measure(one, events, flink);
  }
  const text = report(measured, events, rounds, load);
  console.log(text);
  if (values.write) await writeFile(path.join(import.meta.dirname, '../SQL.md'), `${text}\n`);
  return 0;
}

async function measure(
  { query, ours, theirs }: Measured,
  events: number,
  flink: Flink | undefined,
): Promise<void> {
  const count = Math.min(events, query.eventsMax ?? events);
  const file = await dataFile(query.dataset, events);
  ours.push(await runOurs(query, file, count));
  // Flink reads whole files.
  if (flink !== undefined)
    theirs.push(await flink.run(query, count === events ? file : await firstEvents(file, count)));
  const mine = ours.at(-1);
  const other = theirs.at(-1);
  console.error(
    `${query.name}: ${large(count / (mine?.cpuSeconds ?? 1))} events a CPU second${other === undefined ? '' : `, Flink ${large(count / other.cpuSeconds)}`}`,
  );
}

async function firstEvents(file: string, events: number): Promise<string> {
  const part = file.replace(/\.json$/, `-first-${events}.json`);
  await run('sh', ['-c', 'test -e "$2" || head -n "$3" "$1" > "$2"', 'sh', file, part, String(events)]);
  return part;
}

process.exitCode = await main();
