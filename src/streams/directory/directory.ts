/**
 * The streams in memory. Loaded whole from the catalog at start and, after each committed change, one stream at a time; all
 * reads of the service are answered from here.
 */
import type { Catalog, CatalogTransaction } from '../../catalog/catalog.ts';
import { Snapshots } from '../../catalog/snapshots.ts';
import type { ConsumerRow, ShardRow } from '../../catalog/tables.ts';
import { shardListsOf, streamOf } from './stream-rows.ts';
import type { Stream, StreamDirectory } from './stream.ts';

export async function openStreamDirectory(catalog: Catalog): Promise<CatalogStreamDirectory> {
  const directory = new CatalogStreamDirectory(catalog);
  await directory.load();
  return directory;
}

export class CatalogStreamDirectory extends Snapshots<Stream> implements StreamDirectory {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    super(({ version }) => version);
    this.#catalog = catalog;
  }

  /** Every stream, at start. */
  load(): Promise<void> {
    return this.inOrder(async () => {
      const streams = await this.#catalog.read(allStreams);
      for (const stream of streams) this.put(stream.id, stream);
    });
  }

  /**
   * The stream as the catalog has it now. Call after a commit; resolves when readers see it. `keepsShards` says that the commit
   * left the shards as they were: then thousands of rows need not be read again.
   */
  refresh(streamId: string, keepsShards = false): Promise<void> {
    return this.inOrder(async () => {
      const before = keepsShards ? this.byId(streamId) : undefined;
      const now = await this.#catalog.read((transaction) => oneStream(transaction, streamId, before));
      this.put(streamId, now);
    });
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
