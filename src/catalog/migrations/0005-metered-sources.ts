import type { Kysely } from 'kysely';

/** How far a source's records are counted, and no column that nothing is ever written to; tables.ts says what the columns mean. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const schema = database.schema;

  await schema
    .alterTable('reader_checkpoints')
    .addColumn('counted_position', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('delivery_streams').dropColumn('failure_json').execute();
}
