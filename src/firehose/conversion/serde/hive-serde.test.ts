import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIVE, convertValue, converterOf } from '../converter.testing.ts';
import { SchemaError } from '../schema.ts';

const NOT_NUMERIC =
  'MalformedData: Current token (VALUE_STRING) not numeric, can not use numeric value accessors';

for (const [type, json, expected] of [
  ['int', '"123"', NOT_NUMERIC],
  ['double', '"1.5"', NOT_NUMERIC],
  ['decimal(5,2)', '"1.5"', NOT_NUMERIC],
  ['int', '1.9', 1],
  ['int', '99999999999', 'MalformedData: Numeric value (99999999999) out of range of int'],
  ['tinyint', '300', 'MalformedData: Numeric value (300) out of range of Java byte'],
  ['bigint', '9223372036854775807', 2n ** 63n - 1n],
  [
    'bigint',
    '9223372036854775808',
    'MalformedData: Numeric value (9223372036854775808) out of range of long',
  ],
  ['bigint', '1e18', 10n ** 18n],
  ['boolean', '"True"', true],
  ['boolean', '1', false],
  ['string', '12', '12'],
  ['string', '{"inner":1}', 'MalformedData: Current token (START_OBJECT) is not a scalar value'],
  ['timestamp', '"2017-02-07 15:13:01.5"', new Date('2017-02-07T15:13:01.500Z')],
  ['timestamp', '"2017-02-07T15:13:01Z"', 'MalformedData: Could not parse timestamp: 2017-02-07T15:13:01Z'],
  ['array<int>', '7', 'MalformedData: Start of Array expected'],
  ['struct<a:int>', '[]', 'MalformedData: Start of Object expected'],
  ['struct<a:int>', 'null', null],
  ['map<string,int>', '{"A":1,"a":2}', { A: 1, a: 2 }],
] as const) {
  test(`${json} as ${type}`, async () => {
    assert.deepEqual(await convertValue(type, json, HIVE), expected);
  });
}

test('timestamps are in the formats that are given, in turn', async () => {
  const hive = { ...HIVE, Deserializer: { HiveJsonSerDe: { TimestampFormats: ['millis', 'yyyy/MM/dd'] } } };
  assert.deepEqual(await convertValue('timestamp', '1518033528123', hive), new Date(1_518_033_528_123));
  assert.deepEqual(await convertValue('timestamp', '"2018/02/07"', hive), new Date('2018-02-07'));
  assert.match(String(await convertValue('timestamp', '"2018-02-07 00:00:00"', hive)), /Could not parse/);
});

test('what Hive does not read is refused with the table', () => {
  assert.throws(() => converterOf({ 'a.b': 'int' }, HIVE), SchemaError);
  assert.throws(() => converterOf({ a: 'struct<b:array<binary>>' }, HIVE), SchemaError);
});
