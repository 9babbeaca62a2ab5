/**
 * `npm run hostile`: measures what hostile clients cost a server and its other clients, and fails when a bound is passed
 * (docs/reference/hostile-clients.md). `npm run hostile -- idle|loris|flood` measures one. Linux; it needs two cores and 12,000 open files.
 */
import { cpus, loadavg } from 'node:os';
import { type CommandLine, readCommandLine, refuse } from '../../scripts/command-line.ts';
import { UsageError } from '../../src/base/flags.ts';
import { measureIdle, measureLoris } from './measure-connections.ts';
import { measureFlood } from './measure-flood.ts';

const MEASUREMENTS: Readonly<
  Record<string, { readonly bound: string; run(): Promise<readonly [object, boolean]> }>
> = {
  idle: {
    bound: '10,000 idle connections: the server below 400 MiB',
    async run() {
      const result = await measureIdle();
      return [result, result.withMiB < 400];
    },
  },
  loris: {
    bound: '300 slow writers: all ended within 40 s, others served meanwhile',
    async run() {
      const result = await measureLoris();
      return [result, result.lastEndedSeconds < 40 && result.puts > 100];
    },
  },
  flood: {
    bound:
      '200 unauthenticated closed-loop clients on the core of a signed one: its p99 below 10 times the quiet one',
    async run() {
      const result = await measureFlood();
      return [result, result.ratio < 10];
    },
  },
};

const NAMES = Object.keys(MEASUREMENTS);
const LINE: CommandLine = {
  usage: `hostile -- [${NAMES.join('|')} …]`,
  does: 'Measures what hostile clients cost a server and its other clients; fails when a bound is passed.',
  flags: [],
  positionalsMax: NAMES.length,
};
const { positionals: wanted } = readCommandLine(LINE);
const unknown = wanted.find((name) => !NAMES.includes(name));
if (unknown !== undefined) {
  refuse(new UsageError(`There is no measurement ${unknown}. There are: ${NAMES.join(', ')}.`), LINE);
}
console.log(
  `${cpus().length} x ${cpus()[0]?.model}, Node.js ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
);
for (const [name, { bound, run }] of Object.entries(MEASUREMENTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const [result, holds] = await run();
  console.log(`${holds ? '✔' : '✖'} ${bound}\n    ${JSON.stringify(result)}`);
  if (!holds) process.exitCode = 1;
}
