import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../resources.ts';
import { Policy, ResourceARN, StreamId } from '../shapes.ts';

export const GetResourcePolicy = operation({
  name: 'GetResourcePolicy',
  action: 'kinesis:GetResourcePolicy',
  resources: arnResource,
  input: structure('GetResourcePolicyInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
  }),
  output: structure('GetResourcePolicyOutput', {
    Policy: required(Policy),
  }),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
  ],
});
