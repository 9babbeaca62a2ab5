import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { createHmacOf } from './hmac.ts';

test('it is what Node calls HMAC-SHA-256, whatever the lengths, one text after another', () => {
  for (let round = 0; round < 200; round++) {
    const key = randomBytes(randomInt(65));
    const hmac = createHmacOf(key);
    for (let each = 0; each < 5; each++) {
      const text = randomBytes(randomInt(700)).toString('latin1');
      assert.equal(hmac(text), createHmac('sha256', key).update(text, 'latin1').digest('hex'));
    }
  }
});
