/** Endpoints that the suite starts itself: Millrace from this checkout, and the peers that npm brings. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from './client.ts';

const ROOT = join(import.meta.dirname, '..');
const UP_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 10_000;

/** A key of the account 000000000000, which Millrace is given in a credentials file, so that it verifies signatures. */
const CREDENTIALS = { accessKeyId: 'AKIDCONFORMANCE', secretAccessKey: 'conformance/secret' };
const CREDENTIALS_FILE = `[default]
aws_access_key_id = ${CREDENTIALS.accessKeyId}
aws_secret_access_key = ${CREDENTIALS.secretAccessKey}
aws_account_id = 000000000000
`;

export type Target = {
  readonly name: string;
  readonly packageFile: string;
  readonly arguments: (port: number, directory: string) => readonly string[];
  readonly environment?: (port: number, otherPort: number) => Record<string, string>;
  readonly folder?: string;
};

export const MILLRACE: Target = {
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
    '--credentials',
    join(directory, 'credentials'),
  ],
};

export const PEERS: readonly Target[] = [
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

/** An endpoint that runs until it is disposed of. */
export type Running = AsyncDisposable & { readonly client: Client; readonly version: string };

export async function start(target: Target): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  await writeFile(join(directory, 'credentials'), CREDENTIALS_FILE, { mode: 0o600 });
  const port = await freePort();
  const child = spawn(process.execPath, target.arguments(port, directory), {
    cwd: join(ROOT, target.folder ?? '.'),
    env: { ...process.env, ...target.environment?.(port, await freePort()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const client = new Client({
    url: new URL(`http://127.0.0.1:${port}`),
    region: 'us-east-1',
    credentials: target === MILLRACE ? CREDENTIALS : { ...CREDENTIALS, accessKeyId: '000000000000' },
    insecure: false,
  });
  const stop = async (): Promise<void> => {
    client.close();
    await ended(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await up(child, port);
    const { version } = JSON.parse(await readFile(join(ROOT, target.packageFile), 'utf8')) as {
      version: string;
    };
    return { client, version, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await exited;
  clearTimeout(late);
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
