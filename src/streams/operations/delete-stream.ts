import type { Clock } from '../../host/host.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { requireActive, resourceInUse } from '../directory/stream-errors.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { BooleanObject, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const DeleteStream = operation({
  name: 'DeleteStream',
  action: 'kinesis:DeleteStream',
  resources: streamResource,
  input: structure('DeleteStreamInput', {
    StreamName: optional(StreamName),
    EnforceConsumerDeletion: optional(BooleanObject),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DeleteStreamOutput', {}),
  errors: [
    'ResourceNotFoundException',
    'LimitExceededException',
    'ResourceInUseException',
    'InvalidArgumentException',
    'AccessDeniedException',
  ],
});

export function deleteStream(
  parts: ChangeParts & { readonly clock: Clock; readonly stateDurationMs: number },
): Handler<typeof DeleteStream> {
  return async (input, call) => {
    const stream = resolveStream(parts.directory, input, call);
    await changeStream(parts, stream, async (row, transaction) => {
      requireActive(row);
      if (input.EnforceConsumerDeletion !== true) {
        const consumer = await transaction
          .selectFrom('consumers')
          .select('name')
          .where('stream_id', '=', stream.id)
          .executeTakeFirst();
        if (consumer !== undefined) {
          throw resourceInUse(
            `Stream ${row.name} under account ${row.account} has registered consumers. ` +
              'Deregister them, or set EnforceConsumerDeletion.',
          );
        }
      }
      const dueMs = parts.clock.now() + parts.stateDurationMs;
      // They go with the stream, not by themselves.
      await transaction
        .updateTable('consumers')
        .set({ status: 'DELETING', due_ms: null })
        .where('stream_id', '=', stream.id)
        .execute();
      const pending: Pending = { kind: 'delete', dueMs };
      return { status: 'DELETING', pending_json: JSON.stringify(pending) };
    });
    return {};
  };
}
