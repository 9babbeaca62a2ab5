/**
 * The delivery streams in memory. Loaded whole from the catalog at start and, after each committed change, one at a time; all reads of the
 * service are answered from here.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { Snapshots } from '../../catalog/snapshots.ts';
import type { DeliveryStreamRow } from '../../catalog/tables.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { DeliveryStreamSource, DeliveryStreams } from '../delivery-stream.ts';
import type { Pending } from '../lifecycle/pending.ts';
import {
  deliveryStreamArn,
  type DeliveryStreamDirectory,
  type DeliveryStreamState,
} from './delivery-stream-state.ts';
import { openDestination } from './sealed-destination.ts';

/** `sealers` have every key that a destination was sealed under. */
export async function openDeliveryStreams(
  catalog: Catalog,
  sealers: Sealers,
): Promise<CatalogDeliveryStreams> {
  const directory = new CatalogDeliveryStreams(catalog, sealers);
  await directory.load();
  return directory;
}

export class CatalogDeliveryStreams
  extends Snapshots<DeliveryStreamState>
  implements DeliveryStreamDirectory, DeliveryStreams
{
  readonly #catalog: Catalog;
  readonly #sealers: Sealers;

  constructor(catalog: Catalog, sealers: Sealers) {
    super(({ change }) => change);
    this.#catalog = catalog;
    this.#sealers = sealers;
  }

  /** Every delivery stream, at start. */
  load(): Promise<void> {
    return this.inOrder(async () => {
      const rows = await this.#catalog.read((transaction) =>
        transaction.selectFrom('delivery_streams').selectAll().execute(),
      );
      for (const row of rows) this.put(row.delivery_stream_id, this.#stateOf(row));
    });
  }

  /** The delivery stream as the catalog has it now. Call after a commit; resolves when readers see it. */
  refresh(id: string): Promise<void> {
    return this.inOrder(async () => {
      const row = await this.#catalog.read((transaction) =>
        transaction
          .selectFrom('delivery_streams')
          .selectAll()
          .where('delivery_stream_id', '=', id)
          .executeTakeFirst(),
      );
      this.put(id, row === undefined ? undefined : this.#stateOf(row));
    });
  }

  #stateOf(row: DeliveryStreamRow): DeliveryStreamState {
    const { delivery_stream_id: id, account, region, name } = row;
    return Object.freeze({
      ...{ id, account, region, name },
      arn: deliveryStreamArn(region, account, name),
      status: row.status,
      versionId: String(row.version_id),
      createdMs: row.created_ms,
      lastUpdateMs: row.last_update_ms ?? undefined,
      source: JSON.parse(row.source_json) as DeliveryStreamSource,
      destination: openDestination(this.#sealers, id, row),
      encryption: Object.freeze({
        status: row.encryption_status,
        keyType: row.encryption_key_type ?? undefined,
        keyArn: row.encryption_key_arn ?? undefined,
      }),
      pending: row.pending_json === null ? undefined : (JSON.parse(row.pending_json) as Pending),
      change: row.change,
    });
  }
}
