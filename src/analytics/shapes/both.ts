import {
  enumeration,
  integer,
  list,
  long,
  optional,
  required,
  string,
  structure,
} from '../../wire/shape/shape.ts';

export const ApplicationName = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' });

export const ApplicationVersionId = long({ min: 1, max: 999999999 });

export const LogStreamARN = string({ min: 1, max: 2048, pattern: 'arn:.*' });

export const ResourceARN = string({ min: 1, max: 2048, pattern: 'arn:.*' });

export const Id = string({ min: 1, max: 50, pattern: '[a-zA-Z0-9_.-]+' });

export const InputParallelismCount = integer({ min: 1, max: 64 });

export const InputParallelism = structure('InputParallelism', { Count: optional(InputParallelismCount) });

export const RecordFormatType = enumeration('JSON', 'CSV');

export const InputStartingPosition = enumeration('NOW', 'TRIM_HORIZON', 'LAST_STOPPED_POINT');

export const InputStartingPositionConfiguration = structure('InputStartingPositionConfiguration', {
  InputStartingPosition: optional(InputStartingPosition),
});

export const DestinationSchema = structure('DestinationSchema', {
  RecordFormatType: required(RecordFormatType),
});

export const InAppTableName = string({ min: 1, max: 32 });

export const BucketARN = string({ min: 1, max: 2048, pattern: 'arn:.*' });

export const FileKey = string({ min: 1, max: 1024 });

export const ApplicationDescription = string({ min: 0, max: 1024 });

export const TagKey = string({ min: 1, max: 128 });

export const TagValue = string({ min: 0, max: 256 });

export const Tag = structure('Tag', { Key: required(TagKey), Value: optional(TagValue) });

export const Tags = list(Tag, { min: 1, max: 200 });

export const ParsedInputRecord = list(string());

export const ParsedInputRecords = list(ParsedInputRecord);

export const ProcessedInputRecords = list(string());

export const RawInputRecords = list(string());

export const ListApplicationsInputLimit = integer({ min: 1, max: 50 });

export const TagKeys = list(TagKey, { min: 1, max: 200 });
