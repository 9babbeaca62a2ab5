/** Rows as hyparquet, a reader of others, gives them back. */
import { parquetMetadata, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { gunzipSync } from 'node:zlib';
import { conversionOptions, type ConversionConfiguration } from './conversion-options.ts';
import { createConverter, type Converter } from './converter.ts';
import type { FileOptions } from './parquet/file-writer.ts';
import { parseColumns } from './schema.ts';

export const OPENX: ConversionConfiguration = {
  Deserializer: { OpenXJsonSerDe: {} },
  Serializer: { ParquetSerDe: {} },
};
export const HIVE: ConversionConfiguration = {
  Deserializer: { HiveJsonSerDe: {} },
  Serializer: { ParquetSerDe: {} },
};

/** `types`: the type of each column by its name. `file` overrides what AWS's limits would not allow. */
export function converterOf(
  types: Readonly<Record<string, string>>,
  configuration = OPENX,
  file: Partial<FileOptions> = {},
): Converter {
  const columns = parseColumns(Object.entries(types).map(([name, type]) => ({ name, type })));
  const options = conversionOptions(configuration, columns);
  return createConverter(columns, { ...options, file: { ...options.file, ...file } });
}

export function readRows(bytes: Uint8Array): Promise<readonly Record<string, unknown>[]> {
  const compressors = { GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)) };
  return parquetReadObjects({ file: bufferOf(bytes), compressors, utf8: false });
}

export function readMetadata(bytes: Uint8Array): FileMetaData {
  return parquetMetadata(bufferOf(bytes));
}

/** What a single value becomes in a column `c` of the type, or the text of the record's fault. */
export async function convertValue(type: string, json: string, configuration = OPENX): Promise<unknown> {
  const converter = converterOf({ c: type }, configuration);
  const fault = converter.add(`{"c":${json}}`);
  if (fault !== undefined)
    return `${fault.code.replace('DataFormatConversion.', '')}: ${fault.message.replace('Data does not match the schema. ', '')}`;
  const [row] = await readRows(converter.finish());
  return row!['c'] ?? null;
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
