/** Bugs of what the catalog says of deliveries: something else is written at the end of each transaction. */
import { sql } from 'kysely';
import type { Catalog, CatalogTransaction } from '../../src/catalog/catalog.ts';
import type { PlantedBug } from './planted-bug.ts';

function atTheEnd(name: string, spoil: (transaction: CatalogTransaction) => Promise<unknown>): PlantedBug {
  return {
    name,
    isOfDeliveries: true,
    wrapCatalog: (catalog: Catalog): Catalog => ({
      ...catalog,
      transact: (change) =>
        catalog.transact(async (transaction) => {
          const result = await change(transaction);
          await spoil(transaction);
          return result;
        }),
    }),
  };
}

/** The checkpoint stands past what is still under way. */
export const checkpointPastADelivery = atTheEnd('checkpoint-past-a-delivery', (transaction) =>
  transaction
    .updateTable('reader_checkpoints')
    .set({ position: sql<number>`position + 40` })
    .where('position', '>', 0)
    .where((where) =>
      where.exists(
        where
          .selectFrom('deliveries')
          .select('delivery_id')
          .whereRef('delivery_stream_id', '=', 'reader_id')
          .where('state', '=', 'PENDING'),
      ),
    )
    .execute(),
);

/** What a destination gave up on is not recorded with the end of its delivery. */
export const errorLaneForgotten = atTheEnd('error-lane-forgotten', (transaction) =>
  transaction.deleteFrom('deliveries').where('lane', 'like', 'error:%').execute(),
);

/** A restart does not know what was finished above the checkpoint. */
export const finishedForgotten = atTheEnd('finished-forgotten', (transaction) =>
  transaction.deleteFrom('deliveries').where('state', '=', 'FINISHED').execute(),
);

/** A restart puts the same records under another key. */
export const anotherKeyAfterARestart = atTheEnd('another-key-after-a-restart', (transaction) =>
  transaction
    .updateTable('deliveries')
    .set({ object_key: sql<string>`object_key || '-again'` })
    .where('state', '=', 'PENDING')
    .where('object_key', 'not like', '%-again')
    .where((where) =>
      where.exists(
        where
          .selectFrom('reader_owners')
          .select('reader_id')
          .whereRef('reader_id', '=', 'delivery_stream_id')
          .whereRef('reader_owners.epoch', '>', 'deliveries.epoch'),
      ),
    )
    .execute(),
);
