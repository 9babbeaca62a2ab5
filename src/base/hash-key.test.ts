import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  compareHashKeys,
  hashPartitionKey,
  hashPartitionKeys,
  newHashKey,
  parseHashKey,
  type HashKey,
} from './hash-key.ts';

const big = (key: HashKey): bigint => key.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);

test('the hash of a partition key is its MD5, for every length up to four blocks', () => {
  const bytes = new Uint8Array(300).map((_, index) => (index * 131 + 7) & 0xff);
  const key = newHashKey();
  for (let length = 0; length <= 256; length++) {
    const start = length % 13;
    hashPartitionKey(bytes, start, length, key);
    const expected = createHash('md5')
      .update(bytes.subarray(start, start + length))
      .digest('hex');
    assert.equal(big(key).toString(16).padStart(32, '0'), expected);
  }
});

test('many partition keys are hashed as each alone is, present or not', () => {
  const bytes = new Uint8Array(4000).map((_, index) => (index * 37 + (index >> 5)) & 0xff);
  const count = 300;
  const starts = Int32Array.from({ length: count }, (_, index) => (index % 7 === 3 ? -1 : index * 11));
  const ends = starts.map((start, index) => start + ((index * index) % (index % 5 === 0 ? 130 : 56)));
  const keys = new Uint32Array(count * 4).fill(7);
  hashPartitionKeys(bytes, starts, ends, count, keys);
  const alone = newHashKey();
  starts.forEach((start, index) => {
    if (start === -1) alone.fill(7);
    else hashPartitionKey(bytes, start, ends[index]! - start, alone);
    assert.deepEqual(keys.subarray(index * 4, index * 4 + 4), alone);
  });
});

test('a decimal hash key is read exactly', () => {
  const key = newHashKey();
  let seed = 1n;
  for (let round = 0; round < 2000; round++) {
    seed = (seed * 6364136223846793005n + 1442695040888963407n) % (1n << 160n);
    const value = seed % (1n << BigInt(1 + (round % 128)));
    assert.ok(parseHashKey(String(value), key));
    assert.equal(big(key), value);
  }
});

test('a number of 2^128 or more is no hash key', () => {
  const key = newHashKey();
  assert.ok(parseHashKey(String((1n << 128n) - 1n), key));
  assert.deepEqual([...key], [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
  for (const text of [String(1n << 128n), '9'.repeat(39), '1' + '0'.repeat(39), '', '12a', '-1', '1.0']) {
    assert.equal(parseHashKey(text, key), false, text);
  }
});

test('hash keys compare as numbers', () => {
  const [a, b] = [newHashKey(), newHashKey()];
  parseHashKey('4294967295', a);
  parseHashKey('4294967296', b);
  assert.ok(compareHashKeys(a, b) < 0);
  assert.ok(compareHashKeys(b, a) > 0);
  assert.equal(compareHashKeys(a, a), 0);
});
