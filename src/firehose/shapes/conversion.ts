/** Conversion of records from JSON to Parquet or ORC by a table's schema. */
import { double, enumeration, integer, list, map, optional, structure } from '../../wire/shape/shape.ts';
import {
  BooleanObject,
  NonEmptyString,
  NonEmptyStringWithoutWhitespace,
  NonNegativeIntegerObject,
} from './names.ts';

export const BlockSizeBytes = integer({ min: 67108864 });

export const ColumnToJsonKeyMappings = map(NonEmptyStringWithoutWhitespace, NonEmptyString);

export const SchemaConfiguration = structure('SchemaConfiguration', {
  RoleARN: optional(NonEmptyStringWithoutWhitespace),
  CatalogId: optional(NonEmptyStringWithoutWhitespace),
  DatabaseName: optional(NonEmptyStringWithoutWhitespace),
  TableName: optional(NonEmptyStringWithoutWhitespace),
  Region: optional(NonEmptyStringWithoutWhitespace),
  VersionId: optional(NonEmptyStringWithoutWhitespace),
});

export const OpenXJsonSerDe = structure('OpenXJsonSerDe', {
  ConvertDotsInJsonKeysToUnderscores: optional(BooleanObject),
  CaseInsensitive: optional(BooleanObject),
  ColumnToJsonKeyMappings: optional(ColumnToJsonKeyMappings),
});

export const ListOfNonEmptyStrings = list(NonEmptyString);

export const HiveJsonSerDe = structure('HiveJsonSerDe', {
  TimestampFormats: optional(ListOfNonEmptyStrings),
});

export const Deserializer = structure('Deserializer', {
  OpenXJsonSerDe: optional(OpenXJsonSerDe),
  HiveJsonSerDe: optional(HiveJsonSerDe),
});

export const InputFormatConfiguration = structure('InputFormatConfiguration', {
  Deserializer: optional(Deserializer),
});

export const ParquetPageSizeBytes = integer({ min: 65536 });

// The order of these two is the one that AWS's messages tell (measured by floci's tests).
export const ParquetCompression = enumeration('SNAPPY', 'GZIP', 'UNCOMPRESSED');

export const ParquetWriterVersion = enumeration('V1', 'V2');

export const ParquetSerDe = structure('ParquetSerDe', {
  BlockSizeBytes: optional(BlockSizeBytes),
  PageSizeBytes: optional(ParquetPageSizeBytes),
  Compression: optional(ParquetCompression),
  EnableDictionaryCompression: optional(BooleanObject),
  MaxPaddingBytes: optional(NonNegativeIntegerObject),
  WriterVersion: optional(ParquetWriterVersion),
});

export const OrcStripeSizeBytes = integer({ min: 8388608 });

export const OrcRowIndexStride = integer({ min: 1000 });

export const Proportion = double({ min: 0, max: 1 });

export const OrcCompression = enumeration('ZLIB', 'SNAPPY', 'NONE');

export const ListOfNonEmptyStringsWithoutWhitespace = list(NonEmptyStringWithoutWhitespace);

export const OrcFormatVersion = enumeration('V0_11', 'V0_12');

export const OrcSerDe = structure('OrcSerDe', {
  StripeSizeBytes: optional(OrcStripeSizeBytes),
  BlockSizeBytes: optional(BlockSizeBytes),
  RowIndexStride: optional(OrcRowIndexStride),
  EnablePadding: optional(BooleanObject),
  PaddingTolerance: optional(Proportion),
  Compression: optional(OrcCompression),
  BloomFilterColumns: optional(ListOfNonEmptyStringsWithoutWhitespace),
  BloomFilterFalsePositiveProbability: optional(Proportion),
  DictionaryKeyThreshold: optional(Proportion),
  FormatVersion: optional(OrcFormatVersion),
});

export const Serializer = structure('Serializer', {
  ParquetSerDe: optional(ParquetSerDe),
  OrcSerDe: optional(OrcSerDe),
});

export const OutputFormatConfiguration = structure('OutputFormatConfiguration', {
  Serializer: optional(Serializer),
});

export const DataFormatConversionConfiguration = structure('DataFormatConversionConfiguration', {
  SchemaConfiguration: optional(SchemaConfiguration),
  InputFormatConfiguration: optional(InputFormatConfiguration),
  OutputFormatConfiguration: optional(OutputFormatConfiguration),
  Enabled: optional(BooleanObject),
});
