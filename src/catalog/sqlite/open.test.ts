import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { CatalogFullError, CatalogUnusableError, type Catalog } from '../catalog.ts';
import { shardRow, streamRow, testCatalog } from '../contract.ts';
import { realDisk } from '../../host/real/disk.ts';
import { openSqliteCatalog } from './open.ts';

let directory: string;
let counter = 0;
const host = { disk: realDisk };
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-catalog-'));
});
after(() => rm(directory, { recursive: true }));

const newPath = () => join(directory, `catalog-${counter++}.db`);

testCatalog('sqlite file', true, async () => {
  const path = newPath();
  return () => openSqliteCatalog({ host, path });
});
testCatalog('sqlite memory', false, async () => () => openSqliteCatalog({ host, path: ':memory:' }));

const count = (catalog: Catalog) =>
  catalog.read(
    async (transaction) => (await transaction.selectFrom('streams').select('name').execute()).length,
  );

test('the file is private and small', async () => {
  const path = newPath();
  await using catalog = await openSqliteCatalog({ host, path });
  await catalog.transact((transaction) => transaction.insertInto('streams').values(streamRow('a')).execute());
  for (const suffix of ['', '-wal', '-shm', '-reserve']) {
    const { mode, size } = await stat(path + suffix);
    assert.equal(mode & 0o777, 0o600, suffix);
    assert.ok(size <= 1024 * 1024, `${suffix} has ${size} bytes`);
  }
});

test('twenty thousand shards open quickly and leave a bounded WAL', async () => {
  const path = newPath();
  {
    await using catalog = await openSqliteCatalog({ host, path });
    await catalog.transact(async (transaction) => {
      await transaction.insertInto('streams').values(streamRow('big')).execute();
      for (let from = 0; from < 20_000; from += 500) {
        const rows = Array.from({ length: 500 }, (_, i) => shardRow('stream-big', from + i));
        await transaction.insertInto('shards').values(rows).execute();
      }
    });
    for (let i = 0; i < 20; i++) {
      await catalog.transact((transaction) =>
        transaction.updateTable('streams').set({ version: i }).execute(),
      );
    }
    assert.ok((await stat(`${path}-wal`)).size <= 2 * 1024 * 1024);
  }
  const started = performance.now();
  await using catalog = await openSqliteCatalog({ host, path });
  const rows = await catalog.read((transaction) => transaction.selectFrom('shards').selectAll().execute());
  assert.equal(rows.length, 20_000);
  // Generous for a busy machine: a tenth of this is usual.
  assert.ok(performance.now() - started < 2000);
});

test('lookups by stream use an index', async () => {
  const path = newPath();
  await (await openSqliteCatalog({ host, path }))[Symbol.asyncDispose]();
  using database = new DatabaseSync(path);
  for (const [table, where] of [
    ['shards', "stream_id = 'x'"],
    ['consumers', "stream_id = 'x'"],
    ['streams', "account = 'x' and region = 'y' and name = 'z'"],
    ['streams', "stream_id = 'x'"],
    ['tags', "resource_arn = 'x'"],
    ['data_keys', "log_id = 'x'"],
    ['usage', 'hour_ms < 5'],
    ['delivery_streams', "account = 'x' and region = 'y' and name = 'z'"],
    ['reader_checkpoints', "reader_id = 'x'"],
    ['deliveries', "delivery_stream_id = 'x'"],
  ]) {
    const plan = database.prepare(`explain query plan select * from ${table} where ${where}`).all();
    assert.match(String(plan[0]!['detail']), /^SEARCH .* USING INDEX/, `${table} where ${where}`);
  }
});

test('what was committed survives a process that ends abruptly, what was not does not', async () => {
  const path = newPath();
  const script = fileURLToPath(new URL('./end-abruptly.fixture.ts', import.meta.url));
  const child = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  assert.equal(child.signal, 'SIGKILL', child.stderr);
  await using catalog = await openSqliteCatalog({ host, path });
  const rows = await catalog.read((transaction) =>
    transaction.selectFrom('streams').select('name').execute(),
  );
  assert.deepEqual(rows, [{ name: 'committed' }]);
});

test('a backup taken while others write is whole and consistent', async () => {
  const path = newPath();
  const copy = newPath();
  await using catalog = await openSqliteCatalog({ host, path });
  // Each transaction adds a stream with a shard: an image of one moment has as many of one as of the other.
  const add = (i: number) =>
    catalog.transact(async (transaction) => {
      await transaction
        .insertInto('streams')
        .values(streamRow(String(i)))
        .execute();
      await transaction
        .insertInto('shards')
        .values(shardRow(`stream-${i}`, 0))
        .execute();
    });
  for (let i = 0; i < 100; i++) await add(i);
  const backup = catalog.backup(copy);
  for (let i = 100; i < 150; i++) await add(i);
  await backup;
  await using opened = await openSqliteCatalog({ host, path: copy });
  const shards = await opened.read((transaction) => transaction.selectFrom('shards').selectAll().execute());
  assert.ok(shards.length >= 100);
  assert.equal(await count(opened), shards.length);
  assert.equal((await stat(copy)).mode & 0o777, 0o600);
  await assert.rejects(catalog.backup(copy), { code: 'EEXIST' });
});

test('a catalog in memory can be backed up to a file', async () => {
  const copy = newPath();
  await using catalog = await openSqliteCatalog({ host, path: ':memory:' });
  await catalog.transact((transaction) => transaction.insertInto('streams').values(streamRow('a')).execute());
  await catalog.backup(copy);
  await using opened = await openSqliteCatalog({ host, path: copy });
  assert.equal(await count(opened), 1);
});

const unusable = (text: RegExp) => (error: unknown) =>
  error instanceof CatalogUnusableError && text.test(error.message);

test('a full disk is said so, and nothing of the transaction stays', async () => {
  const path = newPath();
  await using catalog = await openSqliteCatalog({ host, path });
  await assert.rejects(
    catalog.transact(async (transaction) => {
      await sql`pragma max_page_count = 40`.execute(transaction);
      for (let i = 0; i < 2000; i++)
        await transaction
          .insertInto('streams')
          .values(streamRow(`s${i}`))
          .execute();
    }),
    (error) => error instanceof CatalogFullError && error.message.includes(path),
  );
  assert.equal(await count(catalog), 0);
  await catalog.transact((transaction) => transaction.insertInto('streams').values(streamRow('a')).execute());
  assert.equal(await count(catalog), 1);
});

test('a change that makes room is committed on a full disk', async () => {
  const path = newPath();
  await using catalog = await openSqliteCatalog({ host, path });
  assert.equal((await stat(`${path}-reserve`)).size, 1024 * 1024);
  let attempts = 0;
  const change = () =>
    catalog.transact(async (transaction) => {
      // The disk is full at the first attempt, and not when the reserve has been given up.
      if (attempts++ > 0) assert.equal(await host.disk.exists(`${path}-reserve`), false);
      await sql`pragma max_page_count = ${sql.raw(attempts === 1 ? '1' : '100000')}`.execute(transaction);
      const rows = Array.from({ length: 500 }, (_, i) => shardRow('a', i));
      await transaction.insertInto('shards').values(rows).execute();
    });
  await change();
  assert.equal(attempts, 2);
  assert.ok(await host.disk.exists(`${path}-reserve`), 'the reserve is taken again');
});

test('a file that is no database is named', async () => {
  const path = newPath();
  await writeFile(
    path,
    'this is a shopping list, and it is longer than a header of a database, which has 100 bytes.'.repeat(60),
  );
  await assert.rejects(openSqliteCatalog({ host, path }), unusable(/shopping|no SQLite database/));
});

test('a database of another program is named', async () => {
  const path = newPath();
  using database = new DatabaseSync(path);
  database.exec('create table recipes (id integer)');
  database.close();
  await assert.rejects(openSqliteCatalog({ host, path }), unusable(/something else than Millrace/));
});

test('a damaged catalog is said to be damaged', async () => {
  const path = newPath();
  {
    await using catalog = await openSqliteCatalog({ host, path });
    await catalog.transact(async (transaction) => {
      for (let i = 0; i < 500; i++)
        await transaction
          .insertInto('streams')
          .values(streamRow(`s${i}`))
          .execute();
    });
  }
  const file = await host.disk.open(path, 'write');
  const size = await file.size();
  for (let at = 4096; at < size; at += 4096) await file.write(new Uint8Array(512).fill(0xa5), 0, 512, at);
  await file.close();
  await assert.rejects(openSqliteCatalog({ host, path }), unusable(/is damaged/));
});

test('a catalog of a newer release is refused with a way out', async () => {
  const path = newPath();
  await (await openSqliteCatalog({ host, path }))[Symbol.asyncDispose]();
  using database = new DatabaseSync(path);
  database
    .prepare("update settings set value = ? where name = 'schema_version'")
    .run(new TextEncoder().encode('9999'));
  database.close();
  await assert.rejects(openSqliteCatalog({ host, path }), unusable(/newer Millrace.*9999/));
});

test('a catalog that another process holds is said to be held', async () => {
  const path = newPath();
  await (await openSqliteCatalog({ host, path }))[Symbol.asyncDispose]();
  using database = new DatabaseSync(path);
  database.exec('begin immediate');
  await assert.rejects(openSqliteCatalog({ host, path }), unusable(/held by another process/));
});

test('closing leaves the database and the reserve', async () => {
  const path = newPath();
  const catalog = await openSqliteCatalog({ host, path });
  await catalog.transact((transaction) => transaction.insertInto('streams').values(streamRow('a')).execute());
  await catalog[Symbol.asyncDispose]();
  const left = (await readdir(directory)).filter((name) => join(directory, name).startsWith(path));
  assert.deepEqual(
    left,
    [path, `${path}-reserve`].map((file) => basename(file)),
  );
});
