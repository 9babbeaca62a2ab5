import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { RetentionPeriodHours, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const DecreaseStreamRetentionPeriod = operation({
  name: 'DecreaseStreamRetentionPeriod',
  action: 'kinesis:DecreaseStreamRetentionPeriod',
  resources: streamResource,
  input: structure('DecreaseStreamRetentionPeriodInput', {
    StreamName: optional(StreamName),
    RetentionPeriodHours: required(RetentionPeriodHours),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DecreaseStreamRetentionPeriodOutput', {}),
  errors: [
    'ResourceInUseException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});
