/** Processors, and their parameters as pairs of strings. */
import { enumeration, list, optional, required, string, structure } from '../../wire/shape/shape.ts';
import { BooleanObject } from './names.ts';

// The order of these two is the one that AWS's messages tell (measured by floci's tests).
export const ProcessorType = enumeration(
  'Decompression',
  'Lambda',
  'RecordDeAggregation',
  'MetadataExtraction',
  'AppendDelimiterToRecord',
  'CloudWatchLogProcessing',
);

export const ProcessorParameterName = enumeration(
  'DataMessageExtraction',
  'NumberOfRetries',
  'Delimiter',
  'RoleArn',
  'JsonParsingEngine',
  'SubRecordType',
  'MetadataExtractionQuery',
  'BufferIntervalInSeconds',
  'LambdaArn',
  'BufferSizeInMBs',
  'CompressionFormat',
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
