import type { Clock } from '../../host/host.ts';
import type { RecordLog } from '../../log/log.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument, requireActive } from '../directory/stream-errors.ts';
import { checkRetentionHours, trimNow } from '../lifecycle/retention.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
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

/** What the shorter period leaves out is inaccessible at once. Throws InvalidArgumentException outside 24 to 8,760 hours and for a longer period. */
export function decreaseStreamRetentionPeriod(
  parts: ChangeParts & { readonly clock: Clock; readonly log: RecordLog },
): Handler<typeof DecreaseStreamRetentionPeriod> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const hours = input.RetentionPeriodHours;
    checkRetentionHours(hours);
    await changeStream(parts, stream, (row) => {
      if (hours > row.retention_hours) {
        throw invalidArgument(
          `Requested retention period (${hours} hours) for stream ${stream.name} can not be longer than existing ` +
            `retention period (${row.retention_hours} hours). Use IncreaseRetentionPeriod API.`,
        );
      }
      requireActive(row);
      return { retention_hours: hours };
    });
    const shorter = parts.directory.byId(stream.id);
    if (shorter !== undefined) await trimNow(parts.log, shorter, parts.clock.now());
    return {};
  };
}
