/**
 * Brings a catalog to the newest schema. The version is kept in the table `settings` and grows by one with each numbered
 * migration; versions of released catalogs open in every later release. All of it runs in the caller's transaction.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import { CatalogUnusableError } from './catalog.ts';
import * as dataStreams from './migrations/0001-data-streams.ts';
import * as firehose from './migrations/0002-firehose.ts';
import * as tableSchemas from './migrations/0003-tables.ts';
import * as analytics from './migrations/0004-analytics.ts';
import * as meteredSources from './migrations/0005-metered-sources.ts';
import type { Tables } from './tables.ts';

type Migration = { readonly up: (database: Kysely<unknown>) => Promise<void> };

/** In order; the version of a catalog is how many of them it has had. */
const MIGRATIONS: readonly Migration[] = [dataStreams, firehose, tableSchemas, analytics, meteredSources];

const VERSION_SETTING = 'schema_version';

/**
 * @param existing whether the database already holds tables. `where` names it in error messages.
 * Throws `CatalogUnusableError` for tables that are not ours, and for a catalog of a newer release.
 */
export async function migrate(
  transaction: Transaction<Tables>,
  existing: boolean,
  where: string,
): Promise<void> {
  const version = existing ? await readVersion(transaction, where) : 0;
  if (version > MIGRATIONS.length) {
    throw new CatalogUnusableError(
      `The catalog ${where} was written by a newer Millrace: its schema has version ${version}, and this one knows versions up to ${MIGRATIONS.length}. ` +
        'Run the newer Millrace, or restore a backup of the data directory made before the upgrade.',
    );
  }
  if (version === MIGRATIONS.length) return;
  // A migration knows the tables as they were then, not the types of today.
  const untyped = transaction as unknown as Kysely<unknown>;
  for (const migration of MIGRATIONS.slice(version)) await migration.up(untyped);
  const value = new TextEncoder().encode(String(MIGRATIONS.length));
  await transaction
    .insertInto('settings')
    .values({ name: VERSION_SETTING, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

async function readVersion(transaction: Transaction<Tables>, where: string): Promise<number> {
  const names = await transaction.introspection.getTables();
  const ours = names.some((table) => table.name === 'settings');
  const row = ours
    ? (
        await sql<{ value: Uint8Array }>`select value from settings where name = ${VERSION_SETTING}`.execute(
          transaction,
        )
      ).rows[0]
    : undefined;
  const version = row ? Number(new TextDecoder().decode(row.value)) : NaN;
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new CatalogUnusableError(
      `${where} is a database of something else than Millrace. Move it away, or name another data directory with --data.`,
    );
  }
  return version;
}
