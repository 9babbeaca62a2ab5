import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { realDisk } from './disk.ts';

test('files are written at positions, replaced whole, listed in order and private to their owner', async () => {
  const directory = path.join(await mkdtemp(path.join(tmpdir(), 'millrace-disk-')), 'data');
  try {
    await realDisk.makeDirectory(directory);
    const file = await realDisk.open(path.join(directory, 'b'), 'create');
    await file.write(Buffer.from('..hello..'), 2, 5, 4);
    file.writeSync(Buffer.from('J'), 0, 1, 4);
    await file.sync();
    assert.equal(await file.size(), 9);
    const target = new Uint8Array(8);
    assert.equal(await file.read(target, 0, 8, 4), 5);
    assert.equal(file.readSync(target, 5, 3, 6), 3);
    assert.equal(Buffer.from(target).toString(), 'Jellollo');
    assert.equal(await file.read(target, 0, 8, 9), 0);
    await file.close();
    await assert.rejects(realDisk.open(file.path, 'exclusive'), { code: 'EEXIST' });
    await assert.rejects(realDisk.open(path.join(directory, 'absent'), 'write'), { code: 'ENOENT' });

    await realDisk.replaceFile(path.join(directory, 'a'), Buffer.from('one'));
    await realDisk.replaceFile(path.join(directory, 'a'), Buffer.from('two'));
    assert.equal(Buffer.from(await realDisk.readFile(path.join(directory, 'a'))).toString(), 'two');
    assert.deepEqual(await realDisk.list(directory), ['a', 'b']);
    assert.deepEqual(await realDisk.list(path.join(directory, 'none')), []);
    if (process.platform !== 'win32') {
      assert.equal((await stat(file.path)).mode & 0o777, 0o600);
      assert.equal((await stat(directory)).mode & 0o777, 0o700);
    }
  } finally {
    await rm(path.dirname(directory), { recursive: true });
  }
});

test('whoever reads in a loop lets the event loop go on', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'millrace-disk-'));
  const file = await realDisk.open(path.join(directory, 'a'), 'create');
  try {
    await file.write(Buffer.from('text'), 0, 4, 0);
    let turned = false;
    setImmediate(() => (turned = true));
    const target = Buffer.alloc(4);
    for (let read = 0; read < 100; read++) {
      assert.equal(await file.read(target.fill(0), 0, 4, 0), 4);
      assert.equal(target.toString(), 'text');
    }
    assert.ok(turned);
  } finally {
    await file.close();
    await rm(directory, { recursive: true });
  }
});

test('directories are made with their parents, again without a complaint, and never over a file', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'millrace-disk-'));
  try {
    const directory = path.join(root, 'a', 'b');
    await realDisk.makeDirectory(directory);
    await realDisk.makeDirectory(directory);
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    await realDisk.replaceFile(path.join(root, 'file'), Buffer.from('x'));
    await assert.rejects(realDisk.makeDirectory(path.join(root, 'file')), { code: 'EEXIST' });
    await assert.rejects(realDisk.makeDirectory(path.join(root, 'file', 'c')), { code: 'ENOTDIR' });
  } finally {
    await rm(root, { recursive: true });
  }
});

test(
  'where no directory can be made, that is said at once',
  { skip: process.platform !== 'linux' && 'only Linux has /proc' },
  () => assert.rejects(realDisk.makeDirectory('/proc/millrace/data'), { code: 'ENOENT' }),
);
