/**
 * A whole data directory, damaged (catalog, keys, certificates, log), opened by the real server on the real disk. It must refuse with words for
 * the operator, or serve what was acknowledged. SQLite keeps no checksum of its pages, so a changed byte in a text of the catalog can
 * pass; such outcomes are counted apart (docs/decisions/0280).
 */
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { assemble, type Server } from '../../src/assemble.ts';
import { UsageError } from '../../src/base/flags.ts';
import { createApiClient, type ApiClient } from '../../src/cli/client/api-client.ts';
import { refusalOf } from '../../src/commands/start.ts';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Dice } from '../../src/host/host.ts';
import { createRealHost } from '../../src/host/real/host.ts';
import { once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

type Change =
  | { readonly kind: 'flip'; readonly file: string; readonly at: number; readonly bit: number }
  | { readonly kind: 'bytes'; readonly file: string; readonly at: number; readonly hex: string }
  | { readonly kind: 'length'; readonly file: string; readonly length: number }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'copy'; readonly file: string; readonly from: string };

/** `at` and `length` count modulo the file's size, so that an input means the same on a directory made anew. */
type Spelled = { readonly changes: readonly Change[] };

const STREAMS = ['one', 'two'];
const RECORDS = 30;

async function open(): Promise<OpenTarget> {
  const root = await mkdtemp(path.join(tmpdir(), 'millrace-fuzz-'));
  const base = path.join(root, 'base');
  {
    const server = await start(base);
    await using _server = server;
    const client = clientOf(server);
    for (const StreamName of STREAMS) {
      await client.call('CreateStream', { StreamName, ShardCount: 2 });
      await activeStream(client, StreamName);
      const Records = Array.from({ length: RECORDS }, (_, at) => ({
        PartitionKey: `k${at}`,
        Data: Buffer.from(`${StreamName} ${at}`).toString('base64'),
      }));
      await client.call('PutRecords', { StreamName, Records });
    }
    client.close();
    await server.drain();
  }
  const expected = new Set(
    STREAMS.flatMap((name) => Array.from({ length: RECORDS }, (_, at) => `${name} ${at}`)),
  );
  const names = (await readdir(base, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(base, path.join(entry.parentPath, entry.name)))
    .toSorted();
  const work = path.join(root, 'work');

  function generate(dice: Dice): Uint8Array {
    const changes = Array.from({ length: once(dice, 4) ? 2 : 1 }, () => {
      // The catalog has no other target.
      const file = once(dice, 2) ? 'catalog.sqlite' : pick(dice, names);
      return changed(dice, file, names);
    });
    return Buffer.from(JSON.stringify({ changes } satisfies Spelled));
  }

  async function check(input: Uint8Array): Promise<string> {
    const { changes } = JSON.parse(Buffer.from(input).toString()) as Spelled;
    await rm(work, { recursive: true, force: true });
    await cp(base, work, { recursive: true });
    for (const change of changes) await apply(work, change);
    const inCatalog = changes.some(({ file }) => file.startsWith('catalog.sqlite'));
    return serve(work, expected, inCatalog);
  }

  return { generate, check, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

async function serve(directory: string, expected: ReadonlySet<string>, inCatalog: boolean): Promise<string> {
  const config = configOf(directory);
  let server: Server;
  try {
    server = await start(directory);
  } catch (error) {
    const words = error instanceof UsageError ? error.message : refusalOf(error, config);
    if (words === undefined) throw error;
    // Another file system's own words name the file, too.
    if (!words.includes(directory)) throw new Fault(`the refusal names no file: ${words}`);
    return 'refused';
  }
  const client = clientOf(server);
  try {
    const found = await readEverything(client);
    for (const text of found) {
      if (text !== undefined && !expected.has(text)) throw new Fault(`a record that nobody wrote: ${text}`);
    }
    if (found.includes(undefined)) return 'a part refused';
    if (new Set(found).size === expected.size) return 'whole';
    if (!inCatalog) throw new Fault(`${expected.size - found.length} records are silently missing`);
    return 'another catalog';
  } finally {
    client.close();
    await server[Symbol.asyncDispose]();
  }
}

/** The text of every record; undefined stands for what was refused with an error of the model. */
async function readEverything(client: ApiClient): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  const attempt = async <T>(operation: string, input: object): Promise<T | undefined> => {
    try {
      return await client.call<T>(operation, input);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined || code === 'InternalFailure' || code === 'UnknownAnswer')
        throw new Fault(`${operation}: ${String(error)}; the server says ${failures.join('; ')}`);
      found.push(undefined);
      return undefined;
    }
  };
  const list = await attempt<{ StreamNames: readonly string[] }>('ListStreams', {});
  for (const StreamName of list?.StreamNames ?? []) {
    await attempt('DescribeStream', { StreamName });
    const shards = await attempt<{ Shards: readonly { ShardId: string }[] }>('ListShards', { StreamName });
    for (const { ShardId } of shards?.Shards ?? []) {
      const start = await attempt<{ ShardIterator: string }>('GetShardIterator', {
        StreamName,
        ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      });
      for (let iterator = start?.ShardIterator, page = 0; iterator !== undefined && page < 10; page++) {
        const read:
          | { Records: readonly { Data: string }[]; NextShardIterator?: string; MillisBehindLatest: number }
          | undefined = await attempt('GetRecords', { ShardIterator: iterator });
        for (const { Data } of read?.Records ?? []) found.push(Buffer.from(Data, 'base64').toString());
        iterator = read === undefined || read.MillisBehindLatest === 0 ? undefined : read.NextShardIterator;
      }
    }
  }
  return found;
}

function configOf(directory: string): Config {
  const args = [
    '--port',
    '0',
    '--data',
    directory,
    '--durability',
    'os',
    '--state-duration-ms',
    '0',
    '--limits',
    'none',
    '--log-level',
    'silent',
  ];
  return readConfig(args, {}, () => '');
}

const failures: string[] = [];
const LOGGER = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) });

async function start(directory: string): Promise<Server> {
  failures.length = 0;
  return assemble({ config: configOf(directory), host: createRealHost(), logger: LOGGER, version: 'fuzz' });
}

function clientOf({ port }: Server): ApiClient {
  return createApiClient({
    endpoint: new URL(`http://127.0.0.1:${port}`),
    region: 'us-east-1',
    credentials: { accessKeyId: 'fuzz', secretAccessKey: 'fuzz', sessionToken: undefined },
    service: 'kinesis',
    targetPrefix: 'Kinesis_20131202',
  });
}

async function activeStream(client: ApiClient, StreamName: string): Promise<void> {
  type Summary = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };
  for (;;) {
    const { StreamDescriptionSummary } = await client.call<Summary>('DescribeStreamSummary', { StreamName });
    if (StreamDescriptionSummary.StreamStatus === 'ACTIVE') return;
  }
}

function changed(dice: Dice, file: string, names: readonly string[]): Change {
  const at = dice.integer(once(dice, 3) ? 200 : 2 ** 24);
  switch (dice.integer(7)) {
    case 0:
    case 1:
      return { kind: 'flip', file, at, bit: dice.integer(8) };
    case 2:
      return { kind: 'bytes', file, at, hex: Buffer.from(dice.bytes(1 + dice.integer(30))).toString('hex') };
    case 3:
      return { kind: 'bytes', file, at, hex: '00'.repeat(1 + dice.integer(4096)) };
    case 4:
      return { kind: 'length', file, length: once(dice, 3) ? 0 : at };
    case 5:
      return { kind: 'remove', file };
    default:
      return { kind: 'copy', file, from: pick(dice, names) };
  }
}

async function apply(directory: string, change: Change): Promise<void> {
  const file = path.join(directory, change.file);
  if (!existsSync(file)) return;
  const { size } = await stat(file);
  switch (change.kind) {
    case 'remove':
      await rm(file);
      return;
    case 'length':
      await truncate(file, size === 0 ? change.length % 5000 : change.length % size);
      return;
    case 'copy': {
      const from = path.join(directory, change.from);
      if (existsSync(from)) await writeFile(file, await readFile(from));
      return;
    }
    default: {
      if (size === 0) return;
      const bytes = await readFile(file);
      const at = change.at % size;
      if (change.kind === 'flip') bytes[at]! ^= 1 << change.bit;
      else bytes.set(Buffer.from(change.hex, 'hex').subarray(0, size - at), at);
      await writeFile(file, bytes);
    }
  }
}

export const dataDirectory: Target = {
  name: 'data-directory',
  about:
    'whole data directories with damaged, missing and foreign files, opened by the real server on the real disk',
  weight: 1,
  open,
};
