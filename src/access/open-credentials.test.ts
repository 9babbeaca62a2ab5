import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { realDisk } from '../host/real/disk.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { CredentialsFileError } from './credentials-file.ts';
import { openCredentials } from './open-credentials.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-credentials-'));
});
after(() => rm(directory, { recursive: true }));

const profile = (id: string, secret = 'x') =>
  `[${id}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

test('keys are added, changed and taken away while the server runs; trouble keeps what was', async () => {
  const path = join(directory, 'keys');
  await writeFile(path, profile('ONE') + profile('TWO'));
  const reloads: number[] = [];
  const troubles: string[] = [];
  // Tells of each read, so that the test knows when a look is over without waiting for a time.
  let onRead = () => {};
  const disk = {
    ...realDisk,
    async readFile(file: string) {
      try {
        return await realDisk.readFile(file);
      } finally {
        onRead();
      }
    },
  };
  const clock = createSimulatedClock();
  const look = async () => {
    const read = new Promise<void>((resolve) => {
      onRead = resolve;
    });
    await clock.advance(5000);
    await read;
    await setImmediate();
  };
  const credentials = await openCredentials({
    host: { clock, disk },
    path,
    account: '000000000000',
    onReload: (keys) => reloads.push(keys),
    onTrouble: (error) => troubles.push((error as Error).message),
  });
  const one = credentials.find('ONE');
  assert.equal(one?.secretAccessKey, 'x');
  await look();
  assert.equal(credentials.find('ONE'), one, 'an unchanged file changes nothing');

  await writeFile(path, profile('ONE', 'y') + profile('THREE') + profile('FOUR'));
  await look();
  assert.equal(credentials.find('ONE')?.secretAccessKey, 'y');
  assert.equal(credentials.find('TWO'), undefined);
  assert.deepEqual(reloads, [3]);

  await writeFile(path, 'broken');
  await look();
  await look();
  assert.equal(troubles.length, 1);
  assert.match(troubles[0]!, /line 1 is neither/);
  await rm(path);
  await look();
  assert.match(troubles[1]!, /cannot be read \(ENOENT\)/);
  assert.ok(credentials.find('FOUR'));

  await writeFile(path, profile('FIVE'));
  await look();
  assert.ok(credentials.find('FIVE'));
  assert.deepEqual(reloads, [3, 1]);
  await credentials[Symbol.asyncDispose]();
  assert.equal(clock.nextTimerMs(), undefined);
});

test('a file that cannot be read at start is an error with the path', async () => {
  const options = { host: { clock: createSimulatedClock(), disk: realDisk }, account: '000000000000' };
  await assert.rejects(
    openCredentials({ ...options, path: join(directory, 'absent') }),
    (error) =>
      error instanceof CredentialsFileError && /absent cannot be read \(ENOENT\)/.test(error.message),
  );
});
