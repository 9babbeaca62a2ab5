/**
 * The streams in memory. Loaded whole from the catalog at start and, after each committed change, one stream at a time; all
 * reads of the service are answered from here. Loads run one after another, so that a snapshot never goes back in time, and
 * watchers hear of changes in the order in which they were loaded.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import type { ConsumerRow, ShardRow } from '../../catalog/tables.ts';
import { shardListsOf, streamOf } from './stream-rows.ts';
import type { Stream, StreamDirectory } from './stream.ts';

type OnChange = (before: Stream | undefined, now: Stream | undefined) => void;
type Place = { readonly byName: Map<string, Stream>; sorted: readonly Stream[] | undefined };

export async function openStreamDirectory(catalog: Catalog): Promise<CatalogStreamDirectory> {
  const directory = new CatalogStreamDirectory(catalog);
  await directory.load();
  return directory;
}

export class CatalogStreamDirectory implements StreamDirectory {
  readonly #catalog: Catalog;
  readonly #byId = new Map<string, Stream>();
  readonly #places = new Map<string, Place>();
  readonly #watchers = new Set<OnChange>();
  #loading: Promise<void> = Promise.resolve();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  byName(account: string, region: string, name: string): Stream | undefined {
    return this.#places.get(`${account}/${region}`)?.byName.get(name);
  }

  byId(id: string): Stream | undefined {
    return this.#byId.get(id);
  }

  list(account: string, region: string): readonly Stream[] {
    const place = this.#places.get(`${account}/${region}`);
    if (place === undefined) return [];
    place.sorted ??= [...place.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return place.sorted;
  }

  all(): Iterable<Stream> {
    return this.#byId.values();
  }

  watch(onChange: OnChange): Disposable {
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onChange) };
  }

  /** Every stream, at start. */
  load(): Promise<void> {
    return this.#inOrder(async () => {
      const streams = await this.#catalog.read(allStreams);
      for (const stream of streams) this.#put(stream.id, stream);
    });
  }

  /**
   * The stream as the catalog has it now. Call after a commit; resolves when readers see it. `keepsShards` says that the commit
   * left the shards as they were: then thousands of rows need not be read again.
   */
  refresh(streamId: string, keepsShards = false): Promise<void> {
    return this.#inOrder(async () => {
      const before = keepsShards ? this.#byId.get(streamId) : undefined;
      const now = await this.#catalog.read((transaction) => oneStream(transaction, streamId, before));
      this.#put(streamId, now);
    });
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#loading.then(work);
    this.#loading = done.catch(() => {});
    return done;
  }

  #put(id: string, now: Stream | undefined): void {
    const before = this.#byId.get(id);
    if (before === now || (now !== undefined && before?.version === now.version)) return;
    if (before !== undefined) this.#place(before).byName.delete(before.name);
    if (now === undefined) this.#byId.delete(id);
    else {
      this.#byId.set(id, now);
      this.#place(now).byName.set(now.name, now);
    }
    for (const watcher of [...this.#watchers]) watcher(before, now);
  }

  /** The place's streams, about to change. */
  #place(stream: Stream): Place {
    const key = `${stream.account}/${stream.region}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = { byName: new Map(), sorted: undefined }));
    place.sorted = undefined;
    return place;
  }
}

/** With the shards of `before` when nothing but the one commit that kept them has happened since. */
async function oneStream(
  transaction: CatalogTransaction,
  id: string,
  before: Stream | undefined,
): Promise<Stream | undefined> {
  const row = await transaction
    .selectFrom('streams')
    .selectAll()
    .where('stream_id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const consumers = await transaction
    .selectFrom('consumers')
    .selectAll()
    .where('stream_id', '=', id)
    .orderBy('name')
    .execute();
  if (before?.version === row.version - 1) return streamOf(row, before, consumers);
  const shards = await transaction.selectFrom('shards').selectAll().where('stream_id', '=', id).execute();
  return streamOf(row, shardListsOf(shards), consumers);
}

async function allStreams(transaction: CatalogTransaction): Promise<readonly Stream[]> {
  const rows = await transaction.selectFrom('streams').selectAll().execute();
  const shards = Map.groupBy(
    await transaction.selectFrom('shards').selectAll().execute(),
    (row: ShardRow) => row.stream_id,
  );
  const consumers = Map.groupBy(
    await transaction.selectFrom('consumers').selectAll().orderBy('name').execute(),
    (row: ConsumerRow) => row.stream_id,
  );
  return rows.map((row) =>
    streamOf(row, shardListsOf(shards.get(row.stream_id) ?? []), consumers.get(row.stream_id) ?? []),
  );
}
