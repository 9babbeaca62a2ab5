/** Millrace as an operator runs it: in a process of its own, with keys it checks signatures against, on a directory. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KEYS } from '../load/signed-request.ts';
import { freePort, startProcess, type Server } from './server.ts';

const MAIN = path.join(import.meta.dirname, '../../bin/millrace.js');

/** A data directory that goes away with its holder, and the credentials file that every server of the benchmarks knows. */
export type DataDirectory = AsyncDisposable & { readonly data: string; readonly credentials: string };

export async function makeDataDirectory(): Promise<DataDirectory> {
  const root = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
  const credentials = path.join(root, 'credentials');
  const lines = [
    '[bench]',
    `aws_access_key_id = ${KEYS.accessKeyId}`,
    `aws_secret_access_key = ${KEYS.secretAccessKey}`,
    'aws_account_id = 123456789012',
    '',
  ];
  await writeFile(credentials, lines.join('\n'), { mode: 0o600 });
  return {
    data: path.join(root, 'data'),
    credentials,
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type MillraceOptions = {
  readonly durability?: 'fsync' | 'os' | 'memory';
  /** Flags of Node itself, to profile it. */
  readonly nodeFlags?: readonly string[];
};

export async function startMillrace(
  directory: DataDirectory,
  options: MillraceOptions = {},
): Promise<Server> {
  const port = await freePort();
  const { durability = 'fsync', nodeFlags = [] } = options;
  return startProcess(durability === 'fsync' ? 'Millrace' : `Millrace, ${durability}`, port, [
    ...nodeFlags,
    MAIN,
    ...['start', '--port', String(port), '--data', directory.data, '--credentials', directory.credentials],
    ...['--limits', 'none', '--durability', durability, '--state-duration-ms', '20', '--log-level', 'warn'],
  ]);
}
