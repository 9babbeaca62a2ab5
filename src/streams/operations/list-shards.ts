import { operation } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  ListShardsInputLimit,
  NextToken,
  ShardFilter,
  ShardId,
  ShardList,
  StreamARN,
  StreamId,
  StreamName,
  Timestamp,
} from '../shapes.ts';

export const ListShards = operation({
  name: 'ListShards',
  action: 'kinesis:ListShards',
  resources: streamResource,
  input: structure('ListShardsInput', {
    StreamName: optional(StreamName),
    NextToken: optional(NextToken),
    ExclusiveStartShardId: optional(ShardId),
    MaxResults: optional(ListShardsInputLimit),
    StreamCreationTimestamp: optional(Timestamp),
    ShardFilter: optional(ShardFilter),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('ListShardsOutput', {
    Shards: optional(ShardList),
    NextToken: optional(NextToken),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ExpiredNextTokenException',
    'ResourceInUseException',
    'AccessDeniedException',
  ],
});
