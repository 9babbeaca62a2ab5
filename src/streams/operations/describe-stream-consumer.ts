import { describeConsumer } from '../directory/describe.ts';
import { resolveConsumer } from '../directory/resolve-stream.ts';
import type { StreamDirectory } from '../directory/stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { consumerResource } from '../directory/resources.ts';
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

export function describeStreamConsumer(parts: {
  readonly directory: StreamDirectory;
}): Handler<typeof DescribeStreamConsumer> {
  return (input, call) => {
    const { stream, consumer } = resolveConsumer(parts.directory, input, call);
    return { ConsumerDescription: { ...describeConsumer(consumer), StreamARN: stream.arn } };
  };
}
