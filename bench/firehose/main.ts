/** `npm run bench:firehose`: records put over HTTP until they lie in gzip files, beside Telegraf and Apache Flume, in turns. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { install, isInstalled } from '../../test/clients/installation.ts';
import { describeLoad, describeMachine } from '../machine.ts';
import { large, median, short } from '../workloads/workload.ts';
import { FLUME_FILE, FLUME_INSTALLATION, FLUME_MEMORY } from './flume.ts';
import { GZIP_LEVEL, gzipBytesPerCpuSecond } from './gzip-floor.ts';
import { BATCH, measure, type Run } from './measure.ts';
import { MILLRACE, startPartitioned } from './millrace.ts';
import { FILE_MEGABYTES, FILE_SECONDS, type Peer } from './peer.ts';
import { clickOf } from './records.ts';
import { TELEGRAF, TELEGRAF_INSTALLATION } from './telegraf.ts';

const HELP = `usage: npm run bench:firehose -- [options]

Puts records of 190 B and of 1 KB in batches of ${BATCH} until every line lies in a gzip file, with Millrace and other servers in turns.
Telegraf needs Go and Flume needs Java and Maven when they are installed, once, below the user's cache folder.

  --only NAME     only this measure (may be repeated); --list names them
  --peers NAMES   of millrace, telegraf, flume-file, flume-memory (default all, with commas)
  --rounds N      rounds of each comparison (default 3)
  --records N     records of a round of the small size; a fourth of them of the large one (default 400000)
  --write         write bench/FIREHOSE.md
  --list          name the measures; run nothing`;

const PEERS = {
  millrace: { peer: MILLRACE, installation: undefined },
  telegraf: { peer: TELEGRAF, installation: TELEGRAF_INSTALLATION },
  'flume-file': { peer: FLUME_FILE, installation: FLUME_INSTALLATION },
  'flume-memory': { peer: FLUME_MEMORY, installation: FLUME_INSTALLATION },
};
type PeerName = keyof typeof PEERS;
type Given = { readonly peers: readonly PeerName[]; readonly rounds: number; readonly records: number };

const MEASURES: Readonly<
  Record<string, { readonly title: string; readonly run: (given: Given) => Promise<string> }>
> = {
  small: {
    title: 'Records of 190 B',
    run: (given) => compare(given, 190, given.records),
  },
  large: {
    title: 'Records of 1 KB',
    run: (given) => compare(given, 1024, given.records / 4),
  },
  partitions: {
    title: '500 active partitions',
    run: partitions,
  },
};

async function compare({ peers, rounds }: Given, bytes: number, records: number): Promise<string> {
  const record = clickOf(bytes);
  const floors: number[] = [];
  const runs = new Map<Peer, Run[]>(peers.map((name) => [PEERS[name].peer, []]));
  for (let round = 0; round < rounds; round++) {
    floors.push(gzipBytesPerCpuSecond(record, Math.min(records, 100_000)));
    for (const [peer, done] of runs) {
      await using running = await peer.start();
      done.push(await measure(running, record, Math.floor((records * peer.share) / BATCH) * BATCH));
    }
  }
  const floor = median(floors);
  const rows = [...runs].map(([peer, done]) => {
    const of = (key: keyof Run): number => median(done.map((run) => run[key]));
    const rates = done.map(({ perSecond }) => perSecond);
    const cpu = of('cpuMicrosecondsPerRecord');
    return [
      peer.name,
      peer.promise,
      large(of('acceptedPerSecond')),
      `${large(of('perSecond'))} (${large(Math.min(...rates))}–${large(Math.max(...rates))})`,
      `${short(cpu)} µs`,
      short(bytes / (cpu / 1e6) / floor),
      `${of('peakMegabytes')} MB`,
      String(of('files')),
    ];
  });
  return [
    table(
      [
        'server',
        'an answer means',
        'accepted/s',
        'end to end/s (range)',
        'CPU/record',
        'bytes/CPU s, of gzip alone',
        'peak RSS',
        'files',
      ],
      rows,
    ),
    `gzip alone, level ${GZIP_LEVEL}, the same bytes: ${large(floor / 1e6)} MB a second of CPU. ${records} records a round, less for Flume.`,
  ].join('\n\n');
}

async function partitions({ records }: Given): Promise<string> {
  await using running = await startPartitioned();
  const run = await measure(running, clickOf(1024), Math.min(records, 100_000));
  return `${Math.min(records, 100_000)} records of 1 KB into 500 partitions, found by jq: peak RSS ${run.peakMegabytes} MB, ${large(run.acceptedPerSecond)} records/s accepted, ${short(run.cpuMicrosecondsPerRecord)} µs of CPU a record, ${run.files} objects.`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: Object.keys(MEASURES) },
      peers: { type: 'string', default: Object.keys(PEERS).join() },
      rounds: { type: 'string', default: '3' },
      records: { type: 'string', default: '400000' },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || values.list) {
    const list = Object.entries(MEASURES).map(([name, { title }]) => `${name}: ${title}`);
    console.log(values.help ? HELP : list.join('\n'));
    return 0;
  }
  const peers = values.peers.split(',') as PeerName[];
  const unknown = [
    ...peers.filter((name) => !Object.hasOwn(PEERS, name)),
    ...values.only.filter((name) => !Object.hasOwn(MEASURES, name)),
  ];
  const given = { peers, rounds: Number(values.rounds), records: Number(values.records) };
  if (unknown.length > 0 || !(given.rounds >= 1) || !(given.records >= 2000) || given.records % 2000 !== 0) {
    console.error(
      `${unknown.join(', ') || '--rounds or --records (in thousands, even)'} cannot be.\n\n${HELP}`,
    );
    return 2;
  }
  for (const name of peers) {
    const { installation } = PEERS[name];
    if (installation === undefined || isInstalled(installation)) continue;
    console.error(`Installing ${installation.name}.`);
    await install(installation, new AbortController().signal);
  }
  const parts = [
    '# Firehose, end to end',
    `Written by \`npm run bench:firehose -- --write\`. 8 connections put batches of ${BATCH} records; the load generator is on the same cores. ` +
      `The clock runs from the first request until the last line lies in a whole file; every file is decompressed and its lines are counted. ` +
      `Files close at ${FILE_MEGABYTES} MiB of records or ${FILE_SECONDS} s (Telegraf: every 5 s); gzip level ${GZIP_LEVEL} (Telegraf can be set to 0, 1 and 9 only, and runs with the default of a compressor of its own, which is faster: its figures are not at one level with the others). ` +
      'Millrace runs with an fsync before each answer and checks signatures; rates are medians of the rounds, the servers in turns. Parquet: `node bench/parquet/main.ts`.',
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC · ${describeMachine()} · ${given.rounds} rounds`,
  ];
  for (const name of values.only) {
    const { title, run } = MEASURES[name]!;
    const load = describeLoad();
    const part = `## ${title}\n\nLoad before: ${load}\n\n${await run(given)}`;
    console.log(`${part}\n`);
    parts.push(part);
  }
  if (values.write)
    await writeFile(path.join(import.meta.dirname, '../FIREHOSE.md'), `${parts.join('\n\n')}\n`);
  return 0;
}

process.exitCode = await main();
