import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { requireActive } from '../directory/stream-errors.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
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

export function updateMaxRecordSize(parts: ChangeParts): Handler<typeof UpdateMaxRecordSize> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    await changeStream(parts, stream, (row) => {
      requireActive(row);
      return { max_record_kib: input.MaxRecordSizeInKiB };
    });
    return {};
  };
}
