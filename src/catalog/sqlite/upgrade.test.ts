/** Catalogs that released versions wrote open in this one, with all that they held. */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { realDisk } from '../../host/real/disk.ts';
import type { Tables } from '../tables.ts';
import { openSqliteCatalog } from './open.ts';

test('the catalog of v0.1 opens', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-upgrade-'));
  try {
    const path = join(directory, 'catalog.db');
    await copyFile(fileURLToPath(new URL('../../../test/fixtures/v0.1/catalog.db', import.meta.url)), path);
    await using catalog = await openSqliteCatalog({ host: { disk: realDisk }, path });
    await catalog.read(async (transaction) => {
      const stream = await transaction.selectFrom('streams').selectAll().executeTakeFirstOrThrow();
      assert.equal(stream.name, 'orders');
      assert.equal(stream.retention_hours, 48);
      assert.equal(stream.kms_key_id, 'alias/aws/kinesis');
      assert.equal(stream.version, 3);
      const shards = await transaction.selectFrom('shards').selectAll().orderBy('shard_index').execute();
      assert.deepEqual(
        shards.map((shard) => [shard.parent_index, shard.ending_hash_key, shard.closed_position]),
        [
          [null, '340282366920938463463374607431768211455', 12_345],
          [0, '170141183460469231731687303715884105727', null],
          [0, '340282366920938463463374607431768211455', null],
        ],
      );
      const key = await transaction.selectFrom('data_keys').selectAll().executeTakeFirstOrThrow();
      assert.deepEqual(new Uint8Array(key.wrapped), new Uint8Array(61).fill(1));
      const tag = await transaction.selectFrom('tags').selectAll().executeTakeFirstOrThrow();
      assert.equal(tag.tag_value, 'Käse');
      const tables: readonly (keyof Tables)[] = [
        'consumers',
        'resource_policies',
        'account_settings',
        'usage',
      ];
      for (const table of tables) {
        assert.equal((await transaction.selectFrom(table).selectAll().execute()).length, 1, table);
      }
      const added: readonly (keyof Tables)[] = [
        'delivery_streams',
        'reader_owners',
        'reader_checkpoints',
        'deliveries',
      ];
      for (const table of added) {
        assert.deepEqual(await transaction.selectFrom(table).selectAll().execute(), [], table);
      }
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
