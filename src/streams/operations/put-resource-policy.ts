import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../resources.ts';
import { Policy, ResourceARN, StreamId } from '../shapes.ts';

export const PutResourcePolicy = operation({
  name: 'PutResourcePolicy',
  action: 'kinesis:PutResourcePolicy',
  resources: arnResource,
  input: structure('PutResourcePolicyInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
    Policy: required(Policy),
  }),
  output: structure('PutResourcePolicyOutput', {}),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
  ],
});
