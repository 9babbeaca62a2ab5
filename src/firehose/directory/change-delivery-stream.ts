/**
 * The one way a delivery stream changes: a transaction that reads its row, checks and changes, grows `change`, and commits; then the
 * directory shows it. Because the checks run inside the transaction, two control operations on one delivery stream never both find it
 * as it was.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { DeliveryStream } from '../delivery-stream.ts';
import { deliveryStreamNotFound } from './delivery-stream-errors.ts';
import type { CatalogDeliveryStreams } from './directory.ts';

export type ChangeParts = { readonly catalog: Catalog; readonly directory: CatalogDeliveryStreams };

type Changed = Partial<Omit<DeliveryStreamRow, 'delivery_stream_id' | 'change'>>;

/**
 * `change` gives the columns to change; it may be run again, so it must have no other effects. Durable and visible when this resolves.
 * Throws ResourceNotFoundException when the delivery stream has gone meanwhile.
 */
export async function changeDeliveryStream(
  parts: ChangeParts,
  { id, name, account }: Pick<DeliveryStream, 'id' | 'name' | 'account'>,
  change: (row: DeliveryStreamRow, transaction: CatalogTransaction) => Changed | Promise<Changed>,
): Promise<void> {
  await parts.catalog.transact(async (transaction) => {
    const row = await transaction
      .selectFrom('delivery_streams')
      .selectAll()
      .where('delivery_stream_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw deliveryStreamNotFound(name, account);
    const changed = await change(row, transaction);
    await transaction
      .updateTable('delivery_streams')
      .set({ ...changed, change: row.change + 1 })
      .where('delivery_stream_id', '=', id)
      .execute();
  });
  await parts.directory.refresh(id);
}
