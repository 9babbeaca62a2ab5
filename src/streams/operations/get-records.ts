import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  BooleanObject,
  ChildShardList,
  GetRecordsInputLimit,
  MillisBehindLatest,
  RecordList,
  ShardIterator,
  StreamARN,
  StreamId,
} from '../shapes.ts';

export const GetRecords = operation({
  name: 'GetRecords',
  action: 'kinesis:GetRecords',
  resources: streamResource,
  input: structure('GetRecordsInput', {
    ShardIterator: required(ShardIterator),
    Limit: optional(GetRecordsInputLimit),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('GetRecordsOutput', {
    Records: required(RecordList),
    NextShardIterator: optional(ShardIterator),
    MillisBehindLatest: optional(MillisBehindLatest),
    ChildShards: optional(ChildShardList),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ProvisionedThroughputExceededException',
    'ExpiredIteratorException',
    'KMSDisabledException',
    'KMSInvalidStateException',
    'KMSAccessDeniedException',
    'KMSNotFoundException',
    'KMSOptInRequired',
    'KMSThrottlingException',
    'AccessDeniedException',
    'InternalFailureException',
    'DryRunOperationException',
  ],
});
