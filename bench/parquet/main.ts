/**
 * How many JSON records a second one core makes rows of a Parquet file: `node bench/parquet/main.ts [rows]`. Eight columns, about
 * 200 bytes a record, parsing and compression included, the best and the median of five runs for each setting.
 */
import {
  conversionOptions,
  type ConversionConfiguration,
} from '../../src/firehose/conversion/conversion-options.ts';
import { createConverter } from '../../src/firehose/conversion/converter.ts';
import { parseColumns } from '../../src/firehose/conversion/schema.ts';

const RUNS = 5;
const rows = Number(process.argv[2] ?? 200_000);

const columns = parseColumns([
  { name: 'id', type: 'bigint' },
  { name: 'ts', type: 'timestamp' },
  { name: 'user', type: 'string' },
  { name: 'page', type: 'string' },
  { name: 'status', type: 'int' },
  { name: 'ms', type: 'double' },
  { name: 'agent', type: 'string' },
  { name: 'ok', type: 'boolean' },
]);

const records = Array.from({ length: rows }, (_, row) => {
  const mixed = Math.imul(row, 2_654_435_761) >>> 0;
  return Buffer.from(
    JSON.stringify({
      id: 0,
      ts: new Date(1_764_000_000_000 + row * 37).toISOString(),
      user: `user-${(mixed % 50_000).toString(36)}`,
      page: `/shop/${mixed % 900}/item?ref=mail`,
      status: mixed % 20 === 0 ? 404 : 200,
      ms: (mixed % 100_000) / 100,
      agent: `Mozilla/5.0 (X11; Linux x86_64) build ${mixed % 40}`,
      ok: mixed % 20 !== 0,
    }).replace('"id":0', `"id":${9_000_000_000_000_000_000n + BigInt(row)}`),
  );
});
const inputBytes = records.reduce((sum, record) => sum + record.length, 0);
console.log(`${rows} records of ${Math.round(inputBytes / rows)} bytes, ${columns.length} columns`);

for (const Compression of ['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const) {
  for (const EnableDictionaryCompression of [false, true]) {
    measure({
      Deserializer: { OpenXJsonSerDe: {} },
      Serializer: { ParquetSerDe: { Compression, EnableDictionaryCompression } },
    });
  }
}

function measure(configuration: ConversionConfiguration): void {
  const rates: number[] = [];
  let fileBytes = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const before = process.cpuUsage();
    const converter = createConverter(columns, conversionOptions(configuration, columns));
    for (const record of records) {
      const fault = converter.add(record);
      if (fault !== undefined) throw fault;
    }
    fileBytes = converter.finish().length;
    rates.push(rows / (process.cpuUsage(before).user / 1e6 + process.cpuUsage(before).system / 1e6));
  }
  rates.sort((a, b) => a - b);
  const { Compression, EnableDictionaryCompression } = configuration.Serializer.ParquetSerDe!;
  console.log(
    [
      Compression!.padEnd(12),
      EnableDictionaryCompression === true ? 'dictionary' : 'plain     ',
      `median ${Math.round(rates[RUNS >> 1]!)} rows/s of CPU`,
      `best ${Math.round(rates.at(-1)!)}`,
      `${(fileBytes / 1e6).toFixed(1)} MB`,
    ].join('  '),
  );
}
