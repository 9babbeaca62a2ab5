import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPENX, convertValue, converterOf, readRows } from '../converter.testing.ts';

const REFUSED = (text: string) => `MalformedData: For input string: "${text}"`;

for (const [type, json, expected] of [
  ['tinyint', '-128', -128],
  ['tinyint', '128', REFUSED('128')],
  ['smallint', '"0x1F"', 31],
  ['int', '"123"', 123],
  ['int', '"+5"', 5],
  ['int', '1.5', REFUSED('1.5')],
  ['int', '""', REFUSED('')],
  ['int', 'true', REFUSED('true')],
  ['int', '{"a": 1}', REFUSED('{"a":1}')],
  ['int', '2147483648', REFUSED('2147483648')],
  ['bigint', '9007199254740993', 9_007_199_254_740_993n],
  ['bigint', '"-9223372036854775808"', -(2n ** 63n)],
  ['bigint', '9223372036854775808', REFUSED('9223372036854775808')],
  ['bigint', '"0xFFFFFFFFFF"', 0xff_ffff_ffffn],
  ['float', '0.1', Math.fround(0.1)],
  ['double', '"1.5"', 1.5],
  ['double', '"oops"', REFUSED('oops')],
  ['boolean', '"TRUE"', true],
  ['boolean', '"yes"', false],
  ['boolean', '1', REFUSED('1')],
  ['decimal(5,2)', '"12.345"', 12.35],
  ['decimal(5,2)', '1234.5', REFUSED('1234.5')],
  ['string', '12.50', '12.50'],
  ['string', 'false', 'false'],
  ['string', '{"b": [1.0, "x y"], "A": {}}', '{"b":[1.0,"x y"],"A":{}}'],
  ['string', '"\\u00e9\\ud83d\\ude00"', 'é\u{1F600}'],
  ['char(3)', '"ab   "', 'ab'],
  ['varchar(2)', '"\u{1F600}bc"', '\u{1F600}b'],
  ['date', '"2020-2-29"', new Date('2020-02-29')],
  ['date', '"2021-02-29"', REFUSED('2021-02-29')],
  ['timestamp', '"2017-02-07T15:13:01.39256Z"', new Date('2017-02-07T15:13:01.392Z')],
  ['timestamp', '"2017-2-7 5:13:01.14"', new Date('2017-02-07T05:13:01.140Z')],
  ['timestamp', '1518033528', new Date(1_518_033_528_000)],
  ['timestamp', '1518033528123', new Date(1_518_033_528_123)],
  ['timestamp', '1518033528.123', new Date(1_518_033_528_123)],
  ['timestamp', '"1518033528"', new Date(1_518_033_528_000)],
  ['timestamp', '-1.5', new Date(-1500)],
  [
    'timestamp',
    '"2017-02-07T15:13:01+01:00"',
    'MalformedData: Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]',
  ],
  [
    'timestamp',
    '99999999999999999',
    'MalformedData: Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]',
  ],
  ['binary', '"AP8="', Uint8Array.of(0, 255)],
  ['binary', '"*"', REFUSED('*')],
  ['array<int>', '[]', []],
  ['array<int>', '[1,null,"3"]', [1, null, 3]],
  ['array<int>', '7', [7]],
  ['array<int>', '""', null],
  ['map<string,int>', '{"A":1,"a":2}', { a: 2 }],
  ['map<int,int>', '{"1":1}', { 1: 1 }],
  ['map<int,int>', '{"x":1}', REFUSED('x')],
  ['map<string,int>', '[1]', 'MalformedData: Data is not JSONObject but a value: [1]'],
  ['struct<a:int,b:string>', '{"B":"x"}', { a: null, b: 'x' }],
  ['struct<a:int,b:string>', '[1]', { a: 1, b: null }],
  ['struct<a:int>', '[]', null],
  ['struct<a:int>', '5', 'MalformedData: Data is not JSONObject but a value: 5'],
] as const) {
  test(`${json} as ${type}`, async () => {
    const value = await convertValue(type, json);
    // What is exact in the file is checked by the readers of test/engines; hyparquet has decimals as doubles.
    assert.deepEqual(
      typeof expected === 'number' && typeof value === 'number' ? Math.round(value * 1e9) : value,
      typeof expected === 'number' ? Math.round(expected * 1e9) : expected,
    );
  });
}

test('keys: in any case, or as written; mapped; with dots; unknown and missing ones', async () => {
  const types = { a_b: 'int', ts: 'int', mixed: 'int' };
  const record = '{"A.b":1,"timestamp":2,"MIXED":3,"mixed":4,"other":{"x":[]},"ts":9}';
  const OpenXJsonSerDe = {
    ConvertDotsInJsonKeysToUnderscores: true,
    ColumnToJsonKeyMappings: { ts: 'TimeStamp' },
  };
  const loose = converterOf(types, { ...OPENX, Deserializer: { OpenXJsonSerDe } });
  loose.add(record);
  loose.add('{"a_b":5,"a.b":6}');
  assert.deepEqual(await readRows(loose.finish()), [
    { a_b: 1, ts: 2, mixed: 4 },
    { a_b: 5, ts: null, mixed: null },
  ]);
  const strict = converterOf(types, {
    ...OPENX,
    Deserializer: { OpenXJsonSerDe: { CaseInsensitive: false } },
  });
  strict.add('{"MIXED":3,"a_b":1}');
  assert.deepEqual(await readRows(strict.finish()), [{ a_b: 1, ts: null, mixed: null }]);
});
