/**
 * Aggregates of the Kinesis Producer Library: many user records in one record of a stream.
 *
 *     F3 89 9A C2 · AggregatedRecord, in protobuf · MD5 of that message (16 bytes)
 *
 *     AggregatedRecord   1: partition keys (string, repeated)  2: explicit hash keys (string, repeated)  3: records (repeated)
 *     Record             1: index of its partition key  2: index of its explicit hash key, optional  3: data  4: tags
 *
 * What only looks like an aggregate is a plain record, as for Amazon's own consumers. Source: "KPL Aggregated Record Format",
 * aggregation-format.md of the producer library.
 */
import { createHash } from 'node:crypto';

export type UserRecord = {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  /** A view of the aggregate's bytes. */
  readonly data: Uint8Array;
};

const MAGIC = 0xf389_9ac2;
const MAGIC_BYTES = 4;
const DIGEST_BYTES = 16;
/** A record of ten MiB could name far more empty ones; producers stay far below. */
const USER_RECORDS_MAX = 262_144;

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/** Undefined when it is no aggregate, or a broken one. */
export function openAggregate(data: Uint8Array): readonly UserRecord[] | undefined {
  if (data.length < MAGIC_BYTES + DIGEST_BYTES) return undefined;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.readUInt32BE(0) !== MAGIC) return undefined;
  const end = bytes.length - DIGEST_BYTES;
  const message = bytes.subarray(MAGIC_BYTES, end);
  if (!createHash('md5').update(message).digest().equals(bytes.subarray(end))) return undefined;
  try {
    return readAggregate(message);
  } catch (error) {
    if (error instanceof BrokenAggregate) return undefined;
    throw error;
  }
}

class BrokenAggregate extends Error {
  override readonly name = 'BrokenAggregate';
}

type Field = { readonly number: number; readonly value: number; readonly bytes: Buffer | undefined };

function readAggregate(message: Buffer): readonly UserRecord[] {
  const partitionKeys: string[] = [];
  const hashKeys: string[] = [];
  const records: Buffer[] = [];
  for (const { number, bytes } of fieldsOf(message)) {
    if (number < 1 || number > 3) continue;
    if (bytes === undefined) throw new BrokenAggregate();
    if (number === 1) partitionKeys.push(bytes.toString());
    else if (number === 2) hashKeys.push(bytes.toString());
    else records.push(bytes);
    if (records.length > USER_RECORDS_MAX) throw new BrokenAggregate();
  }
  // The tables may stand behind the records that name them.
  return records.map((record) => readRecord(record, partitionKeys, hashKeys));
}

function readRecord(
  record: Buffer,
  partitionKeys: readonly string[],
  hashKeys: readonly string[],
): UserRecord {
  let partitionKey: string | undefined;
  let explicitHashKey: string | undefined;
  let data: Buffer | undefined;
  for (const { number, value, bytes } of fieldsOf(record)) {
    if (number === 1) partitionKey = entryOf(partitionKeys, value, bytes);
    else if (number === 2) explicitHashKey = entryOf(hashKeys, value, bytes);
    else if (number === 3) {
      if (bytes === undefined) throw new BrokenAggregate();
      data = bytes;
    }
  }
  if (partitionKey === undefined || data === undefined) throw new BrokenAggregate();
  return { partitionKey, explicitHashKey, data };
}

function entryOf(table: readonly string[], index: number, bytes: Buffer | undefined): string {
  const entry = bytes === undefined ? table[index] : undefined;
  if (entry === undefined) throw new BrokenAggregate();
  return entry;
}

/** `bytes` of delimited fields, `value` of varints; fixed ones are passed over, as unknown fields are. */
function* fieldsOf(message: Buffer): Iterable<Field> {
  let at = 0;

  function varint(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = message[at++];
      if (byte === undefined || weight > 2 ** 63) throw new BrokenAggregate();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  }

  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        yield { number, value: varint(), bytes: undefined };
        break;
      case DELIMITED: {
        const length = varint();
        if (length > message.length - at) throw new BrokenAggregate();
        yield { number, value: 0, bytes: message.subarray(at, at + length) };
        at += length;
        break;
      }
      case FIXED_64:
        at += 8;
        break;
      case FIXED_32:
        at += 4;
        break;
      default:
        throw new BrokenAggregate();
    }
    if (at > message.length) throw new BrokenAggregate();
  }
}
