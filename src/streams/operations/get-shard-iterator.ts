import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  BooleanObject,
  SequenceNumber,
  ShardId,
  ShardIterator,
  ShardIteratorType,
  StreamARN,
  StreamId,
  StreamName,
  Timestamp,
} from '../shapes.ts';

export const GetShardIterator = operation({
  name: 'GetShardIterator',
  action: 'kinesis:GetShardIterator',
  resources: streamResource,
  input: structure('GetShardIteratorInput', {
    StreamName: optional(StreamName),
    ShardId: required(ShardId),
    ShardIteratorType: required(ShardIteratorType),
    StartingSequenceNumber: optional(SequenceNumber),
    Timestamp: optional(Timestamp),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    DryRun: optional(BooleanObject),
  }),
  output: structure('GetShardIteratorOutput', {
    ShardIterator: optional(ShardIterator),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ProvisionedThroughputExceededException',
    'AccessDeniedException',
    'InternalFailureException',
    'DryRunOperationException',
  ],
});
