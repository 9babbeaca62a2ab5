import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ColumnValues } from '../parquet/column-values.ts';
import { FIXED_LEN_BYTE_ARRAY } from '../parquet/format.ts';
import { decimalBytes } from '../parquet/parquet-schema.ts';
import {
  appendDecimal,
  int64,
  parseInt64,
  parseJavaDouble,
  parseJsonDouble,
  parseSmallInteger,
} from './numbers.ts';

test('64-bit integers are exact to the last one', () => {
  const min = -(2n ** 63n);
  const samples = [
    0n,
    1n,
    -1n,
    2n ** 31n,
    2n ** 32n,
    -(2n ** 32n),
    2n ** 53n + 1n,
    999_999_999_999_999n,
    1_000_000_000_000_000n,
    -min - 1n,
    min,
  ];
  for (let bit = 0n; bit < 63n; bit += 1n) samples.push(2n ** bit + 12_345n, -(2n ** bit) - 7n);
  for (const sample of samples) {
    const bytes = Buffer.from(`  ${sample}  `);
    const isInside = sample >= min && sample < -min;
    assert.equal(parseInt64(bytes, 2, bytes.length - 2), isInside, String(sample));
    if (isInside)
      assert.equal(BigInt.asIntN(64, (BigInt(int64.high) << 32n) | BigInt(int64.low >>> 0)), sample);
  }
  for (const text of [
    '9223372036854775808',
    '-9223372036854775809',
    '18446744073709551616',
    '',
    '-',
    '1.0',
    '1e3',
    ' 1',
  ]) {
    assert.equal(parseInt64(Buffer.from(text), 0, text.length), false, text);
  }
});

test('small integers are decimal digits', () => {
  const parse = (text: string) => parseSmallInteger(Buffer.from(text), 0, text.length);
  assert.deepEqual(['7', '-42', '+5', '0007', '', '-', '1.5', '1234567890123456'].map(parse), [
    7,
    -42,
    5,
    7,
    NaN,
    NaN,
    NaN,
    NaN,
  ]);
});

test('doubles are those of JavaScript, on the fast road too', () => {
  for (const text of [
    '0',
    '-0',
    '0.1',
    '-12.345',
    '123456789012.345',
    '1e308',
    '5e-324',
    '0.30000000000000004',
    '123456789012345678',
    '1.7976931348623159e308',
  ]) {
    assert.ok(Object.is(parseJsonDouble(Buffer.from(`x${text}`), 1, text.length + 1), Number(text)), text);
  }
  assert.deepEqual(
    [' 1.5 ', '1.5f', 'NaN', '-Infinity', '1.', '.5', '', 'abc', '0x1p3', '1_0'].map(parseJavaDouble),
    [1.5, 1.5, NaN, -Infinity, 1, 0.5, undefined, undefined, undefined, undefined],
  );
});

test('decimals are exact, rounded half up, and refused when they do not fit', () => {
  for (const [text, precision, scale, expected] of [
    ['1.5', 10, 2, 150n],
    ['-0.005', 10, 2, -1n],
    ['0.0049', 10, 2, 0n],
    ['1e3', 10, 2, 100_000n],
    ['12345.678e-2', 10, 2, 12_346n],
    ['99999999999999999999999999999999999999', 38, 0, 10n ** 38n - 1n],
    ['-99999999999999999999999999999.999999999', 38, 9, -(10n ** 38n) + 1n],
    ['9.995', 3, 2, undefined],
    ['99.99', 3, 2, undefined],
    ['1e999999999', 38, 0, undefined],
    ['1e-999999999', 38, 0, 0n],
    ['0e999999999', 38, 0, 0n],
    ['', 10, 2, undefined],
    ['.', 10, 2, undefined],
    ['1x', 10, 2, undefined],
  ] as const) {
    const values = new ColumnValues(FIXED_LEN_BYTE_ARRAY);
    assert.equal(appendDecimal(text, precision, scale, values), expected !== undefined, text);
    if (expected === undefined) continue;
    const length = decimalBytes(precision);
    assert.equal(
      BigInt.asIntN(length * 8, BigInt(`0x${values.bytes.toString('hex', 0, length)}`)),
      expected,
      text,
    );
  }
});

test('a decimal of a precision takes as few bytes as Hive gives it', () => {
  assert.deepEqual([1, 2, 3, 4, 9, 10, 18, 19, 38].map(decimalBytes), [1, 1, 2, 2, 4, 5, 8, 9, 16]);
});
