/** Deliveries and checkpoints in the catalog. */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import { requireOwner, writeCheckpoints } from '../../readers/catalog-checkpoints.ts';
import type { CheckpointChange, Ownership } from '../../readers/checkpoints.ts';
import { deliveryOf, rowOf, type KeptDelivery } from './delivery-row.ts';

export type DeliveryChange = {
  /** About to be attempted; what is there already is replaced. */
  readonly added?: readonly KeptDelivery[];
  /** Done, but not yet below the checkpoint; what is not there is added. */
  readonly finished?: readonly KeptDelivery[];
  /** Done, and below the checkpoint. */
  readonly removed?: readonly string[];
  readonly checkpoints?: readonly CheckpointChange[];
};

export class DeliveryStore {
  readonly #catalog: Pick<Catalog, 'read' | 'transact'>;

  constructor(catalog: Pick<Catalog, 'read' | 'transact'>) {
    this.#catalog = catalog;
  }

  async read(deliveryStream: string): Promise<{ pending: KeptDelivery[]; finished: KeptDelivery[] }> {
    const rows = await this.#catalog.read((transaction) =>
      transaction
        .selectFrom('deliveries')
        .selectAll()
        .where('delivery_stream_id', '=', deliveryStream)
        .orderBy('created_ms')
        .execute(),
    );
    const of = (state: string) => rows.filter((row) => row.state === state).map(deliveryOf);
    return { pending: of('PENDING'), finished: of('FINISHED') };
  }

  /** All or nothing. Throws `StaleOwnerError`, and the catalog's errors. */
  commit(ownership: Ownership, change: DeliveryChange): Promise<void> {
    return this.#catalog.transact(async (transaction) => {
      await requireOwner(transaction, ownership);
      await apply(transaction, ownership, change);
    });
  }
}

async function apply(
  transaction: CatalogTransaction,
  ownership: Ownership,
  { added = [], finished = [], removed = [], checkpoints = [] }: DeliveryChange,
): Promise<void> {
  for (const delivery of added) {
    const row = rowOf(delivery, ownership, 'PENDING');
    await transaction
      .insertInto('deliveries')
      .values(row)
      // A delivery that is gathered again may have become smaller.
      .onConflict((conflict) => conflict.column('delivery_id').doUpdateSet(row))
      .execute();
  }
  for (const delivery of finished) {
    await transaction
      .insertInto('deliveries')
      .values(rowOf(delivery, ownership, 'FINISHED'))
      .onConflict((conflict) =>
        conflict.column('delivery_id').doUpdateSet({ state: 'FINISHED', epoch: ownership.epoch }),
      )
      .execute();
  }
  for (const id of removed) {
    await transaction.deleteFrom('deliveries').where('delivery_id', '=', id).execute();
  }
  await writeCheckpoints(transaction, ownership, checkpoints);
}
