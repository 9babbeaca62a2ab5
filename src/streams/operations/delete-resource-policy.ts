import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../resources.ts';
import { ResourceARN, StreamId } from '../shapes.ts';

export const DeleteResourcePolicy = operation({
  name: 'DeleteResourcePolicy',
  action: 'kinesis:DeleteResourcePolicy',
  resources: arnResource,
  input: structure('DeleteResourcePolicyInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DeleteResourcePolicyOutput', {}),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
  ],
});
