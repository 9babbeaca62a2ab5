import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { openAggregate } from './kpl.ts';
import { delimited, sealed } from './kpl.testing.ts';

const TWO_RECORDS = [
  delimited(1, Buffer.from('key')),
  delimited(1, Buffer.from('ключ')),
  delimited(2, Buffer.from('170141183460469231731687303715884105728')),
  delimited(3, Buffer.concat([Buffer.from([8, 0]), delimited(3, Buffer.from('one'))])),
  delimited(
    3,
    Buffer.concat([
      Buffer.from([8, 1, 16, 0]),
      delimited(3, Buffer.alloc(300, 'x')),
      delimited(4, delimited(1, Buffer.from('tag'))),
    ]),
  ),
];
const EXPECTED = [
  ['key', undefined, 'one'],
  ['ключ', '170141183460469231731687303715884105728', 'x'.repeat(300)],
];

function shown(data: Uint8Array) {
  return openAggregate(data)?.map((record) => [
    record.partitionKey,
    record.explicitHashKey,
    Buffer.from(record.data).toString(),
  ]);
}

test('an aggregate gives its records, their keys by the tables, wherever these stand', () => {
  assert.deepEqual(shown(sealed(Buffer.concat(TWO_RECORDS))), EXPECTED);
  assert.deepEqual(shown(sealed(Buffer.concat(TWO_RECORDS.toReversed()))), [
    ['key', EXPECTED[1]![1], EXPECTED[1]![2]],
    ['ключ', undefined, 'one'],
  ]);
  const unknown = Buffer.concat([...TWO_RECORDS, Buffer.from([0x29, 1, 2, 3, 4, 5, 6, 7, 8, 0x30, 0x96, 1])]);
  assert.deepEqual(shown(sealed(unknown)), EXPECTED);
  assert.deepEqual(shown(sealed(Buffer.alloc(0))), []);
});

test('what is broken is a plain record', () => {
  const whole = sealed(Buffer.concat(TWO_RECORDS));
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1;
    assert.equal(openAggregate(damaged), undefined, `byte ${at}`);
    assert.equal(openAggregate(whole.subarray(0, at)), undefined);
  }
  const wrong = [
    delimited(3, Buffer.from([8, 0])),
    delimited(3, Buffer.concat([Buffer.from([8, 7]), delimited(3, Buffer.from('x'))])),
    delimited(3, delimited(3, Buffer.from('x'))),
    Buffer.from([0x1a, 0x7f]),
    Buffer.from([0x18, 5]),
    Buffer.from([0x0f]),
    Buffer.alloc(20, 0xff),
  ];
  for (const part of wrong) {
    assert.equal(
      openAggregate(sealed(Buffer.concat([...TWO_RECORDS, part]))),
      undefined,
      part.toString('hex'),
    );
  }
});

test('nothing sealed around random bytes throws', () => {
  const dice = createSimulatedDice(7);
  const message = Buffer.concat(TWO_RECORDS);
  for (let round = 0; round < 5000; round++) {
    const changed = Buffer.from(message.subarray(0, 1 + dice.integer(message.length)));
    for (let count = 1 + dice.integer(3); count > 0; count--) {
      changed[dice.integer(changed.length)] = dice.integer(256);
    }
    openAggregate(sealed(changed));
  }
});
