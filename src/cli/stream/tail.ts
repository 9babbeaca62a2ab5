import { isUtf8 } from 'node:buffer';
import { UsageError } from '../../base/flags.ts';
import { CLIENT_FLAGS, JSON_FLAG, createKinesisClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { printable } from '../terminal/table.ts';
import { followStream, type From, type ReceivedRecord } from './shard-follower.ts';

export const tail: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Prints the records of all shards as they come, through splits and merges, until Ctrl-C. A line is a record’s data; ' +
    '--long adds time, shard and key; --json prints one object a line, which `stream put --format json` takes back.',
  flags: [
    {
      name: 'from',
      value: 'latest|trim-horizon|TIME',
      default: 'latest',
      help: 'Where to begin. TIME is such as 2026-11-24T12:00:00Z, or 15m, 2h, 1d ago.',
    },
    { name: 'count', value: 'N', short: 'n', help: 'End after N records.' },
    { name: 'no-follow', help: 'End where the stream ends now.' },
    { name: 'long', short: 'l', help: 'Print time, shard and partition key too.' },
    JSON_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const from = parseFrom(flags.values.get('from') ?? 'latest', Date.now());
    const countMax = parseCount(flags.values.get('count'));
    const lineOf = flags.values.has('json') ? jsonLine : flags.values.has('long') ? longLine : plainLine;
    const client = createKinesisClient(flags, environment, (text) => terminal.say(`${text}\n`));
    const enough = new AbortController();
    let printed = 0;
    // Shards are read at once; their lines must not mix.
    let printing = Promise.resolve();
    async function printRecords(records: readonly ReceivedRecord[]): Promise<void> {
      const wanted = records.slice(0, countMax - printed);
      printed += wanted.length;
      if (wanted.length > 0) await terminal.print(Buffer.concat(wanted.map(lineOf)));
      if (printed >= countMax) enough.abort();
    }

    try {
      await followStream({
        client,
        stream: flags.positionals[0]!,
        from,
        stopAtEnd: flags.values.get('no-follow') === 'true',
        signal: AbortSignal.any([signal, enough.signal]),
        onRecords(records) {
          printing = printing.then(() => printRecords(records));
          return printing;
        },
      });
    } catch (error) {
      if (!enough.signal.aborted) throw error;
    } finally {
      client.close();
    }
    return EXIT.ok;
  },
};

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseFrom(text: string, nowMs: number): From {
  if (text === 'latest') return { type: 'LATEST' };
  if (text === 'trim-horizon') return { type: 'TRIM_HORIZON' };
  const ago = /^(\d+)([smhd])$/.exec(text);
  const timeMs = ago ? nowMs - Number(ago[1]) * UNITS_MS[ago[2]!]! : Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new UsageError(`--from must be latest, trim-horizon or a time, not '${text}'.`);
  return { type: 'AT_TIMESTAMP', timestampSeconds: timeMs / 1000 };
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new UsageError(`--count must be a whole number above 0, not '${text}'.`);
  return Number(text);
}

const NEWLINE = Buffer.from('\n');

/** The bytes as they came: data need not be UTF-8. */
function plainLine({ data }: ReceivedRecord): Buffer {
  return Buffer.concat([data, NEWLINE]);
}

function longLine({ arrivalMs, shardId, partitionKey, data }: ReceivedRecord): Buffer {
  const time = new Date(arrivalMs).toISOString();
  return Buffer.from(
    `${time}  ${shardId}  ${printable(partitionKey)}  ${printable(data.toString('utf8'))}\n`,
  );
}

function jsonLine({ arrivalMs, shardId, sequenceNumber, partitionKey, data }: ReceivedRecord): Buffer {
  const time = new Date(arrivalMs).toISOString();
  const content = isUtf8(data) ? { data: data.toString('utf8') } : { dataBase64: data.toString('base64') };
  return Buffer.from(`${JSON.stringify({ shardId, sequenceNumber, time, partitionKey, ...content })}\n`);
}
