import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecordHead, RECORD_HEADER_BYTES, writeRecordHeader } from './record-codec.ts';

function writeHead(target: Buffer, at: number, partitionKey: string | undefined, kms: boolean): number {
  const key = partitionKey === undefined ? undefined : Buffer.from(partitionKey);
  writeRecordHeader(target, at, key?.length, kms);
  if (key !== undefined) target.set(key, at + RECORD_HEADER_BYTES);
  return at + RECORD_HEADER_BYTES + (key?.length ?? 0);
}

function roundTrip(partitionKey: string | undefined, data: Uint8Array, kms: boolean) {
  const keyBytes = Buffer.byteLength(partitionKey ?? '');
  const target = Buffer.alloc(2 + RECORD_HEADER_BYTES + keyBytes + data.length + 2, 0xee);
  target.set(data, writeHead(target, 2, partitionKey, kms));
  assert.deepEqual([...target.subarray(0, 2), ...target.subarray(-2)], [0xee, 0xee, 0xee, 0xee]);
  const { keyBytes: readKeyBytes, hasKey, kms: readKms } = readRecordHead(target, 2);
  const dataAt = 2 + RECORD_HEADER_BYTES + readKeyBytes;
  return {
    partitionKey: hasKey ? target.toString('utf8', 2 + RECORD_HEADER_BYTES, dataAt) : undefined,
    data: target.subarray(dataAt, -2),
    kms: readKms,
  };
}

const KEYS = [
  'k',
  'a'.repeat(256),
  'ключ',
  '€'.repeat(256),
  '😀'.repeat(128),
  'x'.repeat(30) + 'é',
  '\u0000',
];

test('a record comes back as it went in', () => {
  for (const key of [...KEYS, undefined]) {
    for (const data of [new Uint8Array(0), Uint8Array.of(0, 255, 7), new Uint8Array(3000).fill(9)]) {
      for (const kms of [true, false]) {
        const decoded = roundTrip(key, data, kms);
        assert.equal(decoded.partitionKey, key);
        assert.deepEqual([...decoded.data], [...data]);
        assert.equal(decoded.kms, kms);
      }
    }
  }
});

test('version 1 stays what it is', () => {
  const target = Buffer.alloc(7);
  writeHead(target, 0, 'ab', true);
  assert.equal(target.toString('hex'), '11000261620000');
  const without = Buffer.alloc(4);
  writeHead(without, 0, undefined, false);
  assert.equal(without.toString('hex'), '21000000');
});

test('a record of an unknown version is our bug', () => {
  assert.throws(() => readRecordHead(Uint8Array.of(2, 0, 0), 0), /known version/);
});
