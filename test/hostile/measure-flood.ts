/** 200 unauthenticated closed-loop clients, on the core of a signed one: how much longer does that one wait? */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startVictim, type Victim } from './parts.ts';

const FLOODERS = 200;
const SECONDS = 6;
const [SERVER_CORE, CLIENT_CORE] = ['0', '1'];

const pinned = (core: string): readonly string[] => ['taskset', '--cpu-list', core];

export type FloodResult = {
  readonly quietMs: readonly [p50: number, p99: number];
  readonly floodedMs: readonly [p50: number, p99: number];
  /** Times that p99 is of the quiet one. */
  readonly ratio: number;
  readonly refusalsPerSecond: number;
};

export async function measureFlood(): Promise<FloodResult> {
  await using victim = await startVictim([], pinned(SERVER_CORE!));
  const quiet = await latencies(victim);
  const flood = start('flood.ts', [String(victim.port), String(FLOODERS)]);
  await once(flood, 'message');
  const before = await answersOf(flood);
  const flooded = await latencies(victim);
  const refusals = (await answersOf(flood)) - before;
  flood.kill();
  const [quietMs, floodedMs] = [percentiles(quiet), percentiles(flooded)];
  return {
    quietMs,
    floodedMs,
    ratio: floodedMs[1] / quietMs[1],
    refusalsPerSecond: Math.round(refusals / SECONDS),
  };
}

async function latencies(victim: Victim): Promise<readonly number[]> {
  const client = start('client.ts', [victim.server.url, String(SECONDS)]);
  const [found] = (await once(client, 'message')) as [readonly number[]];
  return found;
}

async function answersOf(flood: ReturnType<typeof fork>): Promise<number> {
  flood.send('count');
  const [{ answers }] = (await once(flood, 'message')) as [{ answers: number }];
  return answers;
}

function start(program: string, args: readonly string[]): ReturnType<typeof fork> {
  const [command, ...before] = [...pinned(CLIENT_CORE!), process.execPath];
  return fork(new URL(program, import.meta.url), args, { execPath: command!, execArgv: before });
}

function percentiles(sorted: readonly number[]): [number, number] {
  return [sorted[Math.floor(sorted.length * 0.5)]!, sorted[Math.floor(sorted.length * 0.99)]!];
}
