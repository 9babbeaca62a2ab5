import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { consumerResource } from '../resources.ts';
import {
  BooleanObject,
  ConsumerARN,
  ShardId,
  StartingPosition,
  StreamId,
  SubscribeToShardEventStream,
} from '../shapes.ts';

export const SubscribeToShard = operation({
  name: 'SubscribeToShard',
  action: 'kinesis:SubscribeToShard',
  resources: consumerResource,
  input: structure('SubscribeToShardInput', {
    ConsumerARN: required(ConsumerARN),
    StreamId: optional(StreamId),
    ShardId: required(ShardId),
    StartingPosition: required(StartingPosition),
    DryRun: optional(BooleanObject),
  }),
  output: structure('SubscribeToShardOutput', {
    EventStream: required(SubscribeToShardEventStream),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'ResourceInUseException',
    'LimitExceededException',
    'AccessDeniedException',
    'DryRunOperationException',
  ],
});
