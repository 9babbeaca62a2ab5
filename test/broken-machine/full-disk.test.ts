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
import { refusalOn, skipMounts, startMounted } from './mounted-disk.ts';

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
  'on a full disk reads go on, deletions work, nothing acknowledged is lost, and writes resume by themselves',
  { skip },
  async () => {
    await using directory = await temporaryDirectory();
    const data = path.join(directory.path, 'data');
    await mkdir(data);
    const { server, fill, clear, copyTo } = await startMounted(data, FLAGS, { mib: 40 });
    const { client } = server;
    for (const name of ['kept', 'deleted', 'shortened']) await createStream(client, name);
    await client.call('IncreaseStreamRetentionPeriod', { StreamName: 'shortened', RetentionPeriodHours: 48 });
    for (const name of ['deleted', 'shortened']) await putText(client, name, 'z'.repeat(100_000));
    const acknowledged: string[] = [];
    for (let count = 0; count < 5; count++) {
      await putText(client, 'kept', `${count}`);
      acknowledged.push(`${count}`);
    }

    fill();
    const refused = await putUntilRefused(client, 'kept', acknowledged);
    assert.equal(refused.status, 500);
    assert.equal(refused.code, 'InternalFailureException');
    assert.deepEqual(await readTexts(client, 'kept'), acknowledged);
    await client.call('DecreaseStreamRetentionPeriod', { StreamName: 'shortened', RetentionPeriodHours: 24 });
    await client.call('DeleteStream', { StreamName: 'deleted' });
    const { StreamNames } = await client.call<{ StreamNames: string[] }>('ListStreams', {});
    assert.ok(StreamNames.includes('kept'));

    clear();
    const resumedByMs = performance.now() + RESUMES_MS_MAX;
    for (;;) {
      try {
        await putText(client, 'kept', 'resumed');
        acknowledged.push('resumed');
        break;
      } catch (error) {
        assert.ok(performance.now() < resumedByMs, `writes did not resume: ${String(error)}`);
      }
    }
    assert.deepEqual(await readTexts(client, 'kept'), acknowledged);

    const copy = path.join(directory.path, 'copy');
    await copyTo(copy);
    assert.equal(await server.stop('SIGTERM'), 0);
    const again = await startServer(copy, FLAGS);
    assert.deepEqual(await readTexts(again.client, 'kept'), acknowledged);
    await assert.rejects(readTexts(again.client, 'deleted'), { code: 'ResourceNotFoundException' });
    assert.equal(await again.stop('SIGTERM'), 0);
  },
);

test(
  'a directory that may not be written, and one without any room, are refused by name',
  { skip },
  async () => {
    await using directory = await temporaryDirectory();
    const readOnly = await refusalOn(directory.path, 'size=24m', 'mount -o remount,ro "$0"');
    assert.match(readOnly, new RegExp(`${directory.path}.*(read-only|cannot be)`));
    const noRoom = await refusalOn(directory.path, 'size=64k', 'true');
    assert.match(noRoom, new RegExp(`${directory.path}`));
    assert.match(noRoom, /full|space/i);
    for (const said of [readOnly, noRoom]) assert.doesNotMatch(said, /^\s+at /m, 'no stack');
  },
);
