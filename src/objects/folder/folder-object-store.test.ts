import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { createRealHost } from '../../host/real/host.ts';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { createSimulatedDisk } from '../../host/simulated/disk.ts';
import { describeObjectStore, refuses } from '../contract.ts';
import { openFolderObjectStore } from './folder-object-store.ts';

const PLAIN = { contentType: 'application/octet-stream' };
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'millrace-objects-'));
after(() => fs.rmSync(scratch, { recursive: true }));
const directory = path.join(scratch, 'inside', 'objects');
const open = () => openFolderObjectStore({ ...createRealHost(), directory });

const opened = open();
describeObjectStore('The folder store', () => opened);

describe('The folder store', () => {
  it('shows usual keys as they are and never leaves its folder', async () => {
    const store = await opened;
    await store.createBucket('readable');
    const key = 'logs/2026/11/24/15/Clicks-1-2026-11-24-15-00-00-1b4e28ba-2fa1-11d2-883f-0016d3cca427.gz';
    await store.put('readable', key, Buffer.from('x'), PLAIN);
    assert.equal(fs.readFileSync(path.join(directory, 'readable', key), 'utf8'), 'x');
    await store.put('readable', '../../../escaped', Buffer.from('x'), PLAIN);
    assert.deepEqual(fs.readdirSync(scratch), ['inside']);
    assert.deepEqual(fs.readdirSync(path.join(scratch, 'inside')), ['objects']);
    assert.deepEqual(fs.readdirSync(path.join(directory, '.incoming')), []);
  });

  it('reads what somebody copied there, and passes over what no key makes', async () => {
    const store = await opened;
    await store.createBucket('copied');
    fs.mkdirSync(path.join(directory, 'copied', 'apps'));
    fs.writeFileSync(path.join(directory, 'copied', 'apps', 'app.jar'), 'jar');
    for (const name of ['.DS_Store', 'no-extension', '%zz', 'x%']) {
      fs.writeFileSync(path.join(directory, 'copied', name), '');
    }
    const { objects } = await store.list('copied', '', '', 10);
    assert.deepEqual(
      objects.map(({ key, bytes }) => [key, bytes]),
      [
        ['apps/app.jar', 3],
        ['x', 0],
      ],
    );
    assert.equal(Buffer.from((await store.get('copied', 'apps/app.jar')).body).toString(), 'jar');
    fs.rmSync(path.join(directory, 'copied'), { recursive: true });
    await store.put('copied', 'again/x', Buffer.from('x'), PLAIN);
    assert.equal((await store.head('copied', 'again/x')).bytes, 1);
  });

  it('is the same after it is opened again', async () => {
    const store = await open();
    assert.ok((await store.listBuckets()).some(({ name }) => name === 'readable'));
    assert.equal((await store.list('readable', '', '', 10)).objects.length, 2);
  });

  it('keeps what it acknowledged over a power cut, and nothing in part', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const dice = createSimulatedDice(seed);
      const disk = createSimulatedDisk();
      const clock = createSimulatedClock();
      const parts = { clock, dice, directory: '/data/objects' };
      const store = await openFolderObjectStore({ ...parts, disk });
      await store.createBucket('cut');
      const body = (key: string): Buffer => Buffer.from(key.repeat(400));
      let crashed: ReturnType<typeof createSimulatedDisk> | undefined;
      let acknowledged = 0;
      let calls = dice.integer(60);
      disk.onCall = () => {
        if (calls-- === 0) crashed = disk.afterCrash(dice.integer(2) === 0 ? 'some' : 'nothing', dice);
      };
      const keys = ['a/1', 'a/2', 'b/c/3', 'a/1/4', '5'];
      for (const key of keys) {
        await store.put('cut', key, body(key), PLAIN);
        if (crashed === undefined) acknowledged++;
      }
      crashed ??= disk.afterCrash('nothing', dice);
      const reopened = await openFolderObjectStore({ ...parts, disk: crashed });
      for (const [i, key] of keys.entries()) {
        if (i < acknowledged)
          assert.ok(body(key).equals((await reopened.get('cut', key)).body), `${seed}: ${key}`);
      }
      for (const { key } of (await reopened.list('cut', '', '', 10)).objects) {
        const { head, body: kept } = await reopened.get('cut', key);
        assert.ok(body(key).equals(kept), `${seed}: ${key}`);
        assert.equal(head.lastModifiedMs, clock.now());
      }
    }
  });

  it('hands a large body to the device in pieces', async () => {
    const disk = createSimulatedDisk();
    const parts = { clock: createSimulatedClock(), dice: createSimulatedDice(1), directory: '/data/objects' };
    const store = await openFolderObjectStore({ ...parts, disk });
    await store.createBucket('large');
    const dice = createSimulatedDice(2);
    const chunks = [5_000_000, 0, 10, 1_500_000, 900_000].map((bytes) => dice.bytes(bytes));
    const calls: string[] = [];
    disk.onCall = ({ kind, path: file }) => {
      if (!file.includes('.incoming/') || file.endsWith('.properties')) return;
      if (kind === 'write' || kind === 'sync') calls.push(kind);
    };
    await store.put('large', 'k', chunks, PLAIN);
    // Two MiB at most before each sync.
    assert.equal(calls.join(' '), 'write sync write sync write write sync write sync write sync');
    assert.ok(Buffer.concat(chunks).equals((await store.get('large', 'k')).body));
  });

  it('says what the disk says in the words of S3, and leaves nothing behind', async () => {
    const disk = createSimulatedDisk();
    const parts = { clock: createSimulatedClock(), dice: createSimulatedDice(1), directory: '/data/objects' };
    const store = await openFolderObjectStore({ ...parts, disk });
    await store.createBucket('full');
    disk.capacityBytes = disk.usedBytes() + 1000;
    await refuses(store.put('full', 'k', Buffer.alloc(5000), PLAIN), 'InternalError', 'soon');
    await refuses(store.get('full', 'k'), 'NoSuchKey', 'never');
    assert.deepEqual(
      [...disk.files().keys()].filter((file) => file.includes('.incoming/')),
      [],
    );
    disk.onCall = ({ kind }) => {
      if (kind === 'rename') throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    await refuses(store.put('full', 'k', Buffer.alloc(1), PLAIN), 'AccessDenied', 'later');
  });
});
