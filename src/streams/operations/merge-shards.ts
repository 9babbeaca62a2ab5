import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { ShardId, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const MergeShards = operation({
  name: 'MergeShards',
  action: 'kinesis:MergeShards',
  resources: streamResource,
  input: structure('MergeShardsInput', {
    StreamName: optional(StreamName),
    ShardToMerge: required(ShardId),
    AdjacentShardToMerge: required(ShardId),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('MergeShardsOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ValidationException',
    'AccessDeniedException',
  ],
});
