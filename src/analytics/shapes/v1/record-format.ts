import { list, optional, required, string, structure } from '../../../wire/shape/shape.ts';
import { RecordFormatType } from '../both.ts';
import {
  RecordColumnDelimiter,
  RecordColumnSqlType,
  RecordEncoding,
  RecordRowDelimiter,
  RecordRowPath,
} from './names.ts';

export const JSONMappingParameters = structure('JSONMappingParameters', {
  RecordRowPath: required(RecordRowPath),
});

export const CSVMappingParameters = structure('CSVMappingParameters', {
  RecordRowDelimiter: required(RecordRowDelimiter),
  RecordColumnDelimiter: required(RecordColumnDelimiter),
});

export const MappingParameters = structure('MappingParameters', {
  JSONMappingParameters: optional(JSONMappingParameters),
  CSVMappingParameters: optional(CSVMappingParameters),
});

export const RecordFormat = structure('RecordFormat', {
  RecordFormatType: required(RecordFormatType),
  MappingParameters: optional(MappingParameters),
});

export const RecordColumn = structure('RecordColumn', {
  Name: required(string()),
  Mapping: optional(string()),
  SqlType: required(RecordColumnSqlType),
});

export const RecordColumns = list(RecordColumn, { min: 1, max: 1000 });

export const SourceSchema = structure('SourceSchema', {
  RecordFormat: required(RecordFormat),
  RecordEncoding: optional(RecordEncoding),
  RecordColumns: required(RecordColumns),
});

export const InputSchemaUpdate = structure('InputSchemaUpdate', {
  RecordFormatUpdate: optional(RecordFormat),
  RecordEncodingUpdate: optional(RecordEncoding),
  RecordColumnUpdates: optional(RecordColumns),
});
