/** The real server as a process of its own, on a temporary directory. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApiClient, type ApiClient } from '../../src/cli/client/api-client.ts';

export const MAIN = path.join(import.meta.dirname, '../../bin/millrace.js');

export type ServerProcess = {
  readonly url: string;
  readonly child: ChildProcess;
  readonly client: ApiClient;
  /** Resolves to the exit status, or the signal's name. */
  readonly ended: Promise<number | string>;
  stop(signal: NodeJS.Signals): Promise<number | string>;
};

/** Resolves when the server serves; rejects with what it said when it does not. */
export async function startServer(
  dataDirectory: string,
  flags: readonly string[] = [],
  /** A command that runs the one behind it. */
  within: readonly string[] = [],
): Promise<ServerProcess> {
  const server = [process.execPath, MAIN, 'start', '--port', '0', '--data', dataDirectory, ...flags];
  const [command, ...args] = [...within, ...server];
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | string);
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      const found = /"url":"([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', () => reject(new Error(said)));
  });
  const client = createApiClient({
    endpoint: new URL(url),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: undefined },
    service: 'kinesis',
    targetPrefix: 'Kinesis_20131202',
  });
  return {
    url,
    child,
    client,
    ended,
    stop(signal) {
      client.close();
      child.kill(signal);
      return ended;
    },
  };
}

export async function temporaryDirectory(): Promise<{ readonly path: string } & AsyncDisposable> {
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-server-'));
  return { path: directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

/** Creates a stream and waits for it. */
export async function createStream(client: ApiClient, name: string, shards = 1): Promise<void> {
  await client.call('CreateStream', { StreamName: name, ShardCount: shards });
  await active(client, name);
}

export async function active(client: ApiClient, name: string): Promise<void> {
  for (;;) {
    const { StreamDescriptionSummary: summary } = await client.call<{
      readonly StreamDescriptionSummary: { readonly StreamStatus: string };
    }>('DescribeStreamSummary', { StreamName: name });
    if (summary.StreamStatus === 'ACTIVE') return;
  }
}

export async function putText(client: ApiClient, stream: string, text: string): Promise<string> {
  const { SequenceNumber } = await client.call<{ readonly SequenceNumber: string }>('PutRecord', {
    StreamName: stream,
    PartitionKey: 'k',
    Data: Buffer.from(text).toString('base64'),
  });
  return SequenceNumber;
}

/** All that the first shard holds, as text. */
export async function readTexts(client: ApiClient, stream: string): Promise<readonly string[]> {
  let { ShardIterator: iterator } = await client.call<{ readonly ShardIterator: string }>(
    'GetShardIterator',
    {
      StreamName: stream,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    },
  );
  const texts: string[] = [];
  for (;;) {
    const output = await client.call<{
      readonly Records: readonly { readonly Data: string }[];
      readonly NextShardIterator: string;
      readonly MillisBehindLatest: number;
    }>('GetRecords', { ShardIterator: iterator });
    texts.push(...output.Records.map(({ Data }) => Buffer.from(Data, 'base64').toString()));
    if (output.MillisBehindLatest === 0) return texts;
    iterator = output.NextShardIterator;
  }
}
