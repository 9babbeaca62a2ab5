import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { HashKey, ShardId, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const SplitShard = operation({
  name: 'SplitShard',
  action: 'kinesis:SplitShard',
  resources: streamResource,
  input: structure('SplitShardInput', {
    StreamName: optional(StreamName),
    ShardToSplit: required(ShardId),
    NewStartingHashKey: required(HashKey),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('SplitShardOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ValidationException',
    'AccessDeniedException',
  ],
});
