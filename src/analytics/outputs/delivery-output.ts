/** Rows into a delivery stream, a record each. */
import { PutError, type OutputPort } from './output-port.ts';

/** "Each PutRecordBatch request supports up to 500 records", and 4 MiB. */
const ROWS_MAX = 500;
const BYTES_MAX = 4 * 1024 * 1024;

export type PutToDeliveryStream = (
  arn: string,
  records: readonly { readonly Data: Uint8Array }[],
) => Promise<readonly (string | undefined)[]>;

export function deliveryOutput(arn: string, put: PutToDeliveryStream): OutputPort {
  return {
    rowsMax: ROWS_MAX,
    bytesMax: BYTES_MAX,
    put: (rows) =>
      put(
        arn,
        rows.map(({ data }) => ({ Data: data })),
      ).catch((error: Error) => {
        throw new PutError(error.message, { cause: error });
      }),
  };
}
