/** `millrace start`: the life of a server process, from its configuration to its last signal. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { assemble, type Server } from '../assemble.ts';
import type { Family } from '../admin/metrics.ts';
import { CredentialsFileError } from '../access/credentials-file.ts';
import { CatalogFullError, CatalogUnusableError } from '../catalog/catalog.ts';
import { DataDirectoryError } from '../admin/restore.ts';
import { LogDamagedError } from '../log/segments/damage.ts';
import { MasterKeyError } from '../keys/master-key.ts';
import { EXIT, type Command } from '../cli/command.ts';
import type { Config } from '../config/config.ts';
import { START_FLAGS } from '../config/options.ts';
import { readConfig } from '../config/read-config.ts';
import { pidNamespace } from '../cli/server/running-server.ts';
import { RUNNING_FILE, type RunningServer } from '../config/running-server.ts';
import { createRealHost } from '../host/real/host.ts';
import { createLog, type Log } from '../logging.ts';
import { version } from '../version.ts';

/** Above the listener's own bound on draining, below the 30 s that Docker and systemd usually grant or a little more. */
const STOP_MS_MAX = 29_000;

/** Long enough for the first requests, who may be waiting for the server to start, to be over. */
/** Of its time that an idle server is busy. */
const IDLE_UTILIZATION_MAX = 0.05;
const COLLECT_AFTER_MS = 1500;

export const start: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Runs the server until SIGTERM or Ctrl-C, which let the requests under way finish. A second signal ends it at once. ' +
    'Every flag can also stand in the environment or in a file: see docs/reference/configuration.md.',
  flags: START_FLAGS,
  async run({ args, environment, terminal, signal }) {
    const config = readConfig(args, environment, (file) => readFileSync(file, 'utf8'));
    const log = createLog(config.logLevel, process.stdout);
    const { logger } = log;
    process.on('uncaughtException', (err) => fail(log, err));
    process.on('unhandledRejection', (err) => fail(log, err));
    const host = createRealHost();
    let server: Server;
    try {
      server = await assemble({ config, host, logger, version, processFamilies, ...connections() });
    } catch (error) {
      const message = refusalOf(error, config);
      if (message === undefined) throw error;
      terminal.say(`${message}\n`);
      return EXIT.failed;
    }
    const url = `http://${urlHost(config.host)}:${server.port}`;
    if (config.durability !== 'memory') {
      const running: RunningServer = {
        pid: process.pid,
        pidNamespace: pidNamespace(),
        instance: server.instance,
        url,
        startedMs: Date.now(),
      };
      const file = path.join(config.dataDirectory, RUNNING_FILE);
      try {
        await host.disk.replaceFile(file, Buffer.from(JSON.stringify(running)));
      } catch (err) {
        // A full disk, most likely: the server is there to have streams deleted.
        logger.warn({ err, file }, 'commands that are given --data will not find this server');
      }
    }
    logger.info(
      {
        url,
        ...(config.durability === 'memory' ? {} : { data: config.dataDirectory }),
        durability: config.durability,
        startMs: Math.round(performance.now()),
        ...(server.authorityFile === undefined ? {} : { authority: server.authorityFile }),
      },
      `millrace ${version} serves`,
    );

    collectOnceIdle();
    await aborted(signal);
    logger.info('draining');
    setTimeout(() => fail(log, new Error('The server did not end in time.')), STOP_MS_MAX).unref();
    await server.drain();
    if (config.durability !== 'memory')
      rmSync(path.join(config.dataDirectory, RUNNING_FILE), { force: true });
    await server[Symbol.asyncDispose]();
    logger.info('ended');
    return EXIT.ok;
  },
};

/** Not while the server is busy: the collection takes tens of milliseconds, and compiled code that is let go of was being used. */
function collectOnceIdle(): void {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization > IDLE_UTILIZATION_MAX) return;
    clearInterval(timer);
    collectGarbage();
  }, COLLECT_AFTER_MS);
  timer.unref();
}

/**
 * Loading the program leaves a heap a third larger than what it needs, which V8 would give back only once much more has come. A
 * usual collection keeps the code of what ran once; only the last resort lets it go.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
  collect({ type: 'major', flavor: 'last-resort' });
}

/** The log and the catalog have some dozens of files open, a rewrite and a backup some more. */
const OWN_FILES = 256;
const CONNECTIONS_MAX = 20_000;

/**
 * Connections count as open files. Were they allowed to take the last, the log could open none and writes would fail: so there is
 * a bound below the process's limit (decision 0281).
 */
function connections(): { readonly connectionsMax?: number } {
  const limit = openFilesMax();
  if (limit === undefined) return {};
  return { connectionsMax: Math.min(CONNECTIONS_MAX, limit - Math.min(OWN_FILES, Math.floor(limit / 2))) };
}

/** Where the system tells: Linux does. */
function openFilesMax(): number | undefined {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What nobody caught is our bug: state is no longer known, so the process ends, and what was acknowledged is on disk. */
function fail(log: Log, err: unknown): never {
  log.logger.fatal({ err }, 'the server ends by its own fault');
  log.flush();
  process.exit(EXIT.failed);
}

/** Errors whose message tells the operator what is wrong and what to do. */
const REFUSALS = [
  DataDirectoryError,
  LogDamagedError,
  MasterKeyError,
  CredentialsFileError,
  CatalogUnusableError,
  CatalogFullError,
];

/** What to say when the server cannot start for a reason that is not our bug; undefined when it is. */
export function refusalOf(error: unknown, config: Config): string | undefined {
  if (REFUSALS.some((refusal) => error instanceof refusal)) return (error as Error).message;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Port ${config.port} on ${config.host} is taken by another program. Choose another --port N.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${config.host}. Check --host.`;
  if (code === 'EACCES' && syscall === 'listen') {
    return `Port ${config.port} may not be used by this user. Choose a --port above 1023.`;
  }
  if (syscall === 'mkdir' && (code === 'EEXIST' || code === 'ENOTDIR'))
    return `--data ${config.dataDirectory} is no directory. Choose another --data DIR.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${message}. The server has to be able to write ${config.dataDirectory}: see to its owner, or choose another --data DIR.`;
  // The file system's own errors name the path.
  return syscall === undefined ? undefined : message;
}

function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function processFamilies(): readonly Family[] {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const family = (name: string, type: Family['type'], help: string, value: number): Family => ({
    name,
    type,
    help,
    samples: [{ value }],
  });
  return [
    {
      name: 'millrace_build_info',
      type: 'gauge',
      help: 'The version.',
      samples: [{ labels: { version }, value: 1 }],
    },
    family('process_resident_memory_bytes', 'gauge', 'Resident memory.', memory.rss),
    family('nodejs_heap_used_bytes', 'gauge', 'Used heap.', memory.heapUsed),
    family(
      'nodejs_external_memory_bytes',
      'gauge',
      'Memory outside the heap, buffers included.',
      memory.external,
    ),
    family(
      'process_cpu_seconds_total',
      'counter',
      'CPU time, user and system.',
      (cpu.user + cpu.system) / 1e6,
    ),
    family(
      'process_start_time_seconds',
      'gauge',
      'Start, in seconds since 1970.',
      Date.now() / 1000 - process.uptime(),
    ),
  ];
}
