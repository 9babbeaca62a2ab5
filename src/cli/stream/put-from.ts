/** Puts what files or a pipe hold, shows how far it is, and says at the end what it did: the same for streams and delivery streams. */
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { UsageError } from '../../base/flags.ts';
import { EXIT, type Invocation } from '../command.ts';
import { createProgress } from '../terminal/progress.ts';
import { count, seconds, size } from '../terminal/table.ts';
import { sendRecords, type PutResults, type SentState } from './record-sender.ts';
import type { OutgoingRecord } from './records-in.ts';

export async function putFrom(
  { flags, terminal, signal }: Pick<Invocation, 'flags' | 'terminal' | 'signal'>,
  options: {
    readonly files: readonly string[];
    readonly recordsIn: (source: Readable) => AsyncIterable<readonly OutgoingRecord[]>;
    /** Batches under way at once; 1 keeps the order. */
    readonly batchesInFlightMax: number;
    readonly put: (records: readonly OutgoingRecord[], signal: AbortSignal) => Promise<PutResults>;
  },
): Promise<number> {
  const { files, put, batchesInFlightMax } = options;
  const data = flags.values.get('data');
  if (data !== undefined && files.length > 0) throw new UsageError('--data takes the place of files.');
  if (data === undefined && files.length === 0 && terminal.inputIsTerminal) {
    terminal.say('Reading records from the terminal, one a line. Ctrl-D ends.\n');
  }
  const bytesTotal = totalBytes(files);
  const source = sourceOf(data === undefined ? files : [], terminal.input);
  using _closing = { [Symbol.dispose]: () => source.destroy() };
  const stopReading = (): void => void source.destroy();
  signal.addEventListener('abort', stopReading, { once: true });

  const progress = createProgress(terminal);
  const startedMs = performance.now();
  let sent: SentState = { records: 0, bytes: 0, inputBytes: 0, retries: 0 };
  let isDone = false;
  try {
    await sendRecords({
      put,
      records: options.recordsIn(source),
      batchesInFlightMax,
      signal,
      onSent(state) {
        sent = state;
        progress.update({ records: state.records, bytes: state.inputBytes, bytesTotal });
      },
    });
    isDone = true;
  } finally {
    progress.end();
    // Also after a failure: whoever goes on from there has to know how far it came.
    if (isDone || sent.records > 0) terminal.say(summaryOf(sent, performance.now() - startedMs));
  }
  if (flags.values.get('json') === 'true') {
    await terminal.print(
      `${JSON.stringify({ records: sent.records, bytes: sent.bytes, retries: sent.retries })}\n`,
    );
  }
  return EXIT.ok;
}

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
