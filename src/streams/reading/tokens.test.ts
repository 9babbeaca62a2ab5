import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createTokens } from './tokens.ts';

const key = new Uint8Array(32).fill(7);
const start = (seed: number) => createTokens({ key, dice: createSimulatedDice(seed) });

test('a token opens to what was sealed, also after a restart, and each is different', () => {
  const tokens = start(1);
  const [first, second] = [
    tokens.seal('shard-iterator', 'päyload'),
    tokens.seal('shard-iterator', 'päyload'),
  ];
  assert.notEqual(first, second);
  for (const opened of [tokens, start(2)]) {
    assert.equal(opened.open('shard-iterator', first), 'päyload');
    assert.equal(opened.open('shard-iterator', second), 'päyload');
  }
});

test('tokens of many starts open', () => {
  const opener = start(0);
  const sealed = Array.from({ length: 50 }, (_, seed) => start(seed + 1).seal('list-streams', String(seed)));
  for (let round = 0; round < 2; round++) {
    sealed.forEach((token, seed) => assert.equal(opener.open('list-streams', token), String(seed)));
  }
  assert.equal(opener.open('list-streams', opener.seal('list-streams', 'own')), 'own');
});

test('another kind, another installation, any altered bit and foreign text do not open', () => {
  const tokens = start(1);
  const token = tokens.seal('shard-iterator', 'payload');
  assert.equal(tokens.open('list-shards', token), undefined);
  const other = createTokens({ key: new Uint8Array(32).fill(8), dice: createSimulatedDice(1) });
  assert.equal(other.open('shard-iterator', token), undefined);
  const bytes = Buffer.from(token, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = Buffer.from(bytes);
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(tokens.open('shard-iterator', altered.toString('base64')), undefined, `bit ${bit}`);
  }
  for (const text of ['', 'a', 'AAAA', '"' + token + '"', token + '=', token.slice(0, -4), 'é'.repeat(100)]) {
    assert.equal(tokens.open('shard-iterator', text), undefined, text);
  }
});

test('only canonical base64 is a token', () => {
  const tokens = start(1);
  const token = tokens.seal('shard-iterator', 'payload!');
  assert.ok(token.endsWith('=='), token);
  const last = token.at(-3)!;
  const sibling = String.fromCharCode(last.charCodeAt(0) + 1);
  const twin = token.slice(0, -3) + sibling + '==';
  assert.deepEqual(Buffer.from(twin, 'base64'), Buffer.from(token, 'base64'));
  for (const text of [
    twin,
    token.replaceAll('=', ''),
    token.replaceAll('+', '-').replaceAll('/', '_') + ' ',
  ]) {
    assert.equal(tokens.open('shard-iterator', text), undefined);
  }
});
