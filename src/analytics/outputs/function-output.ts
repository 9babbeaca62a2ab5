/**
 * Rows to a function, which answers for each whether it took it. Source: "Using a Lambda Function as Output", SQL developer guide: the event's and the
 * answer's members are AWS's. What is missing in an answer, or is not Ok, was not taken.
 */
import type { Dice } from '../../host/host.ts';
import { FunctionFailure, type Functions } from '../../functions/functions.ts';
import { guid } from '../inputs/guid.ts';
import { PutError, type OutputPort, type PutResult } from './output-port.ts';

/** Lambda's payload is 6 MB at most, and base64 takes four bytes for three. */
const BYTES_MAX = 4 * 1024 * 1024;
const ROWS_MAX = 500;

export function functionOutput(
  arn: string,
  applicationArn: string,
  { functions, dice }: { readonly functions: Functions; readonly dice: Dice },
): OutputPort {
  return {
    rowsMax: ROWS_MAX,
    bytesMax: BYTES_MAX,
    async put(rows, attempts, signal) {
      const invocationId = guid(dice);
      const records = rows.map(({ data }, index) => ({
        recordId: `${invocationId}-${index}`,
        lambdaDeliveryRecordMetadata: { retryHint: attempts },
        data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'),
      }));
      const event = JSON.stringify({ invocationId, applicationArn, records });
      const answer = await functions.invoke(arn, Buffer.from(event), signal).catch((error: unknown) => {
        if (!(error instanceof FunctionFailure)) throw error;
        throw new PutError(`${error.code}: ${error.message}`, { cause: error });
      });
      if (answer.kind !== 'ok') throw new PutError('The function returned an error.');
      const taken = resultsOf(answer.payload);
      return records.map(({ recordId }): PutResult => {
        const result = taken.get(recordId);
        if (result === 'Ok') return undefined;
        return result === undefined
          ? 'The function did not answer for the record.'
          : `The function answered ${result}.`;
      });
    },
  };
}

/** By record id. */
function resultsOf(payload: Uint8Array): ReadonlyMap<string, string> {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(payload).toString());
  } catch {
    throw new PutError('The answer of the function is no JSON.');
  }
  const records = (answer as { records?: unknown } | null)?.records;
  if (!Array.isArray(records)) throw new PutError('The answer of the function has no records.');
  return new Map(
    (records as readonly unknown[]).flatMap((record) => {
      const { recordId, result } = (record ?? {}) as { recordId?: unknown; result?: unknown };
      return typeof recordId === 'string' ? [[recordId, String(result)] as const] : [];
    }),
  );
}
