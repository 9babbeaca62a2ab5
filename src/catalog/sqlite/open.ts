/**
 * The embedded catalog: one SQLite file beside the log (and its `-wal`), or memory. One connection, on which transactions
 * run one after the other; they await nothing but their own statements, so nobody waits long.
 *
 * On a full disk a change is tried once more with the room of the reserve (reserve.ts).
 *
 * Promises: what `transact` resolved for is on disk (WAL, synchronous=FULL). The WAL is written back every MiB and cut
 * to that size, so that a small disk is enough. The caller holds the data directory's lock.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { backup, DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Host } from '../../host/host.ts';
import { CatalogFullError, CatalogUnusableError, type Catalog, type CatalogTransaction } from '../catalog.ts';
import { migrate } from '../migrations.ts';
import type { Tables } from '../tables.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { corruptText, translated, translatedAtOpening } from './errors.ts';
import { openReserve, type Reserve } from './reserve.ts';

const WAL_BYTES_MAX = 1024 * 1024;
const PAGE_BYTES = 4096;
/** SQLite waits in the calling thread, so the wait is short. */
const BUSY_TIMEOUT_MS = 200;
/** More than a catalog ever has. */
const PAGES_MAX = 2 ** 30;

/**
 * Opens the catalog, makes or upgrades its tables. `path` is a file (made with mode 0600 when absent) or `:memory:`.
 * Throws `CatalogUnusableError` or `CatalogFullError` with a message for the operator.
 */
export async function openSqliteCatalog(options: {
  readonly host: Pick<Host, 'disk'>;
  readonly path: string;
}): Promise<Catalog> {
  const { host, path } = options;
  const inMemory = path === ':memory:';
  // SQLite would make the file readable for all; the -wal and -shm files take its mode.
  if (!inMemory) await (await host.disk.open(path, 'create')).close();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    database.exec(`
      pragma page_size = ${PAGE_BYTES};
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma journal_size_limit = ${WAL_BYTES_MAX};
      pragma wal_autocheckpoint = ${WAL_BYTES_MAX / PAGE_BYTES};
      pragma temp_store = memory;
      pragma secure_delete = on;
      pragma trusted_schema = off;
    `);
    checkWhole(database, path);
    const existing = database.prepare('select 1 from sqlite_schema limit 1').get() !== undefined;
    const kysely = new Kysely<Tables>({ dialect: nodeSqliteDialect(database) });
    await kysely.transaction().execute((transaction) => migrate(transaction, existing, path));
    const reserve = inMemory ? undefined : await openReserve(host.disk, `${path}-reserve`);
    return new SqliteCatalog({ host, path, database, kysely, reserve });
  } catch (error) {
    if (database?.isOpen) database.close();
    throw translatedAtOpening(error, path);
  }
}

function checkWhole(database: DatabaseSync, path: string): void {
  const found = database.prepare('pragma quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw new CatalogUnusableError(corruptText(path, String(found)));
}

class SqliteCatalog implements Catalog {
  readonly #host: Pick<Host, 'disk'>;
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Tables>;
  readonly #reserve: Reserve | undefined;
  /** Set while a transaction of this chain of calls is open: a second one inside it would wait for the first for ever. */
  readonly #within = new AsyncLocalStorage<{ open: boolean }>();
  #closed = false;

  constructor(parts: {
    host: Pick<Host, 'disk'>;
    path: string;
    database: DatabaseSync;
    kysely: Kysely<Tables>;
    reserve: Reserve | undefined;
  }) {
    this.#host = parts.host;
    this.#path = parts.path;
    this.#database = parts.database;
    this.#kysely = parts.kysely;
    this.#reserve = parts.reserve;
  }

  async transact<T>(change: (transaction: CatalogTransaction) => Promise<T>): Promise<T> {
    const reserve = this.#reserve;
    if (reserve === undefined) return this.#run('read write', change);
    const spentBefore = reserve.spent;
    let result: T;
    try {
      result = await this.#run('read write', change);
    } catch (error) {
      if (!(error instanceof CatalogFullError)) throw error;
      const spentNow = await reserve.spend();
      if (!spentNow && reserve.spent === spentBefore) throw error;
      if (spentNow) await this.#between(() => this.#cutWal());
      result = await this.#run('read write', change);
    }
    await reserve.restore();
    return result;
  }

  read<T>(query: (transaction: CatalogTransaction) => Promise<T>): Promise<T> {
    return this.#run('read only', query);
  }

  /** `toPath` must not exist. */
  async backup(toPath: string): Promise<void> {
    if (this.#closed) throw new Error('the catalog is closed');
    const copy = await this.#host.disk.open(toPath, 'exclusive');
    try {
      if (this.#path === ':memory:') {
        await this.#between(() => this.#database.prepare('vacuum into ?').run(toPath));
      } else {
        // A connection of its own, copied in one step on another thread: it sees one moment, and writers need not wait.
        using source = new DatabaseSync(this.#path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
        await backup(source, toPath, { rate: PAGES_MAX });
      }
      await copy.sync();
    } catch (error) {
      throw translated(error, toPath);
    } finally {
      await copy.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // Waits for the transactions before it; closing the last connection writes the WAL back and removes it.
    await this.#between(() => undefined);
    await this.#kysely.destroy();
  }

  async #run<T>(
    accessMode: 'read only' | 'read write',
    body: (transaction: CatalogTransaction) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) throw new Error('the catalog is closed');
    if (this.#within.getStore()?.open) throw new Error('a catalog transaction was begun inside another');
    const scope = { open: true };
    try {
      return await this.#kysely
        .transaction()
        .setAccessMode(accessMode)
        .execute((transaction) => this.#within.run(scope, () => body(transaction)));
    } catch (error) {
      throw translated(error, this.#path);
    } finally {
      scope.open = false;
    }
  }

  /** Writes the WAL back and cuts it: makes more room than the reserve alone, when it can. */
  #cutWal(): void {
    try {
      this.#database.exec('pragma wal_checkpoint(truncate)');
    } catch {
      // Not even the reserve has room for it; the WAL stays, and the transaction shows whether it can go on.
    }
  }

  /** Runs `action` while no transaction is open. */
  #between(action: () => void): Promise<void> {
    return this.#kysely.connection().execute(async () => action());
  }
}
