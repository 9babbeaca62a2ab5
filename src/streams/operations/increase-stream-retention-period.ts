import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { RetentionPeriodHours, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const IncreaseStreamRetentionPeriod = operation({
  name: 'IncreaseStreamRetentionPeriod',
  action: 'kinesis:IncreaseStreamRetentionPeriod',
  resources: streamResource,
  input: structure('IncreaseStreamRetentionPeriodInput', {
    StreamName: optional(StreamName),
    RetentionPeriodHours: required(RetentionPeriodHours),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('IncreaseStreamRetentionPeriodOutput', {}),
  errors: [
    'ResourceInUseException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});
