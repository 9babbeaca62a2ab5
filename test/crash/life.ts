/** One life of the real server, with failpoints in it: from its start to SIGKILL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '../../conformance/client.ts';
import { Fault } from './fault.ts';
import { SETTINGS_VARIABLE, type Settings } from './inside/settings.ts';
import type { ServerClock } from './server-clock.ts';

const PRELOAD = path.join(import.meta.dirname, 'inside/preload.ts');
const MAIN = path.join(import.meta.dirname, '../../bin/millrace.js');
/** Levels of the server's log at which it tells of its own faults, or of the disk's, of which there are none here. */
const COMPLAINTS = ['error', 'fatal'];

export type Life = {
  /** Resolves to a client when the server serves; to undefined when it died before that. */
  readonly client: Promise<Client | undefined>;
  /** Resolves when the process is gone and all it said was read. Throws a `Fault` unless it was SIGKILL that ended it. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** Milliseconds from the process's start until it served, as it says itself. */
  readonly startMs: () => number | undefined;
  /** The greatest count told of each place. */
  readonly reached: ReadonlyMap<string, number>;
  /** The failpoint that killed it. */
  readonly killedAt: () => string | undefined;
  /** Errors in its own log. */
  readonly complaints: readonly string[];
  kill(): void;
};

export function startLife(
  dataDirectory: string,
  clock: ServerClock,
  chosen: Pick<Settings, 'failpoint' | 'sizes'>,
): Life {
  const settings: Settings = { ...chosen, clock: clock.settings() };
  const child = spawn(
    process.execPath,
    [
      ...['--import', PRELOAD, MAIN, 'start', '--port', '0', '--data', dataDirectory],
      ...['--limits', 'none', '--state-duration-ms', '600'],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
    },
  );
  const reached = new Map<string, number>();
  const complaints: string[] = [];
  let killedAt: string | undefined;
  let startMs: number | undefined;
  let said = '';
  let ended = false;
  child.stderr!.on('data', (chunk) => (said += String(chunk)));
  createInterface({ input: child.stdio[3] as NodeJS.ReadableStream }).on('line', (line) => {
    const [event, name, count] = line.split(' ');
    if (event === 'killed') killedAt = name;
    else reached.set(name!, Number(count));
  });
  const client = new Promise<Client | undefined>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const entry = parse(line);
      if (entry === undefined) return;
      if (COMPLAINTS.includes(entry.level)) complaints.push(line);
      if (entry.url === undefined) return;
      startMs = entry.startMs;
      resolve(
        new Client({
          url: new URL(entry.url),
          region: 'us-east-1',
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          insecure: false,
          now: () => new Date(clock.nowMs()),
        }),
      );
    });
    child.on('close', () => resolve(undefined));
  });
  const waitForEnd = async (): Promise<void> => {
    const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    ended = true;
    if (signal !== 'SIGKILL') {
      throw new Fault(`the server ended with ${signal ?? status}: ${said}${complaints.join('\n')}`);
    }
  };
  const closed = waitForEnd();
  closed.catch(() => {});
  return {
    client,
    ended: closed,
    reached,
    complaints,
    hasEnded: () => ended,
    startMs: () => startMs,
    killedAt: () => killedAt,
    kill: () => child.kill('SIGKILL'),
  };
}

type LogEntry = { readonly level: string; readonly url?: string; readonly startMs?: number };

/** A line of the server's log; undefined for what is not whole, because the process died while it wrote. */
function parse(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
