/**
 * AWS's configuration of a conversion, checked and with its defaults filled in. What Millrace cannot do is refused by
 * name; members that nobody knows are refused too.
 */
import { CODECS, type Compression } from './parquet/codec.ts';
import type { FileOptions } from './parquet/file-writer.ts';
import type { Column } from './schema.ts';
import { checkHiveColumns, hiveSerde } from './serde/hive-serde.ts';
import { compileTimestampFormat } from './serde/joda-pattern.ts';
import { openXSerde } from './serde/openx-serde.ts';
import type { Serde } from './serde/serde.ts';
import { UnsupportedConversion } from './unsupported-conversion.ts';

const MIB = 1024 * 1024;

/** The members of InputFormatConfiguration.Deserializer and OutputFormatConfiguration.Serializer. */
export type ConversionConfiguration = {
  readonly Deserializer: {
    readonly OpenXJsonSerDe?: {
      readonly ConvertDotsInJsonKeysToUnderscores?: boolean;
      readonly CaseInsensitive?: boolean;
      readonly ColumnToJsonKeyMappings?: Readonly<Record<string, string>>;
    };
    readonly HiveJsonSerDe?: { readonly TimestampFormats?: readonly string[] };
  };
  readonly Serializer: {
    readonly ParquetSerDe?: {
      readonly BlockSizeBytes?: number;
      readonly PageSizeBytes?: number;
      readonly Compression?: Compression;
      readonly EnableDictionaryCompression?: boolean;
      readonly MaxPaddingBytes?: number;
      readonly WriterVersion?: 'V1' | 'V2';
    };
    readonly OrcSerDe?: unknown;
  };
};

export type ConversionOptions = { readonly serde: Serde; readonly file: FileOptions };

/** Throws UnsupportedConversion, or SchemaError when the deserializer cannot read such columns. */
export function conversionOptions(
  configuration: ConversionConfiguration,
  columns: readonly Column[],
): ConversionOptions {
  return { serde: serdeOf(configuration.Deserializer, columns), file: fileOptions(configuration.Serializer) };
}

function serdeOf(deserializer: ConversionConfiguration['Deserializer'], columns: readonly Column[]): Serde {
  refuseOthers('Deserializer', deserializer, ['OpenXJsonSerDe', 'HiveJsonSerDe']);
  const { OpenXJsonSerDe: openX, HiveJsonSerDe: hive } = deserializer;
  if ((openX === undefined) === (hive === undefined))
    throw refused('Deserializer', 'exactly one deserializer is needed');
  if (hive !== undefined) {
    refuseOthers('HiveJsonSerDe', hive, ['TimestampFormats']);
    checkHiveColumns(columns);
    return hiveSerde((hive.TimestampFormats ?? []).map(compileTimestampFormat));
  }
  refuseOthers('OpenXJsonSerDe', openX!, [
    'ConvertDotsInJsonKeysToUnderscores',
    'CaseInsensitive',
    'ColumnToJsonKeyMappings',
  ]);
  return openXSerde({
    caseInsensitive: openX!.CaseInsensitive ?? true,
    convertsDots: openX!.ConvertDotsInJsonKeysToUnderscores ?? false,
    mappings: new Map(Object.entries(openX!.ColumnToJsonKeyMappings ?? {})),
  });
}

function fileOptions(serializer: ConversionConfiguration['Serializer']): FileOptions {
  refuseOthers('Serializer', serializer, ['ParquetSerDe', 'OrcSerDe']);
  const { ParquetSerDe: parquet, OrcSerDe: orc } = serializer;
  if (orc !== undefined) throw refused('OrcSerDe', 'ORC is not written yet');
  if (parquet === undefined) throw refused('Serializer', 'a serializer is needed');
  const known = [
    'BlockSizeBytes',
    'PageSizeBytes',
    'Compression',
    'EnableDictionaryCompression',
    'MaxPaddingBytes',
    'WriterVersion',
  ];
  refuseOthers('ParquetSerDe', parquet, known);
  const codec = CODECS[parquet.Compression ?? 'SNAPPY'];
  if (codec === undefined) throw refused('Compression', `there is no codec ${String(parquet.Compression)}`);
  const version = parquet.WriterVersion ?? 'V1';
  if (version !== 'V1' && version !== 'V2')
    throw refused('WriterVersion', `there is no version ${String(version)}`);
  return {
    codec,
    isV2: version === 'V2',
    hasDictionaries: parquet.EnableDictionaryCompression ?? false,
    blockBytes: bytes('BlockSizeBytes', parquet.BlockSizeBytes ?? 256 * MIB, 64 * MIB),
    pageBytes: bytes('PageSizeBytes', parquet.PageSizeBytes ?? MIB, 64 * 1024),
    paddingBytesMax: bytes('MaxPaddingBytes', parquet.MaxPaddingBytes ?? 0, 0),
    createdBy: 'millrace version 1 (build firehose)',
  };
}

function bytes(option: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > 0x7fff_ffff)
    throw refused(option, `it is from ${least} to 2147483647`);
  return value;
}

function refuseOthers(option: string, given: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !known.includes(name)) throw refused(name, `${option} has no such member`);
  }
}

function refused(option: string, reason: string): UnsupportedConversion {
  return new UnsupportedConversion(option, `${option}: ${reason}`);
}
