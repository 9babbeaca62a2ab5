import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { compileJsonDecoder } from './json-decoder.ts';
import { compileJsonEncoder, epochSeconds } from './json-encoder.ts';
import { ServiceError } from './service-error.ts';
import {
  type StructureShape,
  blob,
  boolean,
  integer,
  list,
  map,
  optional,
  string,
  structure,
  timestamp,
} from './shape.ts';
import { decodeJsonNaively } from './testing/plain-decoder.ts';
import { disturb, mutate, plainOf, randomStructure, randomValue } from './testing/random-shapes.ts';

const AS_JSON = {
  blob: (value: Uint8Array) => Buffer.from(value).toString('base64'),
  timestamp: (ms: number) => ms / 1000,
};

type Outcome = { value: unknown } | { error: string };

function outcomeOf(decode: () => unknown): Outcome {
  try {
    return { value: decode() };
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.code, 'SerializationException');
    return { error: error.message };
  }
}

test('the scanner and JSON.parse agree on values, on wrong types and on broken bytes', () => {
  const dice = createSimulatedDice(1);
  const seen = { values: 0, mistyped: 0, malformed: 0 };
  for (let round = 0; round < 1000; round += 1) {
    const shape = randomStructure(dice, 3);
    const plain = disturb(dice, plainOf(shape, randomValue(dice, shape), AS_JSON));
    const body = Buffer.from(JSON.stringify(plain, undefined, dice.integer(3)));
    const decode = compileJsonDecoder(shape);
    for (const bytes of [body, mutate(dice, body), mutate(dice, body), mutate(dice, body)]) {
      const expected = outcomeOf(() => decodeJsonNaively(shape, bytes));
      assert.deepEqual(
        outcomeOf(() => decode(bytes)),
        expected,
        `round ${round}: ${bytes.toString('latin1')}`,
      );
      seen[!('error' in expected) ? 'values' : expected.error === '' ? 'malformed' : 'mistyped'] += 1;
    }
  }
  for (const [kind, count] of Object.entries(seen)) assert.ok(count > 100, `${kind}: ${count}`);
});

test('what is encoded is what JSON.stringify writes, and decodes to the same', () => {
  const dice = createSimulatedDice(2);
  for (let round = 0; round < 500; round += 1) {
    const shape = randomStructure(dice, 3);
    const value = randomValue(dice, shape);
    const encoded = Buffer.from(compileJsonEncoder(shape)(value));
    const raw = { ...AS_JSON, timestamp: (ms: number) => rawJson(epochSeconds(ms)) };
    assert.equal(encoded.toString(), JSON.stringify(plainOf(shape, value, raw)));
    assert.deepEqual(compileJsonDecoder(shape)(encoded), value);
  }
});

function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

const Sample = structure('Sample', {
  Name: optional(string()),
  Data: optional(blob()),
  Count: optional(integer()),
  Flag: optional(boolean()),
  Time: optional(timestamp()),
  Names: optional(list(string())),
  Tags: optional(map(string(), string())),
  Inner: optional(structure('Inner', { Name: optional(string()) })),
});

const decode = compileJsonDecoder(Sample);
const decodeText = (text: string, shape: StructureShape = Sample): unknown =>
  compileJsonDecoder(shape)(Buffer.from(text));

test('AWS words for values of wrong types', () => {
  const cases: [string, string][] = [
    ['{"Name":true}', 'class java.lang.Boolean can not be converted to an String'],
    [
      '{"Name":1}',
      'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String',
    ],
    ['{"Name":[]}', 'Start of list found where not expected'],
    ['{"Name":{}}', 'Start of structure or map found where not expected.'],
    ['{"Count":"1"}', 'class java.lang.String can not be converted to an Integer'],
    [
      '{"Flag":1}',
      'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an Boolean',
    ],
    ['{"Flag":"hello"}', "'HELLO' can not be converted to an Boolean"],
    ['{"Time":"x"}', 'class java.lang.String can not be converted to milliseconds since epoch'],
    ['{"Names":1}', 'Expected list or null'],
    ['{"Names":{}}', 'Start of structure or map found where not expected.'],
    ['{"Tags":"x"}', 'Expected map or null'],
    ['{"Tags":[]}', 'Start of list found where not expected'],
    ['{"Inner":1}', 'Expected null'],
    ['{"Inner":[]}', 'Start of list found where not expected'],
    [
      '{"Data":1}',
      'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to a Blob',
    ],
    [
      '{"Data":"YQ="}',
      "'YQ=' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
    ],
    ['{"Data":"=YQ="}', "'=YQ=' can not be converted to a Blob: Invalid Base64 character: '='"],
    ['{"Data":"Y-Q="}', "'Y-Q=' can not be converted to a Blob: Invalid Base64 character: '-'"],
    [
      '{"Data":"YR=="}',
      "'YR==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
    ],
    ['[]', 'Start of list found where not expected'],
  ];
  for (const [text, message] of cases) {
    assert.deepEqual(
      outcomeOf(() => decodeText(text)),
      { error: message },
      text,
    );
  }
});

test('bodies that are not JSON objects are refused without a message', () => {
  const bodies = [
    '',
    ' ',
    '{',
    '{}x',
    '{} {}',
    'null',
    '1',
    '"x"',
    '{"Name":"\u0001"}',
    '{"Name":"\\x"}',
    '{"a":01}',
    "{'a':1}",
  ];
  bodies.push(
    '{"a":1,}',
    '[1,]',
    '{"a"}',
    '{"a":nul}',
    '{"a":"\\u12g4"}',
    '\ufeff{}',
    '{"a":1.}',
    '{"a":-}',
    '{"a":1e}',
  );
  bodies.push('{"Data":"YQ==', '{"Name":"x', '{"a":\u00a01}', '{\0}');
  for (const body of bodies) {
    assert.deepEqual(
      outcomeOf(() => decodeText(body)),
      { error: '' },
      body,
    );
  }
  assert.deepEqual(
    outcomeOf(() => decode(Buffer.from('{"Name":"\xff"}', 'latin1'))),
    { error: '' },
  );
});

test('nulls are absent, the last of repeated keys counts, unknown members are read over', () => {
  assert.deepEqual(decodeText('{"Name":null,"x":{"Name":"in"},"Count":1.9,"Flag":"yes"}'), {
    Count: 1,
    Flag: true,
  });
  assert.deepEqual(decodeText('{"Name":"a","Name":"b","Tags":{"k":"1","k":"2"}}'), {
    Name: 'b',
    Tags: new Map([['k', '2']]),
  });
  assert.deepEqual(decodeText('{"Name":"a","Name":null}'), {});
  assert.deepEqual(decodeText('{"N\\u0061me":"\\ud83d\\ude00\\/"}'), { Name: '😀/' });
  assert.deepEqual(decodeText('{"__proto__":{"Name":"x"},"constructor":1}'), {});
  assert.deepEqual(decodeText('{"Names":["a",null]}'), { Names: ['a', null] });
});

test('numbers are truncated and kept within the Java type', () => {
  assert.deepEqual(decodeText('{"Count":1e300}'), { Count: 2 ** 31 - 1 });
  assert.deepEqual(decodeText('{"Count":-1e300}'), { Count: -(2 ** 31) });
  assert.deepEqual(decodeText('{"Count":-0.5}'), { Count: 0 });
  assert.deepEqual(decodeText('{"Time":1.441215410867E9}'), { Time: 1441215410867 });
  assert.deepEqual(decodeText('{"Time":1e400}'), { Time: 8.64e15 });
});

test('escaped base64 is taken, and long base64 is as strict as short', () => {
  const slashes = '//'.repeat(2);
  assert.deepEqual(decodeText(`{"Data":"${slashes.replaceAll('/', '\\/')}"}`), {
    Data: Buffer.from(slashes, 'base64'),
  });
  const long = Buffer.alloc(1000, 7).toString('base64');
  assert.deepEqual(decodeText(`{"Data":"${long}"}`), { Data: Buffer.alloc(1000, 7) });
  for (const wrong of ['-', '_', ' ', '=', 'é', '"', '.']) {
    const text = JSON.stringify(long.slice(0, 500) + wrong + long.slice(501));
    assert.ok('error' in outcomeOf(() => decodeText(`{"Data":${text}}`)), wrong);
  }
  assert.ok('error' in outcomeOf(() => decodeText(`{"Data":"${long.replace('BwcH', 'Bwc=')}"}`)));
  assert.ok('error' in outcomeOf(() => decodeText(`{"Data":"${long.replace(/Bw==$/, 'Bx==')}"}`)));
});

test('blobs of one body do not overlap and keep their bytes', () => {
  const Many = structure('Many', { List: optional(list(blob())) });
  const blobs = Array.from({ length: 50 }, (_, index) => Buffer.alloc(index * 11, index));
  const text = JSON.stringify({ List: blobs.map((bytes) => bytes.toString('base64')) });
  assert.deepEqual(decodeText(text, Many), { List: blobs });
});

test('depth and the number of elements are bounded', () => {
  assert.deepEqual(decodeText(`{"x":${'['.repeat(60)}${']'.repeat(60)}}`), {});
  assert.deepEqual(
    outcomeOf(() => decodeText(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
    { error: '' },
  );
  const empty = structure('E', { L: optional(list(structure('S', {}))) });
  assert.deepEqual(
    outcomeOf(() => decodeText(`{"L":[${'{},'.repeat(1_000_000)}{}]}`, empty)),
    { error: '' },
  );
});

test('timestamps are written as Java writes doubles', () => {
  assert.equal(epochSeconds(1441215410867), '1.441215410867E9');
  assert.equal(epochSeconds(1462972570000), '1.46297257E9');
  assert.equal(epochSeconds(10_000_000_000), '1.0E7');
  assert.equal(epochSeconds(9_999_999_999), '9999999.999');
  assert.equal(epochSeconds(5000), '5.0');
  assert.equal(epochSeconds(0), '0.0');
  assert.equal(epochSeconds(-1441215410867), '-1.441215410867E9');
  const dice = createSimulatedDice(3);
  for (let round = 0; round < 1000; round += 1) {
    const ms = dice.integer(2 ** 32) * dice.integer(3000);
    assert.equal(Number(epochSeconds(ms)), ms / 1000);
    const rounded = ms - (ms % 10 ** dice.integer(9));
    const encoded = compileJsonEncoder(Sample)({ Time: rounded });
    assert.equal(Buffer.from(encoded).toString(), `{"Time":${epochSeconds(rounded)}}`);
  }
});
