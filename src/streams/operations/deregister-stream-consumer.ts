import type { Clock } from '../../host/host.ts';
import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveConsumer } from '../directory/resolve-stream.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, structure } from '../../wire/shape/shape.ts';
import { consumerResource } from '../directory/resources.ts';
import { ConsumerARN, ConsumerName, StreamARN, StreamId } from '../shapes.ts';

export const DeregisterStreamConsumer = operation({
  name: 'DeregisterStreamConsumer',
  action: 'kinesis:DeregisterStreamConsumer',
  resources: consumerResource,
  input: structure('DeregisterStreamConsumerInput', {
    StreamARN: optional(StreamARN),
    ConsumerName: optional(ConsumerName),
    ConsumerARN: optional(ConsumerARN),
    StreamId: optional(StreamId),
  }),
  output: structure('DeregisterStreamConsumerOutput', {}),
  errors: ['LimitExceededException', 'ResourceNotFoundException', 'InvalidArgumentException'],
});

/**
 * A consumer that is being deleted already stays so. It is there until the second of its creation has passed, so that the next
 * one of its name gets another ARN.
 */
export function deregisterStreamConsumer(
  parts: ChangeParts & { readonly clock: Clock; readonly stateDurationMs: number },
): Handler<typeof DeregisterStreamConsumer> {
  return async (input, call) => {
    const { stream, consumer } = resolveConsumer(parts.directory, input, call);
    const nextSecondMs = (Math.floor(consumer.createdMs / 1000) + 1) * 1000;
    const dueMs = Math.max(parts.clock.now() + parts.stateDurationMs, nextSecondMs);
    await changeStream(parts, stream, async (_row, transaction) => {
      await transaction
        .updateTable('consumers')
        .set({ status: 'DELETING', due_ms: dueMs })
        .where('consumer_arn', '=', consumer.arn)
        .where('status', '!=', 'DELETING')
        .execute();
      return {};
    });
    return {};
  };
}
