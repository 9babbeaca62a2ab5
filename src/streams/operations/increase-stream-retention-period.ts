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

/**
 * What had expired by the shorter period is trimmed before the longer one begins: it does not come back.
 * Throws InvalidArgumentException outside 24 to 8,760 hours and for a shorter period.
 */
export function increaseStreamRetentionPeriod(
  parts: ChangeParts & { readonly clock: Clock; readonly log: RecordLog },
): Handler<typeof IncreaseStreamRetentionPeriod> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    const hours = input.RetentionPeriodHours;
    checkRetentionHours(hours);
    if (hours > stream.retentionHours) await trimNow(parts.log, stream, parts.clock.now());
    await changeStream(parts, stream, (row) => {
      if (hours < row.retention_hours) {
        throw invalidArgument(
          `Requested retention period (${hours} hours) for stream ${stream.name} can not be shorter than existing ` +
            `retention period (${row.retention_hours} hours). Use DecreaseRetentionPeriod API.`,
        );
      }
      requireActive(row);
      return { retention_hours: hours };
    });
    return {};
  };
}
