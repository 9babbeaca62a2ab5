import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedDice } from './dice.ts';
import { createSimulatedDisk, type SimulatedDisk } from './disk.ts';

const dice = createSimulatedDice(3);

async function write(disk: SimulatedDisk, path: string, text: string, at = 0): Promise<void> {
  const file = await disk.open(path, 'create');
  await file.write(Buffer.from(text), 0, text.length, at);
}

async function syncAll(disk: SimulatedDisk, path: string): Promise<void> {
  await (await disk.open(path, 'write')).sync();
  await disk.syncDirectory('/data');
}

async function textOf(disk: SimulatedDisk, path: string): Promise<string> {
  return Buffer.from(await disk.readFile(path)).toString();
}

test('a power cut takes what was not synced, and keeps it when it is told to', async () => {
  const disk = createSimulatedDisk();
  await write(disk, '/data/a', 'first');
  await syncAll(disk, '/data/a');
  await write(disk, '/data/a', 'later');
  assert.equal(await textOf(disk, '/data/a'), 'later');
  assert.equal(await textOf(disk.afterCrash('nothing', dice), '/data/a'), 'first');
  assert.equal(await textOf(disk.afterCrash('everything', dice), '/data/a'), 'later');
  assert.equal(await textOf(disk, '/data/a'), 'later');
});

test('a name is durable only when its directory was synced', async () => {
  const disk = createSimulatedDisk();
  await write(disk, '/data/a', 'text');
  await (await disk.open('/data/a', 'write')).sync();
  assert.deepEqual(await disk.afterCrash('nothing', dice).list('/data'), []);
  await disk.syncDirectory('/data');
  await disk.rename('/data/a', '/data/b');
  assert.deepEqual(await disk.afterCrash('nothing', dice).list('/data'), ['a']);
  assert.deepEqual(await disk.afterCrash('everything', dice).list('/data'), ['b']);
});

test('a replaced file is the old one or the new one, never a part', async () => {
  const disk = createSimulatedDisk();
  await disk.replaceFile('/data/a', Buffer.from('old '.repeat(1000)));
  const seen = new Set<string>();
  disk.onCall = () => {
    for (let i = 0; i < 5; i++) {
      const left = disk.afterCrash('some', dice).files().get('/data/a');
      seen.add(left!.toString().slice(0, 3) + left!.length);
    }
  };
  await disk.replaceFile('/data/a', Buffer.from('new '.repeat(2000)));
  assert.deepEqual([...seen].toSorted(), ['new8000', 'old4000']);
});

test('what a kill leaves is not synced by it', async () => {
  const disk = createSimulatedDisk();
  await write(disk, '/data/a', 'text');
  const killed = disk.afterCrash('everything', dice);
  assert.equal(await textOf(killed, '/data/a'), 'text');
  assert.deepEqual(await killed.afterCrash('nothing', dice).list('/data'), []);
  await syncAll(killed, '/data/a');
  assert.equal(await textOf(killed.afterCrash('nothing', dice), '/data/a'), 'text');
  assert.deepEqual(await disk.afterCrash('nothing', dice).list('/data'), [], 'the first disk is another');
});

test('a sync that failed is not made good by the next', async () => {
  const disk = createSimulatedDisk();
  await write(disk, '/data/a', 'text');
  await syncAll(disk, '/data/a');
  await write(disk, '/data/a', 'next');
  disk.onCall = ({ kind }) => {
    if (kind === 'sync') throw new Error('EIO');
  };
  const file = await disk.open('/data/a', 'write');
  await assert.rejects(file.sync());
  disk.onCall = undefined;
  await file.sync();
  assert.equal(await textOf(disk, '/data/a'), 'next');
  assert.equal(await textOf(disk.afterCrash('nothing', dice), '/data/a'), 'text');
});

test('a torn write leaves some of its sectors', async () => {
  const disk = createSimulatedDisk();
  await write(disk, '/data/a', '-'.repeat(4096));
  await syncAll(disk, '/data/a');
  await write(disk, '/data/a', '+'.repeat(4096));
  const torn = Array.from({ length: 30 }, () => disk.afterCrash('some', dice)).map((left) =>
    left.files().get('/data/a')!.toString(),
  );
  assert.ok(torn.some((text) => text.includes('+') && text.includes('-')));
  for (const text of torn) assert.match(text, /^([+]{512}|[-]{512}){8}$/);
});

test('a full disk refuses what does not fit, and only that', async () => {
  const disk = createSimulatedDisk();
  disk.capacityBytes = 10;
  await write(disk, '/data/a', '12345678');
  await assert.rejects(write(disk, '/data/b', '123'), { code: 'ENOSPC' });
  await write(disk, '/data/a', '87654321');
  await disk.remove('/data/a');
  await write(disk, '/data/b', '123');
});

test('a call that is made to fail does nothing', async () => {
  const disk = createSimulatedDisk();
  await write(disk, '/data/a', 'old');
  disk.onCall = ({ kind }) => {
    if (kind === 'write') throw new Error('no');
  };
  await assert.rejects(write(disk, '/data/a', 'new'), { message: 'no' });
  assert.equal(await textOf(disk, '/data/a'), 'old');
});
