import type { Kysely } from 'kysely';

/** The schemas of tables, as Glue's Data Catalog keeps them; tables.ts says what the columns mean. Not published yet. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .createTable('table_databases')
    .addColumn('catalog_id', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('definition_json', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('table_databases_key', ['catalog_id', 'region', 'name'])
    .execute();

  await schema
    .createTable('table_versions')
    .addColumn('catalog_id', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('database_name', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('is_newest', 'integer', (c) => c.notNull())
    .addColumn('definition_json', 'text', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('updated_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('table_versions_key', [
      'catalog_id',
      'region',
      'database_name',
      'name',
      'version',
    ])
    .execute();
  await schema
    .createIndex('table_versions_newest')
    .on('table_versions')
    .columns(['catalog_id', 'region', 'database_name', 'is_newest', 'name'])
    .execute();
}
