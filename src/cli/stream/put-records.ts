/** One batch of a stream's records. */
import type { ApiClient } from '../client/api-client.ts';
import type { PutResults } from './record-sender.ts';
import type { OutgoingRecord } from './records-in.ts';

type PutRecordsOutput = { readonly Records: PutResults };

export function putRecordsOf(
  client: ApiClient,
  stream: string,
): (records: readonly OutgoingRecord[], signal: AbortSignal) => Promise<PutResults> {
  return async (records, signal) => {
    const input = { StreamName: stream, Records: records.map(entryOf) };
    return (await client.call<PutRecordsOutput>('PutRecords', input, signal)).Records;
  };
}

function entryOf({ data, partitionKey, explicitHashKey }: OutgoingRecord): object {
  return {
    Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    PartitionKey: partitionKey,
    ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
  };
}
