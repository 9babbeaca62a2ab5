import type { Kysely } from 'kysely';

/** Applications of Analytics; tables.ts says what the columns mean. Not published yet. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .createTable('applications')
    .addColumn('application_id', 'text', (c) => c.primaryKey())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('updated_ms', 'bigint', (c) => c.notNull())
    .addColumn('version_id', 'bigint', (c) => c.notNull())
    .addColumn('maintenance_start', 'text', (c) => c.notNull())
    .addColumn('run_json', 'text')
    .addColumn('pending_json', 'text')
    .addColumn('change', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('applications_name', ['account', 'region', 'name'])
    .execute();

  await schema
    .createTable('application_versions')
    .addColumn('application_id', 'text', (c) => c.notNull())
    .addColumn('version_id', 'bigint', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('updated_from', 'bigint')
    .addColumn('rolled_back_from', 'bigint')
    .addColumn('rolled_back_to', 'bigint')
    .addColumn('last_status', 'text')
    .addColumn('settings', 'blob', (c) => c.notNull())
    .addColumn('settings_key_id', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('application_versions_key', ['application_id', 'version_id'])
    .execute();

  await schema
    .createTable('application_operations')
    .addColumn('operation_id', 'text', (c) => c.primaryKey())
    .addColumn('application_id', 'text', (c) => c.notNull())
    .addColumn('operation', 'text', (c) => c.notNull())
    .addColumn('started_ms', 'bigint', (c) => c.notNull())
    .addColumn('ended_ms', 'bigint')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('from_version', 'bigint', (c) => c.notNull())
    .addColumn('to_version', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('application_operations_application')
    .on('application_operations')
    .columns(['application_id', 'started_ms'])
    .execute();

  await schema
    .createTable('application_runs')
    .addColumn('application_id', 'text', (c) => c.notNull())
    .addColumn('run', 'bigint', (c) => c.notNull())
    .addColumn('started_ms', 'bigint', (c) => c.notNull())
    .addColumn('stopped_ms', 'bigint')
    .addColumn('kpus', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('application_runs_key', ['application_id', 'run'])
    .execute();
}
