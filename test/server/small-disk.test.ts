/** An empty server starts and works in 32 MiB of disk. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createStream, putText, readTexts, startServer, temporaryDirectory } from './server-process.ts';

const MIB = 1024 * 1024;
const DISK_MIB = 32;

/** A mount of its own, that no one else sees and that ends with the process; where that is not allowed the size is measured. */
const IN_SMALL_DISK = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=${DISK_MIB}m tmpfs "$0" && exec "$@"`,
];

test('an empty server starts and works in 32 MiB of disk', async () => {
  await using directory = await temporaryDirectory();
  const isMounted = mayMount(directory.path);
  const server = await startServer(directory.path, [], isMounted ? [...IN_SMALL_DISK, directory.path] : []);
  try {
    await createStream(server.client, 'small', 4);
    await createStream(server.client, 'other');
    for (let index = 0; index < 10; index++) await putText(server.client, 'other', 'x'.repeat(100_000));
    assert.equal((await readTexts(server.client, 'other')).length, 10);
    // What is mounted cannot be seen from here.
    if (isMounted) assert.deepEqual(await readdir(directory.path), []);
    else assert.ok((await bytesBelow(directory.path)) < DISK_MIB * MIB);
  } finally {
    assert.equal(await server.stop('SIGTERM'), 0);
  }
});

function mayMount(directory: string): boolean {
  try {
    execFileSync(IN_SMALL_DISK[0]!, [...IN_SMALL_DISK.slice(1), directory, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function bytesBelow(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory, { recursive: true })) {
    bytes += (await stat(path.join(directory, name))).blocks * 512;
  }
  return bytes;
}
