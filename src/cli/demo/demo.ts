import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../base/flags.ts';
import { createApiClient, type ApiClient } from '../client/api-client.ts';
import { EXIT, type Command, type Environment } from '../command.ts';
import { followStream, type ReceivedRecord } from '../stream/shard-follower.ts';
import { recordsIn } from '../stream/records-in.ts';
import { putRecordsOf } from '../stream/put-records.ts';
import { sendRecords } from '../stream/record-sender.ts';
import { waitUntilActive } from '../stream/stream-api.ts';
import { createProgress } from '../terminal/progress.ts';
import { count, printable, seconds, size } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { analyseStream, INSIGHT_STREAM } from './analysed-clicks.ts';
import { BUCKET, deliverStream, watchObjects } from './delivered-clicks.ts';
import { findLogFile } from './log-file.ts';
import { freePort, startServerProcess } from './server-process.ts';
import { createClicks } from './website-clicks.ts';

const PORT = 4567;
const LOG_STREAM = 'npm-log';
const CLICK_STREAM = 'clicks';
const SHARDS = 2;
const CLICK_PAUSE_MS = 250;

export const demo: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Starts a server on a fresh temporary directory, sends a real log file (the longest of npm’s newest debug logs on this ' +
    'machine) and made-up website clicks, shows them arriving, analysed by SQL and landing as compressed objects, and leaves the server running until Ctrl-C. ' +
    'Nothing is kept then, unless --data says where.',
  flags: [
    { name: 'port', value: 'N', default: `${PORT}, else a free one`, help: 'Port of the server.' },
    {
      name: 'data',
      value: 'DIR',
      help: 'Keep the data in this directory. Default: a temporary one, removed at the end.',
    },
    { name: 'file', value: 'FILE', help: 'Send this file instead of npm’s log.' },
    { name: 'seconds', value: 'N', help: 'End by itself after N seconds.' },
  ],
  async run({ flags, environment, terminal, signal: interrupted }) {
    const endAfter = flags.values.get('seconds');
    if (endAfter !== undefined && !/^\d{1,6}$/.test(endAfter))
      throw new UsageError('--seconds must be a whole number.');
    const wantedPort = flags.values.get('port');
    if (wantedPort !== undefined && !(/^\d{1,5}$/.test(wantedPort) && Number(wantedPort) <= 65_535))
      throw new UsageError(`--port must be an integer from 0 to 65535, not '${wantedPort}'.`);
    const kept = flags.values.get('data');
    if (kept === '') throw new UsageError('--data has an empty value: --data DIR');
    const dataDirectory =
      kept === undefined ? mkdtempSync(path.join(tmpdir(), 'millrace-demo-')) : path.resolve(kept);
    try {
      const port = wantedPort === undefined ? await freePort(PORT) : Number(wantedPort);
      const server = await startServerProcess({ port, dataDirectory }, interrupted);
      try {
        const timeUp = endAfter === undefined ? undefined : AbortSignal.timeout(Number(endAfter) * 1000);
        const ended = new AbortController();
        void server.ended.then(() => ended.abort());
        const signal = AbortSignal.any([interrupted, ended.signal, ...(timeUp ? [timeUp] : [])]);
        await show({
          url: server.url,
          dataDirectory,
          logFile: flags.values.get('file') ?? findLogFile(environment)?.file,
          environment,
          terminal,
          signal,
        });
        return ended.signal.aborted && !interrupted.aborted ? EXIT.failed : EXIT.ok;
      } finally {
        terminal.say('\nStopping the server.\n');
        await server.stop();
      }
    } finally {
      if (kept === undefined) rmSync(dataDirectory, { recursive: true, force: true });
    }
  },
};

type Show = {
  readonly url: string;
  readonly dataDirectory: string;
  readonly logFile: string | undefined;
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
};

/** Ends only when the signal does. */
async function show({ url, dataDirectory, logFile, environment, terminal, signal }: Show): Promise<void> {
  const clientOf = (service: string, targetPrefix: string): ApiClient =>
    createApiClient({
      endpoint: new URL(url),
      region: 'us-east-1',
      credentials: { accessKeyId: 'demo', secretAccessKey: 'demo', sessionToken: undefined },
      service,
      targetPrefix,
    });
  const client = clientOf('kinesis', 'Kinesis_20131202');
  const clients = {
    kinesis: client,
    firehose: clientOf('firehose', 'Firehose_20150804'),
    analytics: clientOf('kinesisanalytics', 'KinesisAnalytics_20180523'),
    own: clientOf('millrace', 'Millrace_20261123'),
  };
  try {
    await terminal.print(`A server runs at ${url} and keeps its data in ${dataDirectory}\n`);
    if (logFile === undefined) await terminal.print('npm keeps no log on this machine: clicks only.\n');
    else await sendLogFile(client, logFile, terminal, signal);
    await ensureStream(client, CLICK_STREAM, signal);
    await ensureStream(client, INSIGHT_STREAM, signal);
    await deliverStream(clients, CLICK_STREAM, signal);
    await analyseStream(clients, CLICK_STREAM, signal);
    await terminal.print(
      `${usageOf(url, environment)}\nWebsite clicks into the stream ${CLICK_STREAM}, as a reader sees them arrive; what a SQL application makes of them, in the stream ${INSIGHT_STREAM}; ` +
        'and every few seconds both as compressed objects (Ctrl-C ends):\n\n',
    );
    await Promise.all([
      sendClicks(client, signal),
      watchStream(client, CLICK_STREAM, terminal, signal),
      watchStream(client, INSIGHT_STREAM, terminal, signal),
      watchObjects(clients, terminal, signal),
    ]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const each of Object.values(clients)) each.close();
  }
}

async function ensureStream(client: ApiClient, name: string, signal: AbortSignal): Promise<void> {
  const { StreamNames } = await client.call<{ readonly StreamNames: readonly string[] }>(
    'ListStreams',
    {},
    signal,
  );
  if (!StreamNames.includes(name))
    await client.call('CreateStream', { StreamName: name, ShardCount: SHARDS }, signal);
  await waitUntilActive(client, name, signal);
}

/** Sends the file, one record a line, and reads all of it back. */
async function sendLogFile(
  client: ApiClient,
  file: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  await ensureStream(client, LOG_STREAM, signal);
  await terminal.print(`\nA real log file, one record a line: ${file}\n`);
  const startedMs = performance.now();
  const progress = createProgress(terminal);
  const sent = await sendRecords({
    put: putRecordsOf(client, LOG_STREAM),
    records: recordsIn(createReadStream(file), 'lines', undefined),
    batchesInFlightMax: 2,
    signal,
    onSent: ({ records, inputBytes }) =>
      progress.update({ records, bytes: inputBytes, bytesTotal: undefined }),
  });
  progress.end();
  const sentMs = performance.now();
  await terminal.print(
    `  sent      ${count(sent.records)} records, ${size(sent.bytes)} in ${seconds(sentMs - startedMs)}, each on disk before its answer\n`,
  );
  let received = 0;
  let last: ReceivedRecord | undefined;
  await followStream({
    client,
    stream: LOG_STREAM,
    from: { type: 'TRIM_HORIZON' },
    stopAtEnd: true,
    signal,
    async onRecords(records) {
      received += records.length;
      last = records.at(-1);
    },
  });
  await terminal.print(
    `  read back ${count(received)} records in ${seconds(performance.now() - sentMs)}, among them:\n`,
  );
  if (last !== undefined) await terminal.print(`  ${lineOf(LOG_STREAM, last, terminal)}`);
}

async function sendClicks(client: ApiClient, signal: AbortSignal): Promise<void> {
  const nextClick = createClicks();
  for (;;) {
    const { visitor, json } = nextClick(Date.now());
    await client.call(
      'PutRecord',
      { StreamName: CLICK_STREAM, PartitionKey: visitor, Data: Buffer.from(json).toString('base64') },
      signal,
    );
    await sleep(CLICK_PAUSE_MS, undefined, { signal });
  }
}

async function watchStream(
  client: ApiClient,
  stream: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  await followStream({
    client,
    stream,
    from: { type: 'LATEST' },
    stopAtEnd: false,
    signal,
    async onRecords(records) {
      for (const record of records) await terminal.print(lineOf(stream, record, terminal));
    },
  });
}

function lineOf(stream: string, { arrivalMs, data }: ReceivedRecord, terminal: Terminal): string {
  const time = new Date(arrivalMs).toISOString().slice(11, 23);
  const line = `${time}  ${stream}  ${printable(data.toString('utf8'))}`;
  return `${terminal.outputIsTerminal ? line.slice(0, terminal.columns - 1) : line}\n`;
}

function usageOf(url: string, environment: Environment): string {
  // In a checkout npm runs the demo; the installed package has a command of its own.
  const millrace = environment['npm_lifecycle_event'] === 'demo' ? 'npm run -s millrace --' : 'millrace';
  return `
Any Kinesis client works at ${url} (https works there too):
  AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws kinesis list-streams --region us-east-1 --endpoint-url ${url}
  ${millrace} stream tail ${CLICK_STREAM} --endpoint-url ${url}
  ${millrace} bucket list ${BUCKET} --endpoint-url ${url}
`;
}
