import type { Clock } from '../../host/host.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { changeDeliveryStream, type ChangeParts } from '../directory/change-delivery-stream.ts';
import { resourceInUse } from '../directory/delivery-stream-errors.ts';
import { deliveryStreamResource, resolveDeliveryStream } from '../directory/resolve-delivery-stream.ts';
import type { Pending } from '../lifecycle/pending.ts';
import { BooleanObject, DeliveryStreamName } from '../shapes/names.ts';

export const DeleteDeliveryStream = operation({
  name: 'DeleteDeliveryStream',
  action: 'firehose:DeleteDeliveryStream',
  resources: deliveryStreamResource,
  input: structure('DeleteDeliveryStreamInput', {
    DeliveryStreamName: required(DeliveryStreamName),
    AllowForceDelete: optional(BooleanObject),
  }),
  output: structure('DeleteDeliveryStreamOutput', {}),
  errors: ['ResourceInUseException', 'ResourceNotFoundException'],
});

/** What was not delivered goes with it. There are no grants of keys to retire, so that forcing makes no difference. */
export function deleteDeliveryStream(
  parts: ChangeParts & { readonly clock: Clock; readonly stateDurationMs: number },
): Handler<typeof DeleteDeliveryStream> {
  return async (input, call) => {
    const stream = resolveDeliveryStream(parts.directory, input, call);
    await changeDeliveryStream(parts, stream, (row) => {
      if (row.status === 'CREATING') {
        throw resourceInUse(
          `Firehose ${row.name} under accountId ${row.account} cannot be deleted in state ${row.status}.`,
        );
      }
      if (row.status === 'DELETING') return {};
      const dueMs = parts.clock.now() + parts.stateDurationMs;
      const pending: Pending = { kind: 'delete', dueMs };
      return { status: 'DELETING', pending_json: JSON.stringify(pending) };
    });
    return {};
  };
}
