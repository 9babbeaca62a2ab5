import { randomUUID } from 'node:crypto';
import { UsageError } from '../../base/flags.ts';
import { CLIENT_FLAGS, JSON_FLAG, createKinesisClient } from '../client/profile.ts';
import type { Command } from '../command.ts';
import { putFrom } from './put-from.ts';
import { putRecordsOf } from './put-records.ts';
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
    const partitionKey = flags.values.get('partition-key');
    const client = createKinesisClient(flags, environment, (text) => terminal.say(`${text}\n`));
    try {
      return await putFrom(
        { flags, terminal, signal },
        {
          files,
          recordsIn: (source) =>
            data === undefined ? recordsIn(source, format, partitionKey) : single(data, partitionKey),
          batchesInFlightMax: partitionKey === undefined ? BATCHES_IN_FLIGHT_MAX : 1,
          put: putRecordsOf(client, stream!),
        },
      );
    } finally {
      client.close();
    }
  },
};

async function* single(
  data: string,
  partitionKey: string | undefined,
): AsyncGenerator<readonly OutgoingRecord[]> {
  yield [{ data: Buffer.from(data), partitionKey: partitionKey ?? randomUUID(), inputBytes: data.length }];
}
