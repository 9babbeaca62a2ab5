/** A disk that is full, and one that may not be written: what is promised of them, with the real server on a real file system. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ApiError, type ApiClient } from '../../src/cli/client/api-client.ts';
import {
  createStream,
  putText,
  readTexts,
  startServer,
  temporaryDirectory,
} from '../server/server-process.ts';
import { mountDisk, skipMounts } from './mounted-disk.ts';

const skip = skipMounts(tmpdir());
const FLAGS = ['--limits', 'none', '--state-duration-ms', '0'];
const RESUMES_MS_MAX = 20_000;

/** Puts until one is refused; adds what was acknowledged. */
async function putUntilRefused(client: ApiClient, stream: string, acknowledged: string[]): Promise<ApiError> {
  for (let count = 0; count < 200; count++) {
    const text = `${acknowledged.length} ${'x'.repeat(400_000)}`;
    try {
      await putText(client, stream, text);
      acknowledged.push(text);
    } catch (error) {
      assert.ok(error instanceof ApiError, String(error));
      return error;
    }
  }
  throw new Error('a full disk took 80 MB');
}

test(
  'on a full disk reads go on, a server starts, deletions work, nothing acknowledged is lost, and writes resume by themselves',
  { skip },
  async (t) => {
    await using directory = await temporaryDirectory();
    const data = path.join(directory.path, 'data');
    await mkdir(data);
    await using disk = await mountDisk(data, 'size=40m');
    const start = async () => {
      const server = await startServer(data, FLAGS, disk.within);
      t.after(() => server.stop('SIGKILL'));
      return server;
    };
    const first = await start();
    for (const name of ['kept', 'deleted', 'shortened']) await createStream(first.client, name);
    const longer = { StreamName: 'shortened', RetentionPeriodHours: 48 };
    await first.client.call('IncreaseStreamRetentionPeriod', longer);
    for (const name of ['deleted', 'shortened']) await putText(first.client, name, 'z'.repeat(100_000));
    const acknowledged: string[] = [];
    disk.fill();
    const refused = await putUntilRefused(first.client, 'kept', acknowledged);
    assert.deepEqual([refused.status, refused.code], [500, 'InternalFailureException']);
    assert.deepEqual(await readTexts(first.client, 'kept'), acknowledged);

    await first.stop('SIGKILL');
    const second = await start();
    assert.deepEqual(await readTexts(second.client, 'kept'), acknowledged);
    const shorter = { StreamName: 'shortened', RetentionPeriodHours: 24 };
    await second.client.call('DecreaseStreamRetentionPeriod', shorter);
    await second.client.call('DeleteStream', { StreamName: 'deleted' });

    disk.clear();
    await putUntilTaken(second.client, 'kept', 'resumed');
    acknowledged.push('resumed');
    assert.deepEqual(await readTexts(second.client, 'kept'), acknowledged);
    assert.equal(await second.stop('SIGTERM'), 0);

    const third = await start();
    assert.deepEqual(await readTexts(third.client, 'kept'), acknowledged);
    await assert.rejects(readTexts(third.client, 'deleted'), { code: 'ResourceNotFoundException' });
    assert.equal(await third.stop('SIGTERM'), 0);
  },
);

async function putUntilTaken(client: ApiClient, stream: string, text: string): Promise<void> {
  const endMs = performance.now() + RESUMES_MS_MAX;
  for (;;) {
    try {
      await putText(client, stream, text);
      return;
    } catch (error) {
      assert.ok(performance.now() < endMs, `writes did not resume: ${String(error)}`);
    }
  }
}

test(
  'a directory that may not be written, and one without any room, are refused by name',
  { skip },
  async () => {
    await using directory = await temporaryDirectory();
    const refusalOn = async (options: string, prepare?: string): Promise<string> => {
      await using disk = await mountDisk(directory.path, options, prepare);
      return await startServer(directory.path, FLAGS, disk.within).then(
        async ({ stop }) => `it started, and ended with ${await stop('SIGKILL')}`,
        (error: Error) => error.message,
      );
    };
    const readOnly = await refusalOn('size=24m', 'mount -o remount,ro "$0"');
    assert.ok(readOnly.includes(directory.path), readOnly);
    assert.match(readOnly, /read-only|cannot be|must be able to write/);
    const noRoom = await refusalOn('size=64k');
    assert.ok(noRoom.includes(directory.path), noRoom);
    assert.match(noRoom, /full|space|room/i);
    for (const said of [readOnly, noRoom]) assert.doesNotMatch(said, /^\s+at /m, 'no stack');
  },
);
