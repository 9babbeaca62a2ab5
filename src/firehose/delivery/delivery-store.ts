/**
 * Deliveries and checkpoints in the catalog. What all delivery streams have to write while a transaction is under way shares the next one, so that
 * five hundred partitions that are closed at once cost one sync and not five hundred.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import { requireOwner, writeCheckpoints } from '../../readers/catalog-checkpoints.ts';
import { StaleOwnerError, type CheckpointChange, type Ownership } from '../../readers/checkpoints.ts';
import { deliveryOf, rowOf, type KeptDelivery } from './delivery-row.ts';

const CHANGES_AT_ONCE_MAX = 200;

export type DeliveryChange = {
  /** About to be attempted; what is there already is replaced. */
  readonly added?: readonly KeptDelivery[];
  /** Done, but not yet below the checkpoint; what is not there is added. */
  readonly finished?: readonly KeptDelivery[];
  /** Done, and below the checkpoint. */
  readonly removed?: readonly string[];
  readonly checkpoints?: readonly CheckpointChange[];
};

type Waiting = {
  readonly ownership: Ownership;
  readonly change: DeliveryChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export class DeliveryStore {
  readonly #catalog: Catalog;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(catalog: Catalog) {
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
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ownership, change, resolve, reject });
      if (!this.#writing) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, CHANGES_AT_ONCE_MAX);
      try {
        const stale = await this.#catalog.transact((transaction) => applyAll(transaction, together));
        for (const each of together) {
          if (stale.has(each)) each.reject(new StaleOwnerError(each.ownership.reader));
          else each.resolve();
        }
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#writing = false;
  }
}

/** Gives those whose owner is no more the owner; nothing of them was written. */
async function applyAll(
  transaction: CatalogTransaction,
  together: readonly Waiting[],
): Promise<ReadonlySet<Waiting>> {
  const stale = new Set<Waiting>();
  for (const each of together) {
    try {
      await requireOwner(transaction, each.ownership);
    } catch (error) {
      if (!(error instanceof StaleOwnerError)) throw error;
      stale.add(each);
      continue;
    }
    await apply(transaction, each.ownership, each.change);
  }
  return stale;
}

async function apply(
  transaction: CatalogTransaction,
  ownership: Ownership,
  { added = [], finished = [], removed = [], checkpoints = [] }: DeliveryChange,
): Promise<void> {
  for (const delivery of added) {
    await transaction
      .insertInto('deliveries')
      .values(rowOf(delivery, ownership, 'PENDING'))
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
