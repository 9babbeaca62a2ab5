import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { compareHashKeys, hashPartitionKey, newHashKey, parseHashKey, type HashKey } from './hash-key.ts';

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
