import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { checkRecordDistribution } from '../settings/record-distribution.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { requireActive } from '../directory/stream-errors.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
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

export function updateStreamRecordDistributionStrategy(
  parts: ChangeParts,
): Handler<typeof UpdateStreamRecordDistributionStrategy> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    await changeStream(parts, stream, (row) => {
      requireActive(row);
      checkRecordDistribution(input.RecordDistributionStrategy, row);
      return { record_distribution: input.RecordDistributionStrategy };
    });
    return {};
  };
}
