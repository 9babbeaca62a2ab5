import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { consumerResource } from '../resources.ts';
import { ConsumerARN, ConsumerDescription, ConsumerName, StreamARN, StreamId } from '../shapes.ts';

export const DescribeStreamConsumer = operation({
  name: 'DescribeStreamConsumer',
  action: 'kinesis:DescribeStreamConsumer',
  resources: consumerResource,
  input: structure('DescribeStreamConsumerInput', {
    StreamARN: optional(StreamARN),
    ConsumerName: optional(ConsumerName),
    ConsumerARN: optional(ConsumerARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DescribeStreamConsumerOutput', {
    ConsumerDescription: required(ConsumerDescription),
  }),
  errors: ['LimitExceededException', 'ResourceNotFoundException', 'InvalidArgumentException'],
});
