import { operation } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../resources.ts';
import { RecordDistributionStrategy, StreamARN, StreamId } from '../shapes.ts';

export const UpdateStreamRecordDistributionStrategy = operation({
  name: 'UpdateStreamRecordDistributionStrategy',
  action: 'kinesis:UpdateStreamRecordDistributionStrategy',
  resources: streamResource,
  input: structure('UpdateStreamRecordDistributionStrategyInput', {
    StreamARN: required(StreamARN),
    StreamId: optional(StreamId),
    RecordDistributionStrategy: required(RecordDistributionStrategy),
  }),
  output: structure('UpdateStreamRecordDistributionStrategyOutput', {}),
  errors: [
    'AccessDeniedException',
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'ValidationException',
  ],
});
