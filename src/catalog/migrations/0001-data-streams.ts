import type { Kysely } from 'kysely';

/**
 * The tables of Data Streams, of keys and of usage; tables.ts says what the columns mean. `bytea` is PostgreSQL's word: SQLite
 * keeps bytes in a column of any type. Published: never changed; a later change is a migration of its own.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .createTable('streams')
    .addColumn('stream_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('retention_hours', 'integer', (c) => c.notNull())
    .addColumn('encryption_type', 'text', (c) => c.notNull())
    .addColumn('kms_key_id', 'text')
    .addColumn('max_record_kib', 'integer', (c) => c.notNull())
    .addColumn('warm_throughput_mibps', 'integer')
    .addColumn('record_distribution', 'text', (c) => c.notNull())
    .addColumn('monitoring_json', 'text', (c) => c.notNull())
    .addColumn('pending_json', 'text')
    .addColumn('changes_json', 'text', (c) => c.notNull())
    .addColumn('peaks_json', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('streams_by_name')
    .unique()
    .on('streams')
    .columns(['account', 'region', 'name'])
    .execute();

  await schema
    .createTable('shards')
    .addColumn('stream_id', 'text', (c) => c.notNull())
    .addColumn('shard_index', 'integer', (c) => c.notNull())
    .addColumn('parent_index', 'integer')
    .addColumn('adjacent_parent_index', 'integer')
    .addColumn('starting_hash_key', 'text', (c) => c.notNull())
    .addColumn('ending_hash_key', 'text', (c) => c.notNull())
    .addColumn('created_seconds', 'bigint', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('closed_ms', 'bigint')
    .addColumn('closed_position', 'bigint')
    .addPrimaryKeyConstraint('shards_key', ['stream_id', 'shard_index'])
    .execute();

  await schema
    .createTable('consumers')
    .addColumn('consumer_arn', 'text', (c) => c.primaryKey().notNull())
    .addColumn('stream_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('due_ms', 'bigint')
    .execute();
  await schema
    .createIndex('consumers_by_stream')
    .unique()
    .on('consumers')
    .columns(['stream_id', 'name'])
    .execute();

  await schema
    .createTable('tags')
    .addColumn('resource_arn', 'text', (c) => c.notNull())
    .addColumn('tag_key', 'text', (c) => c.notNull())
    .addColumn('tag_value', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('tags_key', ['resource_arn', 'tag_key'])
    .execute();

  await schema
    .createTable('resource_policies')
    .addColumn('resource_arn', 'text', (c) => c.primaryKey().notNull())
    .addColumn('policy', 'text', (c) => c.notNull())
    .execute();

  await schema
    .createTable('account_settings')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('value_json', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('account_settings_key', ['account', 'region', 'name'])
    .execute();

  await schema
    .createTable('data_keys')
    .addColumn('log_id', 'text', (c) => c.notNull())
    .addColumn('key_id', 'integer', (c) => c.notNull())
    .addColumn('wrapped', 'bytea', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('data_keys_key', ['log_id', 'key_id'])
    .execute();

  await schema
    .createTable('usage')
    .addColumn('resource_id', 'text', (c) => c.notNull())
    .addColumn('hour_ms', 'bigint', (c) => c.notNull())
    .addColumn('counter', 'text', (c) => c.notNull())
    .addColumn('amount', 'double precision', (c) => c.notNull())
    .addPrimaryKeyConstraint('usage_key', ['resource_id', 'hour_ms', 'counter'])
    .execute();
  await schema.createIndex('usage_by_hour').on('usage').columns(['hour_ms']).execute();

  await schema
    .createTable('settings')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('value', 'bytea', (c) => c.notNull())
    .execute();
}
