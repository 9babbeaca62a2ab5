/** The life of a server process: starts, signals, locks, crashes, backups. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { createRealHost } from '../../src/host/real/host.ts';
import { openFolderObjectStore } from '../../src/objects/folder/folder-object-store.ts';
import { promisify } from 'node:util';
import {
  KinesisClient,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { createStream, MAIN, putText, readTexts, startServer, temporaryDirectory } from './server-process.ts';

const run = promisify(execFile);
const millrace = (...args: string[]) => run(process.execPath, [MAIN, ...args]);

test('what was acknowledged is there after kill -9, and the lock is free at once', async () => {
  await using directory = await temporaryDirectory();
  const first = await startServer(directory.path);
  await createStream(first.client, 'kept');
  const numbers = [];
  for (let index = 0; index < 20; index++)
    numbers.push(await putText(first.client, 'kept', `record ${index}`));
  assert.equal(await first.stop('SIGKILL'), 'SIGKILL');

  const second = await startServer(directory.path);
  const expected = numbers.map((_, index) => `record ${index}`);
  assert.deepEqual(await readTexts(second.client, 'kept'), expected);
  const next = await putText(second.client, 'kept', 'after');
  assert.ok(BigInt(next) > BigInt(numbers.at(-1)!));
  assert.deepEqual(await readTexts(second.client, 'kept'), [...expected, 'after']);
  assert.equal(await second.stop('SIGTERM'), 0);
});

test('a second server on the same data is told so, as is one on a taken port', async () => {
  await using directory = await temporaryDirectory();
  const server = await startServer(directory.path);
  await assert.rejects(startServer(directory.path), {
    message: /^Another server runs on .*millrace stop --data/,
  });
  const port = new URL(server.url).port;
  await assert.rejects(startServer(path.join(directory.path, 'other'), ['--port', port]), {
    message: /^Port \d+ on 127\.0\.0\.1 is taken by another program\. Choose another --port N\.$/m,
  });
  const { stdout } = await millrace('status', '--data', directory.path);
  assert.match(stdout, new RegExp(`^URL +${server.url}$`, 'm'));
  const { stderr } = await millrace('stop', '--data', directory.path);
  assert.equal(stderr, `Stopped the server on ${directory.path}.\n`);
  assert.equal(await server.ended, 0);
  await assert.rejects(millrace('status', '--data', directory.path), { code: 3 });
});

test('SIGTERM lets a request that has begun finish; then the server ends with 0', async () => {
  await using directory = await temporaryDirectory();
  const server = await startServer(directory.path);
  await createStream(server.client, 'drained');
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const body = 'x'.repeat(100);
  socket.write(
    `POST / HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/x-amz-json-1.1\r\n` +
      `x-amz-target: Kinesis_20131202.PutRecord\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 50)}`,
  );
  // The server has the first half when it has answered another client.
  await putText(server.client, 'drained', 'while another waits');
  server.client.close();
  server.child.kill('SIGTERM');
  await refuses(Number(port), hostname);
  socket.write(body.slice(50));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 400 /);
  assert.equal(await server.ended, 0);
});

test('a subscription does not keep a server from ending, and ends as its five minutes would', async () => {
  await using directory = await temporaryDirectory();
  const server = await startServer(directory.path, ['--state-duration-ms', '0']);
  await createStream(server.client, 'watched');
  const kinesis = new KinesisClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'a' },
  });
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/watched';
  const { Consumer } = await kinesis.send(
    new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }),
  );
  const subscribe = new SubscribeToShardCommand({
    ConsumerARN: Consumer!.ConsumerARN,
    ShardId: 'shardId-000000000000',
    StartingPosition: { Type: 'TRIM_HORIZON' },
  });
  const { EventStream } = await untilActive(() => kinesis.send(subscribe));
  await putText(server.client, 'watched', 'one');
  const seen: string[] = [];
  const startedMs = performance.now();
  for await (const { SubscribeToShardEvent: event } of EventStream!) {
    for (const { Data } of event?.Records ?? []) seen.push(Buffer.from(Data!).toString());
    if (seen.length === 1) void server.stop('SIGTERM');
  }
  assert.deepEqual(seen, ['one']);
  assert.equal(await server.ended, 0);
  assert.ok(performance.now() - startedMs < 15_000);
});

test('a second signal ends a server that is still draining', async () => {
  await using directory = await temporaryDirectory();
  const server = await startServer(directory.path);
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf');
  await createStream(server.client, 'busy');
  server.client.close();
  server.child.kill('SIGTERM');
  await refuses(Number(port), hostname);
  server.child.kill('SIGTERM');
  assert.equal(await server.ended, 130);
});

test('a backup made while records are written restores to a server that has them', async () => {
  await using directory = await temporaryDirectory();
  const [data, backup, restored] = ['data', 'backup', 'restored'].map((name) =>
    path.join(directory.path, name),
  );
  const server = await startServer(data!, ['--limits', 'none']);
  await createStream(server.client, 'busy');
  const acknowledged: string[] = [];
  const writer = { stopped: false };
  const writing = (async () => {
    for (let index = 0; !writer.stopped; index++) {
      await putText(server.client, 'busy', `record ${index}`);
      acknowledged.push(`record ${index}`);
    }
  })();
  while (acknowledged.length < 50) await new Promise((resolve) => setImmediate(resolve));
  const before = acknowledged.length;
  const { stderr } = await millrace('backup', backup!, '--endpoint-url', server.url);
  assert.match(stderr, /^Backed up .*\nThe master key is in it/);
  writer.stopped = true;
  await writing;
  await assert.rejects(millrace('backup', backup!, '--endpoint-url', server.url), { stderr: /is not empty/ });
  assert.equal(await server.stop('SIGTERM'), 0);

  await millrace('restore', backup!, '--data', restored!);
  const second = await startServer(restored!);
  const texts = await readTexts(second.client, 'busy');
  assert.ok(texts.length >= before, `${texts.length} of ${before}`);
  assert.deepEqual(texts, acknowledged.slice(0, texts.length));
  assert.equal(await second.stop('SIGTERM'), 0);
  await assert.rejects(millrace('restore', backup!, '--data', restored!), { stderr: /is not empty/ });
});

test('a backup has the buckets of the data directory, with their objects or empty', async () => {
  await using directory = await temporaryDirectory();
  const [data, whole, empty] = ['data', 'whole', 'empty'].map((name) => path.join(directory.path, name));
  const place = { ...createRealHost(), directory: path.join(data!, 'objects') };
  const buckets = await openFolderObjectStore(place);
  for (const bucket of ['lake', 'pond']) await buckets.createBucket(bucket);
  const keys = ['a/b/1.gz', 'a/B', 'odd \u00e9 key/..%2f', 'last'];
  const properties = { contentType: 'text/x', contentEncoding: 'gzip', metadata: { by: 'hand' } };
  for (const key of keys) await buckets.put('lake', key, Buffer.from(`of ${key}`), properties);

  const server = await startServer(data!);
  const { stderr } = await millrace('backup', whole!, '--endpoint-url', server.url);
  assert.match(stderr, /, with 4 objects of buckets\.$/m);
  const less = await millrace('backup', empty!, '--no-objects', '--endpoint-url', server.url);
  assert.match(less.stderr, /, with 0 objects of buckets\.$/m);
  assert.equal(await server.stop('SIGTERM'), 0);

  for (const [backup, expected] of [
    [whole!, keys.toSorted()],
    [empty!, []],
  ] as const) {
    const restored = `${backup}-restored`;
    await millrace('restore', backup, '--data', restored);
    const copy = await openFolderObjectStore({ ...place, directory: path.join(restored, 'objects') });
    assert.deepEqual(await copy.listBuckets(), await buckets.listBuckets());
    const { objects } = await copy.list('lake', '', '', 10);
    assert.deepEqual(objects.map(({ key }) => key).toSorted(), expected);
    for (const { key } of objects)
      assert.deepEqual(await copy.get('lake', key), await buckets.get('lake', key));
    await copy.put('pond', 'new', Buffer.from('x'), properties);
  }
});

test('a directory with a log and no catalog is not served', async () => {
  await using directory = await temporaryDirectory();
  const server = await startServer(directory.path);
  await createStream(server.client, 'a');
  await server.stop('SIGTERM');
  await rename(path.join(directory.path, 'catalog.sqlite'), path.join(directory.path, 'hidden'));
  await assert.rejects(startServer(directory.path), { message: /has a log and no catalog\.sqlite/ });
});

test('the doctor leaves a running server alone, finds a whole directory whole and a damaged one damaged', async () => {
  await using directory = await temporaryDirectory();
  const examine = async () => {
    const { stdout } = await millrace('doctor', '--data', directory.path, '--port', '0', '--json').catch(
      (error: { stdout: string }) => error,
    );
    const findings = JSON.parse(stdout) as { subject: string; state: string; found: string }[];
    return Object.fromEntries(findings.map(({ subject, state }) => [subject, state]));
  };
  const fine = { 'Node.js': 'ok', directory: 'ok', port: 'ok', catalog: 'ok', log: 'ok', 'master key': 'ok' };
  const server = await startServer(directory.path);
  assert.equal((await examine())['server'], 'ok');
  await server.stop('SIGTERM');
  const { disk: _whole, ...whole } = await examine();
  assert.deepEqual(whole, fine);
  const catalog = await open(path.join(directory.path, 'catalog.sqlite'), 'r+');
  await catalog.write(Buffer.alloc(8192, 7), 0, 8192, 8192);
  await catalog.close();
  const { disk: _damaged, ...damaged } = await examine();
  assert.deepEqual(damaged, { ...fine, catalog: 'fault' });
  const { stderr } = await millrace('doctor', '--repair', '--data', directory.path);
  assert.match(stderr, /is whole/);
});

test('with credentials only their keys may call; durability memory leaves nothing on disk', async () => {
  await using directory = await temporaryDirectory();
  const credentials = path.join(directory.path, 'credentials');
  await writeFile(
    credentials,
    '[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\naws_account_id = 111122223333\n',
  );
  const data = path.join(directory.path, 'data');
  const server = await startServer(data, [
    '--credentials',
    credentials,
    '--durability',
    'memory',
    '--host',
    '0.0.0.0',
  ]);
  await assert.rejects(server.client.call('ListStreams', {}), { code: 'UnrecognizedClientException' });
  const environment = { ...process.env, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  const { stdout } = await run(
    process.execPath,
    [MAIN, 'stream', 'list', '--json', '--endpoint-url', server.url],
    { env: environment },
  );
  assert.equal(stdout, '[]\n');
  assert.equal(await server.stop('SIGINT'), 0);
  assert.deepEqual(await readdir(directory.path), ['credentials']);
});

test(
  'everything in the data directory is private to its owner',
  { skip: process.platform === 'win32' },
  async () => {
    await using directory = await temporaryDirectory();
    const data = path.join(directory.path, 'data');
    const server = await startServer(data);
    await createStream(server.client, 'a');
    for (const name of await readdir(data, { recursive: true })) {
      const { mode } = await stat(path.join(data, name));
      assert.equal(mode & 0o077, 0, name);
    }
    await server.stop('SIGTERM');
  },
);

/** A consumer is CREATING for a moment. */
async function untilActive<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as Error).name !== 'ResourceInUseException') throw error;
    }
  }
}

/** Resolves once the server takes no more connections. */
async function refuses(port: number, host: string): Promise<void> {
  for (;;) {
    const probe = connect(port, host);
    try {
      await once(probe, 'connect');
    } catch {
      return;
    }
    probe.destroy();
  }
}
