/**
 * The delivery streams in memory. Loaded whole from the catalog at start and, after each committed change, one at a time; all reads of the
 * service are answered from here. Loads run one after another, so that a snapshot never goes back in time, and watchers hear of changes
 * in the order in which they were loaded.
 */
import type { Catalog } from '../../catalog/catalog.ts';
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

type OnChange = Parameters<DeliveryStreamDirectory['watch']>[0];
type Place = {
  readonly byName: Map<string, DeliveryStreamState>;
  sorted: readonly DeliveryStreamState[] | undefined;
};

/** `sealers` have every key that a destination was sealed under. */
export async function openDeliveryStreams(
  catalog: Catalog,
  sealers: Sealers,
): Promise<CatalogDeliveryStreams> {
  const directory = new CatalogDeliveryStreams(catalog, sealers);
  await directory.load();
  return directory;
}

export class CatalogDeliveryStreams implements DeliveryStreamDirectory, DeliveryStreams {
  readonly #catalog: Catalog;
  readonly #sealers: Sealers;
  readonly #byId = new Map<string, DeliveryStreamState>();
  readonly #places = new Map<string, Place>();
  readonly #watchers = new Set<OnChange>();
  #loading: Promise<void> = Promise.resolve();

  constructor(catalog: Catalog, sealers: Sealers) {
    this.#catalog = catalog;
    this.#sealers = sealers;
  }

  byName(account: string, region: string, name: string): DeliveryStreamState | undefined {
    return this.#places.get(`${account}/${region}`)?.byName.get(name);
  }

  byId(id: string): DeliveryStreamState | undefined {
    return this.#byId.get(id);
  }

  list(account: string, region: string): readonly DeliveryStreamState[] {
    const place = this.#places.get(`${account}/${region}`);
    if (place === undefined) return [];
    place.sorted ??= [...place.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return place.sorted;
  }

  all(): Iterable<DeliveryStreamState> {
    return this.#byId.values();
  }

  watch(onChange: OnChange): Disposable {
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onChange) };
  }

  /** Every delivery stream, at start. */
  load(): Promise<void> {
    return this.#inOrder(async () => {
      const rows = await this.#catalog.read((transaction) =>
        transaction.selectFrom('delivery_streams').selectAll().execute(),
      );
      for (const row of rows) this.#put(row.delivery_stream_id, this.#stateOf(row));
    });
  }

  /** The delivery stream as the catalog has it now. Call after a commit; resolves when readers see it. */
  refresh(id: string): Promise<void> {
    return this.#inOrder(async () => {
      const row = await this.#catalog.read((transaction) =>
        transaction
          .selectFrom('delivery_streams')
          .selectAll()
          .where('delivery_stream_id', '=', id)
          .executeTakeFirst(),
      );
      this.#put(id, row === undefined ? undefined : this.#stateOf(row));
    });
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#loading.then(work);
    this.#loading = done.catch(() => {});
    return done;
  }

  #put(id: string, now: DeliveryStreamState | undefined): void {
    const before = this.#byId.get(id);
    if (before === now || (now !== undefined && before?.change === now.change)) return;
    if (before !== undefined) this.#place(before).byName.delete(before.name);
    if (now === undefined) this.#byId.delete(id);
    else {
      this.#byId.set(id, now);
      this.#place(now).byName.set(now.name, now);
    }
    for (const watcher of [...this.#watchers]) watcher(before, now);
  }

  /** The place's delivery streams, about to change. */
  #place({ account, region }: DeliveryStreamState): Place {
    const key = `${account}/${region}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = { byName: new Map(), sorted: undefined }));
    place.sorted = undefined;
    return place;
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
