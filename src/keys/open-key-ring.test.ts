import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Catalog } from '../catalog/catalog.ts';
import { openSqliteCatalog } from '../catalog/sqlite/open.ts';
import { createRealDice } from '../host/real/dice.ts';
import { realDisk } from '../host/real/disk.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { REPORT_EVERY } from './log-sealer.ts';
import { MasterKeyError } from './master-key.ts';
import { openKeyRing } from './open-key-ring.ts';
import { NONCE_BYTES, TAG_BYTES } from '../base/seal-job.ts';
import { SealBrokenError, type Sealer } from './sealing.ts';

const MASTER_KEY = '0f'.repeat(32);
const clock = createSimulatedClock();
const host = { clock, dice: createRealDice(), disk: realDisk };

let directory: string;
let counter = 0;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-keys-'));
});
after(() => rm(directory, { recursive: true }));

const inMemory = (): Promise<Catalog> => openSqliteCatalog({ host, path: ':memory:' });
const configOf = (changed: { dataDirectory?: string; masterKeyFile?: string; masterKey?: string }) => ({
  dataDirectory: directory,
  durability: 'fsync' as const,
  masterKeyFile: undefined,
  masterKey: undefined,
  ...changed,
});
const openRing = (catalog: Catalog, masterKey = MASTER_KEY) =>
  openKeyRing({ host, catalog, config: configOf({ masterKey }) });

const bytes = (text: string) => new TextEncoder().encode(text);
const place = bytes('batch 1');
function sealed(sealer: Sealer, ...pieces: string[]): Uint8Array {
  const target = new Uint8Array(1000);
  const length = sealer.seal(pieces.map(bytes), place, target, 10);
  return target.subarray(10, 10 + length);
}
const opened = (sealer: Sealer, keyId: number, batch: Uint8Array, additional = place) =>
  new TextDecoder().decode(sealer.open(keyId, batch, additional));

test('what was sealed opens, whatever its pieces, also after a restart', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  const sealer = keyRing.sealer('a');
  assert.equal(sealer.keyId, 1);
  const batches = [['one'], ['one', 'two', '', 'three'], [], ['']].map((pieces) => ({
    text: pieces.join(''),
    batch: sealed(sealer, ...pieces),
  }));
  const { keyRing: again } = await openRing(catalog);
  for (const { text, batch } of batches) {
    assert.equal(batch.length, NONCE_BYTES + text.length + TAG_BYTES);
    assert.equal(opened(sealer, 1, batch), text);
    assert.equal(opened(again.sealer('a'), 1, batch), text);
  }
  assert.deepEqual(again.tokenKey, keyRing.tokenKey);
  assert.equal(keyRing.tokenKey.length, 32);
  assert.equal(keyRing.sealer('a'), sealer);
});

test('sealing the same twice gives different bytes, and nothing of the text', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  const first = Buffer.from(sealed(keyRing.sealer('a'), 'plain text'));
  const second = Buffer.from(sealed(keyRing.sealer('a'), 'plain text'));
  assert.notDeepEqual(first, second);
  assert.ok(!first.includes('plain') && !second.includes('plain'));
});

test('every changed bit of a sealed batch is found', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  const sealer = keyRing.sealer('a');
  const batch = sealed(sealer, 'abc');
  for (let bit = 0; bit < batch.length * 8; bit++) {
    const changed = Uint8Array.from(batch);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(() => opened(sealer, 1, changed), SealBrokenError);
  }
  for (let length = 0; length < batch.length; length++) {
    assert.throws(() => opened(sealer, 1, batch.subarray(0, length)), SealBrokenError);
  }
});

test('a batch opens only in its place, its log and under its key', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  await keyRing.begin('b');
  const batch = sealed(keyRing.sealer('a'), 'abc');
  assert.throws(() => opened(keyRing.sealer('a'), 1, batch, bytes('batch 2')), SealBrokenError);
  assert.throws(() => opened(keyRing.sealer('b'), 1, batch), SealBrokenError);
  assert.throws(() => opened(keyRing.sealer('a'), 2, batch), /no data key 2/);
  assert.throws(() => opened(keyRing.sealer('never begun'), 1, batch), SealBrokenError);
  assert.throws(() => sealed(keyRing.sealer('never begun'), 'x'), /has a data key/);
});

test('a data key that was put in the place of another does not open', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  await keyRing.begin('b');
  const batch = sealed(keyRing.sealer('a'), 'abc');
  await catalog.transact(async (transaction) => {
    const { wrapped } = await transaction
      .selectFrom('data_keys')
      .select('wrapped')
      .where('log_id', '=', 'a')
      .executeTakeFirstOrThrow();
    await transaction.updateTable('data_keys').set({ wrapped }).where('log_id', '=', 'b').execute();
  });
  const { keyRing: again } = await openRing(catalog);
  assert.equal(opened(again.sealer('a'), 1, batch), 'abc');
  assert.throws(() => opened(again.sealer('b'), 1, batch), SealBrokenError);
});

test('after begin, the same sealer takes the new key, and opens what the old one sealed', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  const sealer = keyRing.sealer('a');
  const old = sealed(sealer, 'old');
  await keyRing.begin('a');
  assert.equal(sealer.keyId, 2);
  const fresh = sealed(sealer, 'fresh');
  assert.equal(opened(sealer, 1, old), 'old');
  assert.equal(opened(sealer, 2, fresh), 'fresh');
  assert.throws(() => opened(sealer, 1, fresh), SealBrokenError);
});

test('an old key is renewed by use, and a renewal that fails is told and tried again', async () => {
  await using catalog = await inMemory();
  let failures = 0;
  let broken = true;
  const flaky: Catalog = {
    read: (query) => catalog.read(query),
    backup: (path) => catalog.backup(path),
    transact: (change) => (broken ? Promise.reject(new Error('no disk')) : catalog.transact(change)),
    [Symbol.asyncDispose]: async () => {},
  };
  const own = createSimulatedClock();
  {
    const { keyRing } = await openKeyRing({
      host: { ...host, clock: own },
      catalog,
      config: configOf({ masterKey: MASTER_KEY }),
    });
    await keyRing.begin('a');
  }
  const { keyRing } = await openKeyRing({
    host: { ...host, clock: own },
    catalog: flaky,
    config: configOf({ masterKey: MASTER_KEY }),
    onRenewalFailed: () => failures++,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const sealer = keyRing.sealer('a');
  const batch = sealed(sealer, 'young');
  await own.advance(29 * 24 * 3600 * 1000);
  for (let i = 0; i < REPORT_EVERY; i++) sealed(sealer, 'young');
  await settle();
  assert.equal(failures, 0);
  await own.advance(2 * 24 * 3600 * 1000);
  for (let i = 0; i < REPORT_EVERY; i++) sealed(sealer, 'old');
  await settle();
  assert.equal(failures, 1);
  assert.equal(sealer.keyId, 1);
  broken = false;
  for (let i = 0; i < REPORT_EVERY; i++) sealed(sealer, 'old');
  await catalog.read(async () => undefined);
  await settle();
  assert.equal(sealer.keyId, 2);
  assert.equal(opened(sealer, 2, sealed(sealer, 'renewed')), 'renewed');
  assert.equal(opened(sealer, 1, batch), 'young');
});

test('a renewal that comes after the log was forgotten makes no key', async () => {
  await using catalog = await inMemory();
  const own = createSimulatedClock();
  const options = { host: { ...host, clock: own }, catalog, config: configOf({ masterKey: MASTER_KEY }) };
  const { keyRing } = await openKeyRing(options);
  await keyRing.begin('a');
  await own.advance(31 * 24 * 3600 * 1000);
  const forgotten = keyRing.forget('a');
  sealed(keyRing.sealer('a'), 'last');
  await forgotten;
  const rows = await catalog.read((transaction) => transaction.selectFrom('data_keys').selectAll().execute());
  assert.deepEqual(rows, []);
});

test('a forgotten log opens never again, here or after a restart', async () => {
  await using catalog = await inMemory();
  const { keyRing } = await openRing(catalog);
  await keyRing.begin('a');
  await keyRing.begin('b');
  const sealer = keyRing.sealer('a');
  const batch = sealed(sealer, 'abc');
  await keyRing.forget('a');
  assert.throws(() => opened(sealer, 1, batch), SealBrokenError);
  assert.throws(() => sealed(sealer, 'more'), /has a data key/);
  const { keyRing: again } = await openRing(catalog);
  assert.throws(() => opened(again.sealer('a'), 1, batch), SealBrokenError);
  assert.equal(again.sealer('b').keyId, 1);
  await keyRing.forget('a');
});

test('the first start makes a private key file, later starts take it, and both say where it is', async () => {
  await using catalog = await inMemory();
  const dataDirectory = join(directory, `data-${counter++}`);
  await realDisk.makeDirectory(dataDirectory);
  const config = configOf({ dataDirectory });
  const first = await openKeyRing({ host, catalog, config });
  const path = `${dataDirectory}/master.key`;
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.match(first.notice ?? '', /Made a new master key in .*whoever has the whole data directory/);
  const second = await openKeyRing({ host, catalog, config });
  assert.match(second.notice ?? '', /^The master key is in /);
  assert.deepEqual(second.keyRing.tokenKey, first.keyRing.tokenKey);
  assert.ok(!second.notice!.includes((await readFile(path, 'utf8')).trim()));

  await rm(path);
  await assert.rejects(openKeyRing({ host, catalog, config }), /master\.key is missing/);
  assert.equal(await realDisk.exists(path), false);
});

test('a key of the operator is taken in each of its forms, without a notice', async () => {
  await using catalog = await inMemory();
  const raw = Buffer.from(MASTER_KEY, 'hex');
  const { keyRing, notice } = await openRing(catalog);
  assert.equal(notice, undefined);
  assert.deepEqual((await openRing(catalog, raw.toString('base64'))).keyRing.tokenKey, keyRing.tokenKey);
  for (const content of [
    raw,
    `${MASTER_KEY}\n`,
    ` ${raw.toString('base64')}\r\n`,
    raw.toString('base64url'),
  ]) {
    const masterKeyFile = join(directory, `key-${counter++}`);
    await writeFile(masterKeyFile, content);
    const again = await openKeyRing({ host, catalog, config: configOf({ masterKeyFile }) });
    assert.deepEqual(again.keyRing.tokenKey, keyRing.tokenKey);
  }
});

test('another master key than the one of the data is refused, and no message holds a key', async () => {
  await using catalog = await inMemory();
  await openRing(catalog);
  const refused =
    (pattern: RegExp, ...secrets: string[]) =>
    (error: unknown) =>
      error instanceof MasterKeyError &&
      pattern.test(error.message) &&
      secrets.every((secret) => !`${error.stack} ${JSON.stringify(error)}`.includes(secret));
  const other = 'ab'.repeat(32);
  await assert.rejects(
    openRing(catalog, other),
    refused(/not the one that the data .* was made under/, other),
  );
  await assert.rejects(openRing(catalog, 'my secret'), refused(/holds no master key.*openssl/, 'my secret'));
  await assert.rejects(openRing(catalog, 'ab'.repeat(31)), refused(/holds no master key/, 'abab'));
  await assert.rejects(
    openKeyRing({ host, catalog, config: configOf({ masterKeyFile: join(directory, 'absent') }) }),
    refused(/absent cannot be read \(ENOENT\)/),
  );
});

test('with durability memory no file is made', async () => {
  await using catalog = await inMemory();
  const dataDirectory = join(directory, `none-${counter++}`);
  const config = { ...configOf({ dataDirectory }), durability: 'memory' as const };
  const { keyRing, notice } = await openKeyRing({ host, catalog, config });
  assert.equal(keyRing.tokenKey.length, 32);
  assert.equal(notice, undefined);
  assert.equal(await realDisk.exists(dataDirectory), false);
});
