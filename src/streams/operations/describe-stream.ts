import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  DescribeStreamInputLimit,
  ShardId,
  StreamARN,
  StreamDescription,
  StreamId,
  StreamName,
} from '../shapes.ts';

export const DescribeStream = operation({
  name: 'DescribeStream',
  action: 'kinesis:DescribeStream',
  resources: streamResource,
  input: structure('DescribeStreamInput', {
    StreamName: optional(StreamName),
    Limit: optional(DescribeStreamInputLimit),
    ExclusiveStartShardId: optional(ShardId),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DescribeStreamOutput', {
    StreamDescription: required(StreamDescription),
  }),
  errors: [
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});
