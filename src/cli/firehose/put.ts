import type { Readable } from 'node:stream';
import { CLIENT_FLAGS, JSON_FLAG, createFirehoseClient } from '../client/profile.ts';
import type { Command } from '../command.ts';
import { putFrom } from '../stream/put-from.ts';
import type { PutResults } from '../stream/record-sender.ts';
import { recordsIn, type OutgoingRecord } from '../stream/records-in.ts';

const BATCHES_IN_FLIGHT_MAX = 4;
const NEWLINE = Buffer.from('\n');

export const put: Command = {
  usage: 'NAME [FILE…]',
  positionals: { min: 1, max: Infinity },
  details:
    'Puts records into a delivery stream, from files or from a pipe: one record a line, with its newline, because objects hold records ' +
    'one after another with nothing between. What the service refuses for the moment is sent again. Empty lines are left out.',
  flags: [
    { name: 'no-newline', help: 'Leave the newlines out of the records.' },
    { name: 'data', value: 'TEXT', help: 'Put this one record, as it is, instead of reading any.' },
    JSON_FLAG,
    ...CLIENT_FLAGS,
  ],
  async run({ flags, environment, terminal, signal }) {
    const [name, ...files] = flags.positionals;
    const data = flags.values.get('data');
    const end = flags.values.has('no-newline') ? Buffer.alloc(0) : NEWLINE;
    const client = createFirehoseClient(flags, environment, (text) => terminal.say(`${text}\n`));
    try {
      return await putFrom(
        { flags, terminal, signal },
        {
          files,
          recordsIn: (source) => (data === undefined ? lines(source, end) : single(data)),
          batchesInFlightMax: BATCHES_IN_FLIGHT_MAX,
          async put(records, signal) {
            const input = { DeliveryStreamName: name, Records: records.map(entryOf) };
            const output = await client.call<PutRecordBatchOutput>('PutRecordBatch', input, signal);
            return output.RequestResponses;
          },
        },
      );
    } finally {
      client.close();
    }
  },
};

type PutRecordBatchOutput = { readonly RequestResponses: PutResults };

async function* lines(source: Readable, end: Buffer): AsyncGenerator<readonly OutgoingRecord[]> {
  // Delivery streams know no keys.
  for await (const records of recordsIn(source, 'lines', '')) {
    yield records.map((record) => ({ ...record, data: Buffer.concat([record.data, end]) }));
  }
}

async function* single(data: string): AsyncGenerator<readonly OutgoingRecord[]> {
  yield [{ data: Buffer.from(data), partitionKey: '', inputBytes: data.length }];
}

function entryOf({ data }: OutgoingRecord): object {
  return { Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}
