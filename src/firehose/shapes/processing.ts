/** Processors, and their parameters as pairs of strings. */
import { enumeration, list, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { BooleanObject } from './names.ts';

export const ProcessorType = enumeration(
  'RecordDeAggregation',
  'Decompression',
  'CloudWatchLogProcessing',
  'Lambda',
  'MetadataExtraction',
  'AppendDelimiterToRecord',
);

export const ProcessorParameterName = enumeration(
  'LambdaArn',
  'NumberOfRetries',
  'MetadataExtractionQuery',
  'JsonParsingEngine',
  'RoleArn',
  'BufferSizeInMBs',
  'BufferIntervalInSeconds',
  'SubRecordType',
  'Delimiter',
  'CompressionFormat',
  'DataMessageExtraction',
);

export const ProcessorParameterValue = string({ min: 1, max: 5120, pattern: '^(?!\\s*$).+' });

export const ProcessorParameter = structure('ProcessorParameter', {
  ParameterName: required(ProcessorParameterName),
  ParameterValue: required(ProcessorParameterValue),
});

export const ProcessorParameterList = list(ProcessorParameter);

export const Processor = structure('Processor', {
  Type: required(ProcessorType),
  Parameters: optional(ProcessorParameterList),
});

export const ProcessorList = list(Processor);

export const ProcessingConfiguration = structure('ProcessingConfiguration', {
  Enabled: optional(BooleanObject),
  Processors: optional(ProcessorList),
});
