/** Records to put: random data, which no layer can compress, under random keys, which spread over the shards. */
import { randomBytes } from 'node:crypto';
import { signedRequest, type Format } from '../load/signed-request.ts';
import type { Answer } from '../load/connection.ts';

/** Different requests of one kind: enough that no cache of the processor holds them all. */
const VARIANTS_BYTES = 16 * 1024 * 1024;

export type PutShape = {
  /** 1: PutRecord. */
  readonly records: number;
  readonly bytes: number;
  readonly format: Format;
};

export function putRequests(port: number, stream: string, shape: PutShape): Buffer[] {
  const { records, bytes, format } = shape;
  const variants = Math.min(64, Math.max(4, Math.floor(VARIANTS_BYTES / (records * bytes))));
  const record = () => ({ Data: randomBytes(bytes), PartitionKey: randomBytes(8).toString('hex') });
  return Array.from({ length: variants }, () =>
    records === 1
      ? signedRequest(port, 'PutRecord', { StreamName: stream, ...record() }, format)
      : signedRequest(
          port,
          'PutRecords',
          { StreamName: stream, Records: Array.from({ length: records }, record) },
          format,
        ),
  );
}

const SOME_FAILED = /"FailedRecordCount":0[,}]/;
const CBOR_NONE_FAILED = Buffer.concat([Buffer.from('FailedRecordCount'), Buffer.of(0)]);

/** Checks that everything that was put was taken. */
export function checkPut({ records, format }: PutShape): (answer: Answer) => string | undefined {
  return ({ body, bytes }) => {
    const taken =
      records === 1
        ? body.includes('SequenceNumber')
        : format === 'cbor'
          ? body.includes(CBOR_NONE_FAILED)
          : SOME_FAILED.test(body.toString('latin1', 0, 200)) && bytes > records * 90;
    return taken ? undefined : body.toString('latin1', 0, 200);
  };
}
