import { operation } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { BooleanObject, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const DeleteStream = operation({
  name: 'DeleteStream',
  action: 'kinesis:DeleteStream',
  resources: streamResource,
  input: structure('DeleteStreamInput', {
    StreamName: optional(StreamName),
    EnforceConsumerDeletion: optional(BooleanObject),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DeleteStreamOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'LimitExceededException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});
