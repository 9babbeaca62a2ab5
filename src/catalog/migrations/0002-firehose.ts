import type { Kysely } from 'kysely';

/** The tables of Firehose and of readers; tables.ts says what the columns mean. Not published yet. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .createTable('delivery_streams')
    .addColumn('delivery_stream_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_update_ms', 'bigint')
    .addColumn('version_id', 'bigint', (c) => c.notNull())
    .addColumn('source_json', 'text', (c) => c.notNull())
    .addColumn('destination', 'bytea', (c) => c.notNull())
    .addColumn('destination_key_id', 'integer', (c) => c.notNull())
    .addColumn('encryption_status', 'text', (c) => c.notNull())
    .addColumn('encryption_key_type', 'text')
    .addColumn('encryption_key_arn', 'text')
    .addColumn('encryption_changes_json', 'text', (c) => c.notNull())
    .addColumn('failure_json', 'text')
    .addColumn('pending_json', 'text')
    .addColumn('change', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('delivery_streams_by_name')
    .unique()
    .on('delivery_streams')
    .columns(['account', 'region', 'name'])
    .execute();

  await schema
    .createTable('reader_owners')
    .addColumn('reader_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('epoch', 'bigint', (c) => c.notNull())
    .execute();

  await schema
    .createTable('reader_checkpoints')
    .addColumn('reader_id', 'text', (c) => c.notNull())
    .addColumn('unit_id', 'text', (c) => c.notNull())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('finished', 'integer', (c) => c.notNull())
    .addColumn('epoch', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('reader_checkpoints_key', ['reader_id', 'unit_id'])
    .execute();

  await schema
    .createTable('deliveries')
    .addColumn('delivery_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('delivery_stream_id', 'text', (c) => c.notNull())
    .addColumn('lane', 'text', (c) => c.notNull())
    .addColumn('object_key', 'text')
    .addColumn('ranges', 'bytea', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('details_json', 'text', (c) => c.notNull())
    .addColumn('epoch', 'bigint', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('deliveries_by_stream').on('deliveries').columns(['delivery_stream_id']).execute();
}
