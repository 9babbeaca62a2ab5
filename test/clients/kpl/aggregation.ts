/**
 * The KPL's aggregation format, read from its published description: a magic number, a protobuf message, and the message's MD5.
 *
 *     AggregatedRecord { repeated string partition_key_table = 1; repeated string explicit_hash_key_table = 2; repeated Record records = 3 }
 *     Record { uint64 partition_key_index = 1; optional uint64 explicit_hash_key_index = 2; bytes data = 3; repeated Tag tags = 4 }
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

export type UserRecord = {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly data: Buffer;
};

const MAGIC = Buffer.from('f3899ac2', 'hex');
const MD5_BYTES = 16;

/** The user records in a Kinesis record's data; undefined when the data is not aggregated. */
export function readAggregated(bytes: Uint8Array): readonly UserRecord[] | undefined {
  const whole = Buffer.from(bytes);
  if (!whole.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const message = whole.subarray(MAGIC.length, -MD5_BYTES);
  const digest = createHash('md5').update(message).digest();
  assert.deepEqual(whole.subarray(-MD5_BYTES), digest, 'the MD5 of an aggregated record is wrong');
  const fields = readFields(message);
  const texts = (field: number) => fields.filter(([tag]) => tag === field).map(([, value]) => String(value));
  const keys = texts(1);
  const hashKeys = texts(2);
  return fields
    .filter(([tag]) => tag === 3)
    .map(([, record]) => {
      const members = new Map(readFields(record as Buffer));
      const hashKeyIndex = members.get(2);
      return {
        partitionKey: keys[Number(members.get(1))]!,
        explicitHashKey: hashKeyIndex === undefined ? undefined : hashKeys[Number(hashKeyIndex)]!,
        data: members.get(3) as Buffer,
      };
    });
}

/** Protobuf's two wire types that this format uses: varint (0) and bytes (2). */
function readFields(message: Buffer): readonly (readonly [number, number | Buffer])[] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wireType = key & 7;
    assert.ok(wireType === 0 || wireType === 2, `wire type ${wireType}`);
    const value = varint();
    if (wireType === 0) {
      fields.push([key >> 3, value]);
    } else {
      fields.push([key >> 3, message.subarray(at, at + value)]);
      at += value;
    }
  }
  return fields;
}
