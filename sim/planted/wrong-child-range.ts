import { hashKeyBefore, areAdjacent } from '../../src/streams/resharding/hash-key-ranges.ts';
import type { Catalog, CatalogTransaction } from '../../src/catalog/catalog.ts';
import type { PlantedBug } from './planted-bug.ts';

/** The lower child of a split ends one hash key too early. */
export const wrongChildRange: PlantedBug = {
  name: 'wrong-child-range',
  wrapCatalog: (catalog: Catalog): Catalog => ({
    ...catalog,
    transact: (change) =>
      catalog.transact(async (transaction) => {
        const result = await change(transaction);
        await shorten(transaction);
        return result;
      }),
  }),
};

async function shorten(transaction: CatalogTransaction): Promise<void> {
  const rows = await transaction
    .selectFrom('shards')
    .select(['stream_id', 'shard_index', 'parent_index', 'starting_hash_key', 'ending_hash_key'])
    .where('parent_index', 'is not', null)
    .execute();
  for (const row of rows) {
    const {
      stream_id,
      parent_index,
      starting_hash_key: startingHashKey,
      ending_hash_key: endingHashKey,
    } = row;
    const next = rows.some(
      (one) =>
        one.stream_id === stream_id &&
        one.parent_index === parent_index &&
        areAdjacent(
          { startingHashKey, endingHashKey },
          { startingHashKey: one.starting_hash_key, endingHashKey: '' },
        ),
    );
    if (!next) continue;
    await transaction
      .updateTable('shards')
      .set({ ending_hash_key: hashKeyBefore(endingHashKey) })
      .where('stream_id', '=', stream_id)
      .where('shard_index', '=', row.shard_index)
      .execute();
  }
}
