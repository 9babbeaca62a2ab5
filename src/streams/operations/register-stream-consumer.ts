import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { Consumer, ConsumerName, StreamARN, StreamId, TagMap } from '../shapes.ts';

export const RegisterStreamConsumer = operation({
  name: 'RegisterStreamConsumer',
  action: 'kinesis:RegisterStreamConsumer',
  resources: streamResource,
  input: structure('RegisterStreamConsumerInput', {
    StreamARN: required(StreamARN),
    ConsumerName: required(ConsumerName),
    StreamId: optional(StreamId),
    Tags: optional(TagMap),
  }),
  output: structure('RegisterStreamConsumerOutput', {
    Consumer: required(Consumer),
  }),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
  ],
});
