import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversionOptions } from './conversion-options.ts';
import { OPENX, converterOf, readMetadata, readRows } from './converter.testing.ts';
import { parseColumns } from './schema.ts';
import { UnsupportedConversion } from './unsupported-conversion.ts';

const NESTED = { id: 'int', tags: 'array<array<string>>', items: 'array<struct<n:int,m:map<string,int>>>' };

function nestedRecord(row: number) {
  const tags =
    row % 5 === 0
      ? null
      : Array.from({ length: row % 4 }, (_, i) =>
          i === 2 ? null : Array.from({ length: (row + i) % 3 }, (_, j) => `t${(row * j) % 11}`),
        );
  const items =
    row % 7 === 0
      ? null
      : Array.from({ length: row % 3 }, (_, i) => ({ n: row % 2 === 0 ? null : row, m: { a: i, b: row } }));
  return { id: row, tags, items };
}

for (const WriterVersion of ['V1', 'V2'] as const) {
  for (const EnableDictionaryCompression of [false, true]) {
    for (const Compression of ['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const) {
      test(`rows come back: ${WriterVersion}, ${Compression}${EnableDictionaryCompression ? ', dictionaries' : ''}`, async () => {
        const Serializer = { ParquetSerDe: { WriterVersion, EnableDictionaryCompression, Compression } };
        const converter = converterOf(NESTED, { ...OPENX, Serializer }, { blockBytes: 4000, pageBytes: 500 });
        const rows = Array.from({ length: 1000 }, (_, row) => nestedRecord(row));
        for (const row of rows) assert.equal(converter.add(JSON.stringify(row)), undefined);
        const bytes = converter.finish();
        const metadata = readMetadata(bytes);
        assert.ok(metadata.row_groups.length > 1);
        assert.equal(metadata.created_by, 'millrace version 1 (build firehose)');
        assert.equal(metadata.row_groups[0]!.columns[0]!.meta_data!.statistics!.min_value, 0);
        assert.deepEqual(
          JSON.parse(
            JSON.stringify(await readRows(bytes), (_, value) => (value === undefined ? null : value)),
          ),
          rows,
        );
      });
    }
  }
}

test('a record at fault leaves no trace and does not disturb the next', async () => {
  const converter = converterOf(NESTED, OPENX, { pageBytes: 500 });
  for (let row = 0; row < 200; row += 1) {
    assert.equal(converter.add(JSON.stringify(nestedRecord(row))), undefined);
    assert.equal(
      converter.add('{"id":1,"tags":[["a"]],"items":[{"n":1},{"n":"x"}]}')?.message,
      'Data does not match the schema. For input string: "x"',
    );
    assert.equal(converter.add('{"id":1}{"id":')?.code, 'DataFormatConversion.ParseError');
    assert.equal(converter.rows, row + 1);
  }
  const rows = await readRows(converter.finish());
  assert.deepEqual(
    rows.map((row) => row['id']),
    Array.from({ length: 200 }, (_, row) => row),
  );
});

test('a record may hold several documents; an array, a scalar or nothing is no record', async () => {
  const converter = converterOf({ a: 'int' });
  assert.equal(converter.add(Buffer.from('{"a":1} {"a":2}\n{"a":3}\n')), undefined);
  assert.match(converter.add('[{"a":1}]')!.message, /The top level must be an object/);
  assert.match(converter.add('5')!.message, /contained a primitive at the top level/);
  assert.equal(converter.add(' \n')?.message, 'The record was empty or contained only whitespace.');
  assert.deepEqual(await readRows(converter.finish()), [{ a: 1 }, { a: 2 }, { a: 3 }]);
});

test('the schema is laid out as Hive lays it out', () => {
  const types = {
    t: 'timestamp',
    d: 'decimal(10,2)',
    l: 'array<int>',
    m: 'map<string,int>',
    s: 'smallint',
    y: 'date',
    c: 'char(2)',
  };
  const bytes = converterOf(types).finish();
  const elements = readMetadata(bytes).schema.map(
    ({ name, type, converted_type, repetition_type, type_length }) =>
      [name, type, converted_type, repetition_type, type_length]
        .filter((part) => part !== undefined)
        .join(' '),
  );
  assert.deepEqual(elements, [
    'hive_schema',
    't INT96 OPTIONAL',
    'd FIXED_LEN_BYTE_ARRAY DECIMAL OPTIONAL 5',
    'l LIST OPTIONAL',
    'bag REPEATED',
    'array_element INT32 OPTIONAL',
    'm MAP OPTIONAL',
    'map MAP_KEY_VALUE REPEATED',
    'key BYTE_ARRAY UTF8 REQUIRED',
    'value INT32 OPTIONAL',
    's INT32 INT_16 OPTIONAL',
    'y INT32 DATE OPTIONAL',
    'c BYTE_ARRAY UTF8 OPTIONAL',
  ]);
});

test("the record's bytes are neither kept nor changed", async () => {
  const converter = converterOf({ m: 'map<string,string>' });
  const record = Buffer.from('{"M":{"KEY":"value"}}');
  converter.add(record);
  assert.equal(record.toString(), '{"M":{"KEY":"value"}}');
  record.fill(0);
  assert.deepEqual(await readRows(converter.finish()), [{ m: { key: 'value' } }]);
});

test('memory stays near the compressed size', () => {
  const converter = converterOf({ a: 'string' });
  for (let row = 0; row < 50_000; row += 1)
    converter.add(
      '{"a":"the same text in every row, more than a hundred bytes of it, so that five megabytes go in: xxxxxxxxxxxxxxxx"}',
    );
  assert.ok(converter.byteLength < 3_000_000, String(converter.byteLength));
});

test('padding moves a row group to the next block', () => {
  const converter = converterOf({ a: 'string' }, OPENX, {
    blockBytes: 10_000,
    pageBytes: 1000,
    paddingBytesMax: 5000,
  });
  for (let row = 0; row < 2000; row += 1) converter.add(`{"a":"${Math.imul(row, 2_654_435_761) >>> 0}"}`);
  const offsets = readMetadata(converter.finish()).row_groups.map(({ file_offset }) => Number(file_offset));
  assert.ok(offsets.length > 1);
  for (const offset of offsets.slice(1))
    assert.ok(offset % 10_000 === 0 || 10_000 - (offset % 10_000) > 5000, String(offset));
});

for (const [option, configuration] of [
  ['OrcSerDe', { ...OPENX, Serializer: { OrcSerDe: {} } }],
  ['Compression', { ...OPENX, Serializer: { ParquetSerDe: { Compression: 'ZSTD' } } }],
  ['WriterVersion', { ...OPENX, Serializer: { ParquetSerDe: { WriterVersion: 'V3' } } }],
  ['BlockSizeBytes', { ...OPENX, Serializer: { ParquetSerDe: { BlockSizeBytes: 1000 } } }],
  ['PageSizeBytes', { ...OPENX, Serializer: { ParquetSerDe: { PageSizeBytes: 1000 } } }],
  ['BloomFilterColumns', { ...OPENX, Serializer: { ParquetSerDe: { BloomFilterColumns: ['a'] } } }],
  ['Deserializer', { ...OPENX, Deserializer: {} }],
  ['TimestampFormats', { ...OPENX, Deserializer: { HiveJsonSerDe: { TimestampFormats: ['GG'] } } }],
] as const) {
  test(`${option} is refused when it cannot be done`, () => {
    assert.throws(
      () => conversionOptions(configuration as never, parseColumns([{ name: 'a', type: 'int' }])),
      (error) => error instanceof UnsupportedConversion && error.option === option,
    );
  });
}
