import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { NaturalIntegerObject, StreamARN, StreamId, StreamModeDetails } from '../shapes.ts';

export const UpdateStreamMode = operation({
  name: 'UpdateStreamMode',
  action: 'kinesis:UpdateStreamMode',
  resources: streamResource,
  input: structure('UpdateStreamModeInput', {
    StreamARN: required(StreamARN),
    StreamId: optional(StreamId),
    StreamModeDetails: required(StreamModeDetails),
    WarmThroughputMiBps: optional(NaturalIntegerObject),
  }),
  output: structure('UpdateStreamModeOutput', {}),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});
