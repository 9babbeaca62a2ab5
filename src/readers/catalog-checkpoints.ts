/** Checkpoints in the catalog. What moves a checkpoint often has more to say in the same transaction, so that the steps are given by themselves too. */
import type { Catalog, CatalogTransaction } from '../catalog/catalog.ts';
import {
  StaleOwnerError,
  type Checkpoint,
  type CheckpointChange,
  type Checkpoints,
  type Ownership,
} from './checkpoints.ts';

export function createCatalogCheckpoints(catalog: Pick<Catalog, 'transact'>): Checkpoints {
  return {
    claim: (reader, owner) => catalog.transact((transaction) => claimReader(transaction, reader, owner)),
    write: (ownership, changes) =>
      catalog.transact(async (transaction) => {
        await requireOwner(transaction, ownership);
        await writeCheckpoints(transaction, ownership, changes);
      }),
    forget: (ownership, units) =>
      catalog.transact(async (transaction) => {
        await requireOwner(transaction, ownership);
        for (const unit of units) {
          await transaction
            .deleteFrom('reader_checkpoints')
            .where('reader_id', '=', ownership.reader)
            .where('unit_id', '=', unit)
            .execute();
        }
      }),
  };
}

async function claimReader(
  transaction: CatalogTransaction,
  reader: string,
  owner: string,
): Promise<Ownership> {
  const before = await transaction
    .selectFrom('reader_owners')
    .select('epoch')
    .where('reader_id', '=', reader)
    .executeTakeFirst();
  const epoch = (before?.epoch ?? 0) + 1;
  await transaction
    .insertInto('reader_owners')
    .values({ reader_id: reader, owner, epoch })
    .onConflict((conflict) => conflict.column('reader_id').doUpdateSet({ owner, epoch }))
    .execute();
  const rows = await transaction
    .selectFrom('reader_checkpoints')
    .select(['unit_id', 'position', 'finished', 'counted_position'])
    .where('reader_id', '=', reader)
    .execute();
  const checkpoints = new Map<string, Checkpoint>(
    rows.map(({ unit_id, position, finished }) => [unit_id, { position, finished: finished !== 0 }]),
  );
  const counted = new Map(rows.map((row) => [row.unit_id, row.counted_position]));
  return { reader, epoch, checkpoints, counted };
}

/** Throws `StaleOwnerError`, unless the owner still has the reader. */
export async function requireOwner(transaction: CatalogTransaction, ownership: Ownership): Promise<void> {
  const now = await transaction
    .selectFrom('reader_owners')
    .select('epoch')
    .where('reader_id', '=', ownership.reader)
    .executeTakeFirst();
  if (now?.epoch !== ownership.epoch) throw new StaleOwnerError(ownership.reader);
}

/** The caller has asked `requireOwner` in the same transaction. */
export async function writeCheckpoints(
  transaction: CatalogTransaction,
  { reader, epoch }: Ownership,
  changes: readonly CheckpointChange[],
): Promise<void> {
  for (const { unit, position, finished } of changes) {
    const values = { position, finished: finished ? 1 : 0, epoch };
    await transaction
      .insertInto('reader_checkpoints')
      .values({ reader_id: reader, unit_id: unit, ...values })
      .onConflict((conflict) => conflict.columns(['reader_id', 'unit_id']).doUpdateSet(values))
      .execute();
  }
}
