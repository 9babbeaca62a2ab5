import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { MaxRecordSizeInKiB, StreamARN, StreamId } from '../shapes.ts';

export const UpdateMaxRecordSize = operation({
  name: 'UpdateMaxRecordSize',
  action: 'kinesis:UpdateMaxRecordSize',
  resources: streamResource,
  input: structure('UpdateMaxRecordSizeInput', {
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
    MaxRecordSizeInKiB: required(MaxRecordSizeInKiB),
  }),
  output: structure('UpdateMaxRecordSizeOutput', {}),
  errors: [
    'ResourceInUseException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'AccessDeniedException',
    'ValidationException',
  ],
});
