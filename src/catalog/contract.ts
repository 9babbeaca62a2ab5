/**
 * What every catalog must do, as tests: run over each implementation. `open` opens the same catalog again as long as
 * `kept` is true; a catalog in memory starts empty each time.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalog } from './catalog.ts';
import type { ShardRow, StreamRow } from './tables.ts';

export function streamRow(name: string, changed: Partial<StreamRow> = {}): StreamRow {
  return {
    stream_id: `stream-${name}`,
    account: '000000000000',
    region: 'us-east-1',
    name,
    status: 'ACTIVE',
    mode: 'PROVISIONED',
    created_ms: 1_795_520_000_000,
    retention_hours: 24,
    encryption_type: 'NONE',
    kms_key_id: null,
    max_record_kib: 1024,
    warm_throughput_mibps: null,
    record_distribution: 'USER_PARTITION_KEY',
    monitoring_json: '[]',
    pending_json: null,
    changes_json: '{}',
    peaks_json: '{}',
    version: 1,
    ...changed,
  };
}

export function shardRow(stream: string, index: number, changed: Partial<ShardRow> = {}): ShardRow {
  return {
    stream_id: stream,
    shard_index: index,
    parent_index: null,
    adjacent_parent_index: null,
    starting_hash_key: '0',
    ending_hash_key: '340282366920938463463374607431768211455',
    created_seconds: 1_795_520_000,
    created_ms: 1_795_520_000_000,
    closed_ms: null,
    closed_position: null,
    ...changed,
  };
}

export function testCatalog(
  name: string,
  kept: boolean,
  opening: () => Promise<() => Promise<Catalog>>,
): void {
  const names = (catalog: Catalog) =>
    catalog.read(async (transaction) => {
      const rows = await transaction.selectFrom('streams').select('name').orderBy('name').execute();
      return rows.map((row) => row.name);
    });
  const insert = (catalog: Catalog, stream: string) =>
    catalog.transact(async (transaction) => {
      await transaction.insertInto('streams').values(streamRow(stream)).execute();
    });

  test(`${name}: rows come back as they were written`, async () => {
    await using catalog = await (await opening())();
    const row = streamRow('a', {
      kms_key_id: 'alias/aws/kinesis',
      pending_json: '{"to":2}',
      version: 2 ** 40,
    });
    const shard = shardRow(row.stream_id, 19_999, { closed_position: Number.MAX_SAFE_INTEGER, closed_ms: 5 });
    const wrapped = Uint8Array.from({ length: 256 }, (_, i) => i);
    await catalog.transact(async (transaction) => {
      await transaction.insertInto('streams').values(row).execute();
      await transaction.insertInto('shards').values(shard).execute();
      await transaction
        .insertInto('data_keys')
        .values({ log_id: 'a', key_id: 1, wrapped, created_ms: 7 })
        .execute();
      await transaction
        .insertInto('usage')
        .values({ resource_id: 'a', hour_ms: 0, counter: 'c', amount: 0.25 })
        .execute();
    });
    await catalog.read(async (transaction) => {
      assert.deepEqual(await transaction.selectFrom('streams').selectAll().execute(), [row]);
      assert.deepEqual(await transaction.selectFrom('shards').selectAll().execute(), [shard]);
      const [key] = await transaction.selectFrom('data_keys').selectAll().execute();
      assert.deepEqual(new Uint8Array(key!.wrapped), wrapped);
      const [usage] = await transaction.selectFrom('usage').select('amount').execute();
      assert.deepEqual(usage, { amount: 0.25 });
    });
  });

  test(`${name}: a transaction that throws leaves nothing, and what it threw comes out`, async () => {
    await using catalog = await (await opening())();
    const thrown = new Error('no');
    await assert.rejects(
      catalog.transact(async (transaction) => {
        await transaction.insertInto('streams').values(streamRow('a')).execute();
        throw thrown;
      }),
      (error) => error === thrown,
    );
    assert.deepEqual(await names(catalog), []);
    await insert(catalog, 'b');
    assert.deepEqual(await names(catalog), ['b']);
  });

  test(`${name}: a statement that fails leaves nothing of its transaction`, async () => {
    await using catalog = await (await opening())();
    await insert(catalog, 'a');
    await assert.rejects(
      catalog.transact(async (transaction) => {
        await transaction.insertInto('streams').values(streamRow('b')).execute();
        await transaction.insertInto('streams').values(streamRow('a')).execute();
      }),
      /unique/i,
    );
    assert.deepEqual(await names(catalog), ['a']);
  });

  test(`${name}: one name belongs to one stream of an account and region`, async () => {
    await using catalog = await (await opening())();
    await insert(catalog, 'a');
    const same = streamRow('a', { stream_id: 'other' });
    await assert.rejects(
      catalog.transact((transaction) => transaction.insertInto('streams').values(same).execute()),
    );
    const elsewhere = streamRow('a', { stream_id: 'other', region: 'eu-west-1' });
    await catalog.transact((transaction) => transaction.insertInto('streams').values(elsewhere).execute());
  });

  test(`${name}: transactions at the same time are as if one after the other`, async () => {
    await using catalog = await (await opening())();
    await insert(catalog, 'a');
    const order: number[] = [];
    const grow = (turn: number) =>
      catalog.transact(async (transaction) => {
        const row = await transaction.selectFrom('streams').select('version').executeTakeFirstOrThrow();
        await new Promise((resolve) => setImmediate(resolve));
        await transaction
          .updateTable('streams')
          .set({ version: row.version + 1 })
          .execute();
        order.push(turn);
      });
    await Promise.all(Array.from({ length: 50 }, (_, turn) => grow(turn)));
    const { version } = await catalog.read((transaction) =>
      transaction.selectFrom('streams').select('version').executeTakeFirstOrThrow(),
    );
    assert.equal(version, 51);
    assert.equal(order.length, 50);
  });

  test(`${name}: a reader never sees a half of a transaction`, async () => {
    await using catalog = await (await opening())();
    const seen: number[] = [];
    const writing = catalog.transact(async (transaction) => {
      await transaction.insertInto('streams').values(streamRow('a')).execute();
      await new Promise((resolve) => setImmediate(resolve));
      await transaction.insertInto('streams').values(streamRow('b')).execute();
    });
    for (let i = 0; i < 20; i++) seen.push((await names(catalog)).length);
    await writing;
    assert.deepEqual(
      [...new Set(seen)].filter((count) => count !== 0 && count !== 2),
      [],
    );
    assert.equal((await names(catalog)).length, 2);
  });

  test(`${name}: reading cannot write`, async () => {
    await using catalog = await (await opening())();
    await assert.rejects(
      catalog.read((transaction) => transaction.insertInto('streams').values(streamRow('a')).execute()),
    );
    assert.deepEqual(await names(catalog), []);
    await insert(catalog, 'a');
  });

  test(`${name}: a transaction inside another is refused, not waited for`, async () => {
    await using catalog = await (await opening())();
    await assert.rejects(
      catalog.transact(() => names(catalog)),
      /inside another/,
    );
    assert.deepEqual(await names(catalog), []);
  });

  test(`${name}: closing waits for what was begun and refuses what comes later`, async () => {
    const open = await opening();
    const catalog = await open();
    const begun = insert(catalog, 'a');
    await catalog[Symbol.asyncDispose]();
    await begun;
    await assert.rejects(names(catalog), /closed/);
    await catalog[Symbol.asyncDispose]();
    await using again = await open();
    assert.deepEqual(await names(again), kept ? ['a'] : []);
  });
}
