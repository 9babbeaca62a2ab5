/**
 * Reads Millrace's Parquet files with readers that Millrace's authors did not write: pyarrow, DuckDB and Apache's own. Every type,
 * nulls and empty lists at every depth, both page versions, each compression, with dictionaries and without, over several pages
 * and row groups. Every value is compared with what was put into the record. A tool that is missing is a failure.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { conversionOptions } from '../../../src/firehose/conversion/conversion-options.ts';
import { createConverter } from '../../../src/firehose/conversion/converter.ts';
import { parseColumns } from '../../../src/firehose/conversion/schema.ts';
import { COLUMNS, generateRows, type GeneratedRow, type Value } from './generated-table.ts';
import { READERS } from './readers.ts';

type Case = {
  readonly name: string;
  readonly rows: readonly GeneratedRow[];
  readonly groupsMin: number;
  readonly bytes: Uint8Array;
};

const ROWS = 2000;
/** Smaller than AWS allows, so that few rows make several groups and pages. */
const BLOCK_BYTES = 64 * 1024;
const PAGE_BYTES = 4 * 1024;

const cases = makeCases();
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-parquet-'));
let failures = 0;
try {
  const files = cases.map(({ name, bytes }) => {
    const file = path.join(folder, `${name}.parquet`);
    writeFileSync(file, bytes);
    return file;
  });
  for (const reader of READERS) {
    const lines = reader.read(files).trimEnd().split('\n');
    for (const [index, one] of cases.entries()) check(reader.name, one, lines[index]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${cases.length * 3 - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

function makeCases(): readonly Case[] {
  const made: Case[] = [];
  for (const WriterVersion of ['V1', 'V2'] as const) {
    for (const Compression of ['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const) {
      for (const EnableDictionaryCompression of [false, true]) {
        const name = `${WriterVersion}-${Compression}-${EnableDictionaryCompression ? 'dictionary' : 'plain'}`;
        made.push(makeCase(name, ROWS, 3, { WriterVersion, Compression, EnableDictionaryCompression }, 0));
      }
    }
  }
  made.push(
    makeCase('padded', ROWS, 3, {}, 8 * 1024),
    makeCase('no-rows', 0, 0, {}, 0),
    makeCase('one-row', 1, 1, {}, 0),
  );
  return made;
}

function makeCase(
  name: string,
  count: number,
  groupsMin: number,
  ParquetSerDe: object,
  paddingBytesMax: number,
): Case {
  const columns = parseColumns(COLUMNS);
  const { serde, file } = conversionOptions(
    { Deserializer: { OpenXJsonSerDe: {} }, Serializer: { ParquetSerDe } },
    columns,
  );
  const small = { ...file, blockBytes: BLOCK_BYTES, pageBytes: PAGE_BYTES, paddingBytesMax };
  const converter = createConverter(columns, { serde, file: small });
  const rows = generateRows(count, 20_261_124);
  for (const { record } of rows) assert.equal(converter.add(record), undefined);
  // A record at fault leaves no trace, wherever it stands.
  assert.equal(
    converter.add('{"flag":true,"items":[{"sku":"a"},{"qty":"many"}]}')?.code,
    'DataFormatConversion.MalformedData',
  );
  return { name, rows, groupsMin, bytes: converter.finish() };
}

function check(reader: string, one: Case, line: string | undefined): void {
  try {
    const found = JSON.parse(line ?? 'null') as {
      groups: number;
      rows: readonly Readonly<Record<string, Value>>[];
    };
    assert.ok(found.groups >= one.groupsMin, `${found.groups} row groups`);
    assert.equal(found.rows.length, one.rows.length);
    for (const [index, row] of found.rows.entries()) {
      const expected = one.rows[index]!.expected;
      // DuckDB reads timestamps to the microsecond.
      assert.deepEqual(row, reader === 'duckdb' ? toMicroseconds(expected) : expected, `row ${index}`);
    }
    console.log(`ok ${reader}: ${one.name}, ${found.rows.length} rows in ${found.groups} groups`);
  } catch (error) {
    failures += 1;
    console.log(`not ok ${reader}: ${one.name}\n${String(error).slice(0, 3000)}`);
  }
}

function toMicroseconds(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll(/(T\d\d:\d\d:\d\d\.\d{6})\d{3}"/g, '$1000"')) as Value;
}
