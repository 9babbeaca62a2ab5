/**
 * What happens at the end of a transitional status. Each of these may have been interrupted anywhere and may run again, so each is
 * idempotent up to its one commit. A log is made before the catalog says that it exists, and removed after it says that it does not; what a
 * crash leaves between is removed or made at start (recover.ts).
 */
import { unreachable } from '../../base/assert.ts';
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { RecordLog } from '../../log/log.ts';
import { changeDeliveryStream, type ChangeParts } from '../directory/change-delivery-stream.ts';
import type { DeliveryStreamState } from '../directory/delivery-stream-state.ts';
import { PUT_PARTITION } from '../intake/put-log.ts';
import type { Pending } from './pending.ts';

export type CompleteParts = ChangeParts & { readonly log: RecordLog; readonly keys: KeyRing };

export async function completePending(parts: CompleteParts, stream: DeliveryStreamState): Promise<void> {
  const { pending } = stream;
  if (pending === undefined) return;
  switch (pending.kind) {
    case 'create':
      // For what is put directly, or put again where a stream is the source.
      await parts.log.createLog(stream.id, [PUT_PARTITION]);
      return settle(parts, stream, pending.kind, (row) => ({
        status: 'ACTIVE',
        ...(row.encryption_status === 'ENABLING' ? { encryption_status: 'ENABLED' } : {}),
      }));
    case 'delete':
      return deleteWholly(parts, stream);
    case 'start-encryption':
      await parts.keys.begin(stream.id);
      return settle(parts, stream, pending.kind, () => ({ encryption_status: 'ENABLED' }));
    case 'stop-encryption':
      await parts.keys.begin(stream.id);
      return settle(parts, stream, pending.kind, () => ({ encryption_status: 'DISABLED' }));
    default:
      return unreachable(pending);
  }
}

/** Nothing is pending any more, unless the delivery stream has moved on to something else. */
async function settle(
  parts: ChangeParts,
  stream: DeliveryStreamState,
  kind: Pending['kind'],
  changed: (row: DeliveryStreamRow) => Partial<DeliveryStreamRow>,
): Promise<void> {
  await changeDeliveryStream(parts, stream, (row) =>
    row.pending_json !== null && (JSON.parse(row.pending_json) as Pending).kind === kind
      ? { ...changed(row), pending_json: null }
      : {},
  );
}

async function deleteWholly(parts: CompleteParts, { id, arn }: DeliveryStreamState): Promise<void> {
  await parts.catalog.transact(async (transaction) => {
    await transaction.deleteFrom('tags').where('resource_arn', '=', arn).execute();
    await transaction.deleteFrom('deliveries').where('delivery_stream_id', '=', id).execute();
    await transaction.deleteFrom('reader_checkpoints').where('reader_id', '=', id).execute();
    await transaction.deleteFrom('reader_owners').where('reader_id', '=', id).execute();
    await transaction.deleteFrom('delivery_streams').where('delivery_stream_id', '=', id).execute();
  });
  await parts.directory.refresh(id);
  await parts.log.dropLog(id);
  await parts.keys.forget(id);
}
