import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { UsageError } from '../../base/flags.ts';
import { createRealDice } from '../../host/real/dice.ts';
import { realDisk } from '../../host/real/disk.ts';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { openAuthority, readOwnCertificate } from './authority.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const quiet = { warn() {}, error() {} };
let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-authority-'));
});
after(() => rm(directory, { recursive: true }));

function open(at: string | undefined, nowMs: number, names: readonly string[] = []) {
  const host = { clock: createSimulatedClock(nowMs), disk: realDisk, dice: createRealDice() };
  return openAuthority({ host, directory: at, names, log: quiet });
}

test('the certificate is signed by the authority and names this machine in every way clients use', async () => {
  const made = await open(undefined, Date.now(), [
    'build-7.example.com',
    '192.0.2.7',
    '2001:db8::17',
    '0.0.0.0',
    'not a name',
  ]);
  const server = new X509Certificate(made.cert);
  const authority = new X509Certificate(made.authority ?? '');

  assert.equal(server.verify(authority.publicKey), true);
  assert.equal(server.checkIssued(authority), true);
  assert.equal(authority.checkIssued(authority), true);
  assert.equal(authority.ca, true);
  assert.equal(server.ca, false);
  assert.equal(
    server.subjectAltName,
    'DNS:localhost, DNS:kinesis.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, ' +
      'DNS:build-7.example.com, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:17',
  );
  assert.equal(made.authorityFile, undefined);
});

test('it is kept, mode 0600, renewed before its end or for a new name, and the authority stays the same', async () => {
  const tls = join(directory, 'data', 'tls');
  const startMs = Date.UTC(2026, 10, 24);
  const first = await open(tls, startMs);
  const again = await open(tls, startMs + 700 * DAY_MS);
  assert.deepEqual(again, first);
  assert.equal(first.authorityFile, join(tls, 'ca.pem'));
  for (const name of ['ca.pem', 'ca.key', 'server.pem', 'server.key']) {
    assert.equal((await stat(join(tls, name))).mode & 0o777, 0o600, name);
  }

  const renewed = await open(tls, startMs + 780 * DAY_MS);
  assert.notEqual(renewed.cert, first.cert);
  assert.equal(renewed.authority, first.authority);
  assert.equal(
    new X509Certificate(renewed.cert).verify(new X509Certificate(first.authority ?? '').publicKey),
    true,
  );

  const named = await open(tls, startMs + 781 * DAY_MS, ['mill.example.com']);
  assert.equal(named.authority, first.authority);
  assert.equal(new X509Certificate(named.cert).checkHost('mill.example.com'), 'mill.example.com');
});

test('an authority near its end is replaced, and so is one whose second file was never written', async () => {
  const tls = join(directory, 'ends');
  const startMs = Date.UTC(2026, 10, 24);
  const first = await open(tls, startMs);
  const late = await open(tls, startMs + 3000 * DAY_MS);
  assert.notEqual(late.authority, first.authority);
  await rm(join(tls, 'ca.key'));
  const half = await open(tls, startMs + 3000 * DAY_MS);
  assert.notEqual(half.authority, late.authority);
  assert.equal(
    new X509Certificate(half.cert).verify(new X509Certificate(half.authority ?? '').publicKey),
    true,
  );
});

test('a damaged file is named, with the remedy', async () => {
  const tls = join(directory, 'damaged');
  await open(tls, Date.now());
  await writeFile(join(tls, 'ca.pem'), 'not a certificate');
  await assert.rejects(open(tls, Date.now()), (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /ca\.pem.*damaged.*Remove/);
    return true;
  });
});

test("one's own certificate is taken, or refused with the file and the remedy", async () => {
  const [one, two] = [await open(undefined, Date.now()), await open(undefined, Date.now())];
  const path = (name: string): string => join(directory, name);
  await writeFile(path('one.pem'), one.cert);
  await writeFile(path('one.key'), one.key);
  await writeFile(path('two.key'), two.key);
  await writeFile(path('text.pem'), 'hello');
  const host = { clock: createSimulatedClock(Date.now()), disk: realDisk };
  const read = (certFile: string, keyFile: string) =>
    readOwnCertificate(host, { certFile: path(certFile), keyFile: path(keyFile) }, quiet);

  assert.equal((await read('one.pem', 'one.key')).cert, await readFile(path('one.pem'), 'latin1'));
  await assert.rejects(read('none.pem', 'one.key'), /none\.pem \(--tls-cert\) cannot be read \(ENOENT\)/);
  await assert.rejects(read('one.pem', 'none.key'), /none\.key \(--tls-key\) cannot be read \(ENOENT\)/);
  await assert.rejects(read('text.pem', 'one.key'), /text\.pem \(--tls-cert\) is not a PEM certificate/);
  await assert.rejects(read('one.pem', 'text.pem'), /text\.pem \(--tls-key\) is not a PEM private key/);
  await assert.rejects(read('one.pem', 'two.key'), /two\.key \(--tls-key\) is not the key of .*one\.pem/);
});
