import { operation } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { consumerResource } from '../resources.ts';
import { ConsumerARN, ConsumerName, StreamARN, StreamId } from '../shapes.ts';

export const DeregisterStreamConsumer = operation({
  name: 'DeregisterStreamConsumer',
  action: 'kinesis:DeregisterStreamConsumer',
  resources: consumerResource,
  input: structure('DeregisterStreamConsumerInput', {
    StreamARN: optional(StreamARN),
    ConsumerName: optional(ConsumerName),
    ConsumerARN: optional(ConsumerARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DeregisterStreamConsumerOutput', {}),
  errors: ['LimitExceededException', 'ResourceNotFoundException', 'InvalidArgumentException'],
});
