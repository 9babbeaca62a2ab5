/**
 * Several servers under the same load, in turns (A B C A B C), because a machine's speed changes from one minute to the next: what
 * they are compared by is measured within seconds of each other, and the median of the rounds counts.
 */
import { Histogram } from '../load/histogram.ts';
import { runLoad, type Measured } from '../load/closed-loop.ts';
import type { Answer } from '../load/connection.ts';
import { residentMegabytes } from '../process-usage.ts';
import type { Server } from '../servers/server.ts';
import { large, median, short, type Line, type Settings, type Table } from './workload.ts';

export const CONNECTIONS = 16;

export type Contestant = {
  readonly name: string;
  readonly server: Server;
  readonly requests: readonly Uint8Array[];
  readonly check: (answer: Answer) => string | undefined;
  readonly connections?: number;
  readonly tls?: boolean;
};

export type Standing = {
  readonly name: string;
  readonly perSecond: number;
  /** From the slowest round to the fastest. */
  readonly range: readonly [number, number];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverMicroseconds: number;
  readonly clientCores: number;
  readonly residentMegabytes: number;
};

const WARM_UP_SHARE = 0.3;

export async function compare(
  contestants: readonly Contestant[],
  { rounds, seconds }: Settings,
): Promise<Standing[]> {
  const measured = contestants.map((): Measured[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const { server, requests, check, connections = CONNECTIONS, tls = false } = contestant;
      const load = { port: server.port, pid: server.pid, connections, requests, check, tls };
      measured[index]!.push(await runLoad({ ...load, seconds, warmUpSeconds: seconds * WARM_UP_SHARE }));
    }
  }
  return contestants.map(({ name, server }, index) => standingOf(name, server, measured[index]!));
}

export function standingOf(name: string, server: Server, rounds: readonly Measured[]): Standing {
  const latency = new Histogram();
  for (const round of rounds) latency.addAll(round.latency);
  const rates = rounds.map(({ perSecond }) => perSecond);
  return {
    name,
    perSecond: median(rates),
    range: [Math.min(...rates), Math.max(...rates)],
    p50Ms: latency.percentile(0.5) / 1000,
    p99Ms: latency.percentile(0.99) / 1000,
    serverMicroseconds: median(rounds.map((round) => round.serverMicrosecondsPerRequest)),
    clientCores: median(rounds.map(({ clientCores }) => clientCores)),
    residentMegabytes: residentMegabytes(server.pid),
  };
}

/** The null server's CPU time for a request, of ours: steadier than the rates on a machine that others use too. */
export function cpuLine(title: string, [ours, none]: readonly Standing[]): Line {
  const share = none!.serverMicroseconds / ours!.serverMicroseconds;
  return {
    ...{ measure: `${title}: CPU of the null server, of ours`, atLeast: '', aim: '' },
    ...{ reached: short(share), verdict: 'recorded' },
  };
}

/** `records`: how many a request carries. */
export function standingsTable(title: string, records: number, standings: readonly Standing[]): Table {
  return {
    title,
    header: [
      'server',
      'requests/s (range)',
      'records/s',
      'p50 ms',
      'p99 ms',
      'server CPU/request',
      'load generator',
      'RSS',
    ],
    rows: standings.map((standing) => [
      standing.name,
      `${large(standing.perSecond)} (${large(standing.range[0])}–${large(standing.range[1])})`,
      large(standing.perSecond * records),
      short(standing.p50Ms),
      short(standing.p99Ms),
      `${large(standing.serverMicroseconds)} µs`,
      `${standing.clientCores.toFixed(2)} cores`,
      `${standing.residentMegabytes} MB`,
    ]),
  };
}
