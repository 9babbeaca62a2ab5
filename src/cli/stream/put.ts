import { randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { UsageError } from '../../base/flags.ts';
import { CLIENT_FLAGS, JSON_FLAG, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { createProgress } from '../terminal/progress.ts';
import { count, seconds, size } from '../terminal/table.ts';
import { sendRecords, type SentState } from './record-sender.ts';
import { recordsIn, type OutgoingRecord } from './records-in.ts';

const BATCHES_IN_FLIGHT_MAX = 4;

export const put: Command = {
  usage: 'NAME [FILE…]',
  positionals: { min: 1, max: Infinity },
  details:
    'Puts records into a stream, from files or from a pipe: one record a line, or with --format json one object a line: ' +
    '{"data": "text", "partitionKey": "k", "explicitHashKey": "0"}, with "dataBase64" for bytes. `stream tail --json` prints the same. ' +
    'What the service refuses for the moment is sent again. Empty lines are left out.',
  flags: [
    { name: 'format', value: 'lines|json', default: 'lines', help: 'What a line is.' },
    {
      name: 'partition-key',
      value: 'KEY',
      help: 'Key for all records: one shard takes them, in their order as long as it refuses none. Default: one for each record.',
    },
    { name: 'data', value: 'TEXT', help: 'Put this one record instead of reading any.' },
    JSON_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const [stream, ...files] = flags.positionals;
    const format = flags.values.get('format') ?? 'lines';
    if (format !== 'lines' && format !== 'json')
      throw new UsageError(`--format must be lines or json, not '${format}'.`);
    const data = flags.values.get('data');
    if (data !== undefined && files.length > 0) throw new UsageError('--data takes the place of files.');
    if (data === undefined && files.length === 0 && terminal.inputIsTerminal) {
      terminal.say('Reading records from the terminal, one a line. Ctrl-D ends.\n');
    }
    const partitionKey = flags.values.get('partition-key');
    const bytesTotal = totalBytes(files);
    const source = sourceOf(files, terminal.input);
    using _closing = { [Symbol.dispose]: () => source.destroy() };
    const stopReading = (): void => void source.destroy();
    signal.addEventListener('abort', stopReading, { once: true });

    const client = createKinesisClient(flags, environment, (text) => terminal.say(`${text}\n`));
    const progress = createProgress(terminal);
    const startedMs = performance.now();
    let sent: SentState = { records: 0, bytes: 0, inputBytes: 0, retries: 0 };
    let isDone = false;
    try {
      await sendRecords({
        client,
        stream: stream!,
        records: data === undefined ? recordsIn(source, format, partitionKey) : single(data, partitionKey),
        batchesInFlightMax: partitionKey === undefined ? BATCHES_IN_FLIGHT_MAX : 1,
        signal,
        onSent(state) {
          sent = state;
          progress.update({ records: state.records, bytes: state.inputBytes, bytesTotal });
        },
      });
      isDone = true;
    } finally {
      progress.end();
      client.close();
      // Also after a failure: whoever goes on from there has to know how far it came.
      if (isDone || sent.records > 0) terminal.say(summaryOf(sent, performance.now() - startedMs));
    }
    if (flags.values.get('json') === 'true') {
      await terminal.print(
        `${JSON.stringify({ records: sent.records, bytes: sent.bytes, retries: sent.retries })}\n`,
      );
    }
    return EXIT.ok;
  },
};

const RATE_AFTER_MS = 1_000;

function summaryOf({ records, bytes, retries }: SentState, elapsedMs: number): string {
  const rate = Math.round((records / elapsedMs) * 1000);
  return (
    `${count(records)} ${records === 1 ? 'record' : 'records'}, ${size(bytes)} in ${seconds(elapsedMs)}` +
    // Of a moment it would only measure the start.
    `${elapsedMs < RATE_AFTER_MS || rate < 2 ? '' : ` (${count(rate)} records/s)`}` +
    `${retries > 0 ? `, ${count(retries)} sent again` : ''}\n`
  );
}

function totalBytes(files: readonly string[]): number | undefined {
  if (files.length === 0 || files.includes('-')) return undefined;
  let total = 0;
  for (const file of files) {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) throw new UsageError(`There is no file ${file}.`);
    if (stats.isDirectory()) throw new UsageError(`${file} is a directory.`);
    total += stats.size;
  }
  return total;
}

async function* single(
  data: string,
  partitionKey: string | undefined,
): AsyncGenerator<readonly OutgoingRecord[]> {
  yield [{ data: Buffer.from(data), partitionKey: partitionKey ?? randomUUID(), inputBytes: data.length }];
}

function sourceOf(files: readonly string[], input: Readable): Readable {
  if (files.length === 0) return input;
  return Readable.from(concatenated(files, input), { objectMode: true, highWaterMark: 1 });
}

async function* concatenated(files: readonly string[], input: Readable): AsyncGenerator<Buffer> {
  for (const file of files) {
    let last: Buffer | undefined;
    for await (const chunk of file === '-' ? input : createReadStream(file, { highWaterMark: 256 * 1024 })) {
      last = chunk as Buffer;
      yield last;
    }
    // A file without a last newline must not run into the next one.
    if (last !== undefined && last.at(-1) !== 0x0a) yield Buffer.from('\n');
  }
}
