/**
 * Rows into a data stream, a record each. The partition key is the row's name: rows spread over the shards, and a row that is sent twice after a
 * restart is the same record twice (decision 0622).
 */
import { PutError, type OutputPort } from './output-port.ts';

/** "Each PutRecords request can support up to 500 records", of 5 MiB once and 10 MiB now; keys count. */
const ROWS_MAX = 500;
const BYTES_MAX = 4 * 1024 * 1024;

export type PutToStream = (
  arn: string,
  records: readonly { readonly Data: Uint8Array; readonly PartitionKey: string }[],
) => Promise<readonly (string | undefined)[]>;

/** `put` answers with why a record was refused, for each, and throws what refuses all. */
export function streamOutput(arn: string, put: PutToStream): OutputPort {
  return {
    rowsMax: ROWS_MAX,
    bytesMax: BYTES_MAX,
    async put(rows) {
      const records = rows.map(({ name, data }) => ({ Data: data, PartitionKey: name }));
      return await put(arn, records).catch((error: Error) => {
        throw new PutError(error.message, { cause: error });
      });
    },
  };
}
