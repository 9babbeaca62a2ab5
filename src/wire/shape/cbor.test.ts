import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Token, Type, decode as cborgDecode, encode as cborgEncode } from 'cborg';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { compileCborDecoder } from './cbor-decoder.ts';
import { compileCborEncoder } from './cbor-encoder.ts';
import { ServiceError } from './service-error.ts';
import {
  blob,
  boolean,
  double,
  integer,
  list,
  long,
  map,
  optional,
  string,
  structure,
  timestamp,
} from './shape.ts';
import { decodeTree } from './testing/plain-decoder.ts';
import { disturb, mutate, plainOf, randomStructure, randomValue } from './testing/random-shapes.ts';

/** Timestamps are whole milliseconds under tag 1. */
class Tagged {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

const AS_CBOR = {
  blob: (value: Uint8Array) => new Uint8Array(value),
  timestamp: (ms: number) => new Tagged(ms),
};
const ENCODING = {
  typeEncoders: {
    Object: (value: unknown) =>
      value instanceof Tagged ? [new Token(Type.tag, 1), new Token(Type.uint, value.ms)] : null,
  },
};
const DECODING = { tags: { 1: (decode: () => unknown) => decode() } };

function errorOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.code, 'SerializationException');
    return error.message;
  }
  return undefined;
}

test('what is encoded decodes to the same, here and by another library', () => {
  const dice = createSimulatedDice(4);
  for (let round = 0; round < 500; round += 1) {
    const shape = randomStructure(dice, 3);
    const value = randomValue(dice, shape);
    const encoded = compileCborEncoder(shape)(value);
    const decode = compileCborDecoder(shape);
    assert.deepEqual(decode(encoded), value);
    assert.deepEqual(decodeTree(shape, cborgDecode(encoded, DECODING), 1), value);
    assert.deepEqual(decode(cborgEncode(plainOf(shape, value, AS_CBOR), ENCODING)), value);
  }
});

test('the scanner and another library agree on whatever both can read', () => {
  const dice = createSimulatedDice(5);
  let compared = 0;
  let refused = 0;
  for (let round = 0; round < 1000; round += 1) {
    const shape = randomStructure(dice, 3);
    const plain = disturb(dice, plainOf(shape, randomValue(dice, shape), AS_CBOR));
    const decode = compileCborDecoder(shape);
    const body = cborgEncode(plain, ENCODING);
    for (const bytes of [body, mutate(dice, body), mutate(dice, body)]) {
      const error = errorOf(() => decode(bytes));
      if (error !== undefined) refused += 1;
      let tree: unknown;
      try {
        tree = cborgDecode(bytes, { ...DECODING, rejectDuplicateMapKeys: true });
      } catch {
        continue;
      }
      // The library takes broken UTF-8.
      if (error === '') continue;
      const expected = errorOf(() => decodeTree(shape, tree, 1));
      assert.equal(error, expected, Buffer.from(bytes).toString('hex'));
      if (error === undefined) assert.deepEqual(decode(bytes), decodeTree(shape, tree, 1));
      compared += 1;
    }
  }
  assert.ok(compared > 1000 && refused > 300, `${compared} compared, ${refused} refused`);
});

const Sample = structure('Sample', {
  Name: optional(string()),
  Data: optional(blob()),
  Count: optional(integer()),
  Size: optional(long()),
  Ratio: optional(double()),
  Flag: optional(boolean()),
  Time: optional(timestamp()),
  Names: optional(list(string())),
  Tags: optional(map(string(), string())),
});
const decode = compileCborDecoder(Sample);
const decodeHex = (...parts: string[]): unknown =>
  decode(Buffer.from(parts.join('').replaceAll(' ', ''), 'hex'));
/** A one-letter-per-byte key with its head. */
const key = (name: string): string => Buffer.from([0x60 + name.length, ...Buffer.from(name)]).toString('hex');

test('every form of a number', () => {
  const ratios: [string, number][] = [
    ['f93c00', 1],
    ['f97bff', 65504],
    ['f90001', 5.960464477539063e-8],
    ['f9fc00', -Infinity],
    ['fa47c35000', 100000],
    ['fb3ff199999999999a', 1.1],
    ['1bffffffffffffffff', 2 ** 64],
    ['3903e7', -1000],
    ['c249010000000000000000', 2 ** 64],
    ['c349010000000000000000', -1 - 2 ** 64],
    ['c25f41014100ff', 256],
  ];
  for (const [hex, value] of ratios)
    assert.deepEqual(decodeHex('a1', key('Ratio'), hex), { Ratio: value }, hex);
  assert.ok(Number.isNaN((decodeHex('a1', key('Ratio'), 'f97e00') as { Ratio: number }).Ratio));
  assert.deepEqual(decodeHex('a1', key('Count'), 'fb3ffe666666666666'), { Count: 1 });
  assert.deepEqual(decodeHex('a1', key('Count'), '1bffffffffffffffff'), { Count: 2 ** 31 - 1 });
});

test('timestamps: integers are milliseconds as the Java SDK sends them, floats are seconds', () => {
  assert.deepEqual(decodeHex('a1', key('Time'), 'c1 1b 000001a013accc38'), { Time: 1787036486712 });
  assert.deepEqual(decodeHex('a1', key('Time'), '1b 000001a013accc38'), { Time: 1787036486712 });
  assert.deepEqual(decodeHex('a1', key('Time'), 'c1 fb 41d9deb500000000'), { Time: 1736102912000 });
  const encoded = Buffer.from(compileCborEncoder(Sample)({ Time: 1787036486712 })).toString('hex');
  assert.equal(encoded, `bf${key('Time')}c11b000001a013accc38ff`);
});

test('indefinite lengths, chunks, tags and nulls', () => {
  assert.deepEqual(
    decodeHex('d9d9f7 bf', key('Names'), '9f 6161 7f 6162 6163 ff ff', key('Data'), '5f 4101 420203 ff ff'),
    { Names: ['a', 'bc'], Data: Buffer.from([1, 2, 3]) },
  );
  assert.deepEqual(decodeHex('a2', key('Name'), 'f6', key('Flag'), 'f7'), {});
  assert.deepEqual(decodeHex('a2', key('Name'), '6161', key('Name'), 'f6'), {});
  assert.deepEqual(decodeHex('a1 7f 624e61 626d65 ff 6161'), { Name: 'a' });
  assert.deepEqual(decodeHex('a1', key('Data'), '68 59574a6a59574a6a'), { Data: Buffer.from('abcabc') });
});

test('wrong types have AWS words; what is not CBOR has none', () => {
  assert.equal(
    errorOf(() => decodeHex('a1', key('Name'), 'f5')),
    'class java.lang.Boolean can not be converted to an String',
  );
  assert.equal(
    errorOf(() => decodeHex('a1', key('Name'), '4161')),
    'class java.nio.HeapByteBuffer can not be converted to an String',
  );
  assert.equal(
    errorOf(() => decodeHex('a1', key('Names'), '01')),
    'Expected list or null',
  );
  assert.equal(
    errorOf(() => decodeHex('a1', key('Tags'), '80')),
    'Start of list found where not expected',
  );
  assert.equal(
    errorOf(() => decodeHex('80')),
    'Start of list found where not expected',
  );
  const broken = [
    '',
    '01',
    'f6',
    'a1',
    'bf',
    'a101 01',
    'a0 00',
    'bf6161',
    'a1617ff8',
    'a1 6161 ff',
    'a1 6161 1c',
    'df',
  ];
  broken.push(
    'a1 6161 1f',
    'a1 6161 7f4161ff',
    'a1 6161 5f5fff',
    'a1 61ff 01',
    'bbffffffffffffffff',
    `a1 6161 ${'81'.repeat(90)}00`,
  );
  for (const hex of broken)
    assert.equal(
      errorOf(() => decodeHex(hex)),
      '',
      hex,
    );
});
