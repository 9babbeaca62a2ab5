/**
 * Records from files or a pipe: one a line, or JSON objects one a line as `stream tail --json` prints them. Reads no
 * further than the sender has taken; a line longer than any record is refused instead of collected.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { UsageError } from '../../base/flags.ts';

export type OutgoingRecord = {
  readonly data: Uint8Array;
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  /** Bytes of the input up to the end of this record: for the progress bar. */
  readonly inputBytes: number;
};

/** The most that UpdateMaxRecordSize allows. */
const RECORD_BYTES_MAX = 10 * 1024 * 1024;
/** JSON of a record: base64 and escapes make it longer than its data. */
const LINE_BYTES_MAX = 6 * RECORD_BYTES_MAX;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Yields what each piece of the input completes, so that a slow pipe is not waited for. */
export async function* recordsIn(
  source: Readable,
  format: 'lines' | 'json',
  partitionKey: string | undefined,
): AsyncGenerator<readonly OutgoingRecord[]> {
  const prefix = randomUUID();
  let inputBytes = 0;
  let number = 0;
  for await (const lines of linesOf(source)) {
    const records: OutgoingRecord[] = [];
    for (const line of lines) {
      number++;
      inputBytes += line.length + 1;
      const content = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
      if (content.length === 0) continue;
      // Keys that differ spread the records over all shards.
      const key = partitionKey ?? `${prefix}-${number}`;
      if (format === 'json') records.push({ ...parseJsonRecord(content, number, key), inputBytes });
      else records.push({ data: content, partitionKey: key, inputBytes });
    }
    if (records.length > 0) yield records;
  }
}

async function* linesOf(source: Readable): AsyncGenerator<readonly Uint8Array[]> {
  let pieces: Buffer[] = [];
  let pending = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let newline = chunk.indexOf(NEWLINE); newline !== -1; newline = chunk.indexOf(NEWLINE, from)) {
      const end = chunk.subarray(from, newline);
      lines.push(pieces.length === 0 ? end : Buffer.concat([...pieces, end]));
      pieces = [];
      pending = 0;
      from = newline + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
    pending += chunk.length - from;
    if (pending > LINE_BYTES_MAX)
      throw new UsageError('The input has a line that is longer than any record can be.');
    yield lines;
  }
  if (pieces.length > 0) yield [Buffer.concat(pieces)];
}

type JsonRecord = {
  readonly data?: unknown;
  readonly dataBase64?: unknown;
  readonly partitionKey?: unknown;
  readonly explicitHashKey?: unknown;
};

function parseJsonRecord(
  line: Uint8Array,
  number: number,
  otherwiseKey: string,
): Omit<OutgoingRecord, 'inputBytes'> {
  let value: JsonRecord;
  try {
    value = JSON.parse(Buffer.from(line).toString('utf8')) as JsonRecord;
  } catch (error) {
    throw new UsageError(`Line ${number} is not JSON: ${(error as Error).message}`);
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    (value.data === undefined) === (value.dataBase64 === undefined)
  ) {
    throw new UsageError(`Line ${number} must be an object with "data", or with "dataBase64".`);
  }
  const { data, dataBase64, partitionKey = otherwiseKey, explicitHashKey } = value;
  if (typeof partitionKey !== 'string')
    throw new UsageError(`Line ${number}: "partitionKey" must be a string.`);
  if (explicitHashKey !== undefined && typeof explicitHashKey !== 'string') {
    throw new UsageError(`Line ${number}: "explicitHashKey" must be a string.`);
  }
  if (dataBase64 !== undefined && !isBase64(dataBase64)) {
    throw new UsageError(`Line ${number}: "dataBase64" must be a string in base64.`);
  }
  return {
    data:
      dataBase64 === undefined
        ? Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))
        : Buffer.from(dataBase64, 'base64'),
    partitionKey,
    ...(explicitHashKey === undefined ? {} : { explicitHashKey }),
  };
}

/** Node leaves out what is not base64; a record that lost bytes so would be worse than one refused. */
function isBase64(value: unknown): value is string {
  return typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}
