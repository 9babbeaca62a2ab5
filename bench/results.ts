/** Keeps the newest outcome of every workload in results.json and makes RESULTS.md of them. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeMachine } from './machine.ts';
import type { Outcome, Settings, Table, Workload } from './workloads/workload.ts';
import { WORKLOADS } from './workloads.ts';

const DATA_FILE = path.join(import.meta.dirname, 'results.json');
const PAGE_FILE = path.join(import.meta.dirname, 'RESULTS.md');

type Result = Outcome & {
  readonly date: string;
  readonly machine: string;
  readonly load: string;
  readonly rounds: string;
};

type Results = Record<string, Result>;

export async function keepResult(
  workload: Workload,
  outcome: Outcome,
  { rounds, seconds }: Settings,
  load: string,
): Promise<void> {
  const results = JSON.parse(await readFile(DATA_FILE, 'utf8').catch(() => '{}')) as Results;
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  results[workload.name] = {
    date,
    machine: describeMachine(),
    load,
    rounds: `${rounds} rounds of ${seconds} s`,
    ...outcome,
  };
  await writeFile(DATA_FILE, `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(PAGE_FILE, page(results));
}

export function outcomeText(workload: Workload, { lines, tables }: Outcome): string {
  return [`## ${workload.title}`, linesTable(lines), ...tables.map(tableText)].join('\n\n');
}

function page(results: Results): string {
  const shown = WORKLOADS.flatMap((workload) => {
    const result = results[workload.name];
    return result === undefined ? [] : [{ workload, result }];
  });
  const lines = shown.flatMap(({ result }) => result.lines);
  return `${[
    '# Benchmarks',
    'Written by `npm run bench`; the load generator, the null server and the other server run on the same machine, so rates mean little ' +
      'alone: the ratios are within one run, in turns, and the CPU time of a request is the steadiest figure. ' +
      'Millrace runs with an fsync before each answer, signatures checked against known keys, encryption, authorization and metering, `--limits none`. ' +
      '"Load" is the load average when the workload began: on two cores, much above zero means that other programs took part of them.',
    linesTable(lines),
    ...shown.map(({ workload, result }) =>
      [
        `## ${workload.title}`,
        `${result.date} UTC · ${result.machine} · ${result.rounds} · load ${result.load}`,
        ...result.tables.map(tableText),
      ].join('\n\n'),
    ),
  ].join('\n\n')}\n`;
}

function linesTable(lines: Outcome['lines']): string {
  return markdown(
    ['measure', 'at least', 'aim', 'reached', ''],
    lines.map((line) => [line.measure, line.atLeast, line.aim, line.reached, line.verdict]),
  );
}

function tableText({ title, header, rows }: Table): string {
  return `${title}:\n\n${markdown(header, rows)}`;
}

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
