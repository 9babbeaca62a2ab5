/** Aggregates of the Kinesis Producer Library, made byte by byte for tests. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const MAGIC = Buffer.from('f3899ac2', 'hex');

/** Bytes of protobuf, written out: what a producer sends. */
export function delimited(field: number, content: Uint8Array): Buffer {
  assert.ok(content.length < 2 ** 14);
  const length =
    content.length < 128 ? [content.length] : [(content.length & 0x7f) | 0x80, content.length >> 7];
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), content]);
}

export function sealed(message: Buffer): Buffer {
  return Buffer.concat([MAGIC, message, createHash('md5').update(message).digest()]);
}

/** As a producer sends them, all of one partition key. */
export function aggregateOf(texts: readonly string[]): Buffer {
  const records = texts.map((text) =>
    delimited(3, Buffer.concat([Buffer.from([8, 0]), delimited(3, Buffer.from(text))])),
  );
  return sealed(Buffer.concat([delimited(1, Buffer.from('key')), ...records]));
}
