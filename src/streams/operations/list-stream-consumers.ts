import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import {
  ConsumerList,
  ListStreamConsumersInputLimit,
  NextToken,
  StreamARN,
  StreamId,
  Timestamp,
} from '../shapes.ts';

export const ListStreamConsumers = operation({
  name: 'ListStreamConsumers',
  action: 'kinesis:ListStreamConsumers',
  resources: streamResource,
  input: structure('ListStreamConsumersInput', {
    StreamARN: required(StreamARN),
    NextToken: optional(NextToken),
    MaxResults: optional(ListStreamConsumersInputLimit),
    StreamCreationTimestamp: optional(Timestamp),
    StreamId: optional(StreamId),
  }),
  output: structure('ListStreamConsumersOutput', {
    Consumers: optional(ConsumerList),
    NextToken: optional(NextToken),
  }),
  errors: [
    'ResourceNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ExpiredNextTokenException',
    'ResourceInUseException',
  ],
});
