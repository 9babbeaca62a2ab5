/** Oversized, half-closed and too many connections, against a server of its own. What they cost is measured by `npm run hostile`. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import {
  createStream,
  putText,
  readTexts,
  startServer,
  temporaryDirectory,
} from '../server/server-process.ts';
import { open, put, startVictim, untilEnd } from './parts.ts';

test('oversized headers, lengths and bodies are refused, and half-closed connections get what they are due', async () => {
  await using victim = await startVictim();
  const sent = async (text: string, then?: (socket: Socket) => void): Promise<string> => {
    const socket = await open(victim.port);
    // Who is refused while it still sends is heard out for a while; this client leaves with the answer.
    socket.once('data', () => socket.end());
    socket.write(text);
    then?.(socket);
    return untilEnd(socket);
  };
  const head = 'POST / HTTP/1.1\r\nhost: localhost\r\n';
  const [headers, length, endless, silent, half, whole] = await Promise.all([
    sent(`${head}x: ${'a'.repeat(100_000)}`),
    sent(`${head}content-length: ${10 ** 12}\r\n\r\n`),
    sent(`${head}transfer-encoding: chunked\r\n\r\n`, (socket) => {
      const chunk = Buffer.from(`100000\r\n${'a'.repeat(0x100000)}\r\n`);
      const more = (): void => {
        while (socket.writable && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    }),
    sent('', (socket) => socket.end()),
    sent(`${head}content-length: 10\r\n\r\nhalf`, (socket) => socket.end()),
    sent(`GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n`, (socket) => socket.end()),
  ]);
  assert.match(headers, /^HTTP\/1\.1 431 /);
  assert.match(length, /^HTTP\/1\.1 413 /);
  assert.match(endless, /^HTTP\/1\.1 413 /);
  assert.equal(silent, '');
  assert.match(half, /^(HTTP\/1\.1 400 |$)/);
  assert.match(whole, /^HTTP\/1\.1 200 /);
  await put(victim.client);
});

test(
  'connections never take the files that the log needs',
  { skip: process.platform !== 'linux' },
  async () => {
    await using directory = await temporaryDirectory();
    const limited = ['sh', '-c', 'ulimit -n 200; exec "$@"', 'sh'];
    const flags = ['--limits', 'none', '--state-duration-ms', '0'];
    const server = await startServer(directory.path, flags, limited);
    let said = '';
    server.child.stdout!.on('data', (chunk) => (said += String(chunk)));
    await createStream(server.client, 'crowded');
    const sockets = await Promise.all(
      Array.from({ length: 300 }, () => open(Number(new URL(server.url).port))),
    );
    // More than a journal file: others must be opened.
    for (let count = 0; count < 8; count++) await putText(server.client, 'crowded', 'x'.repeat(700_000));
    assert.equal((await readTexts(server.client, 'crowded')).length, 8);
    for (const socket of sockets) socket.destroy();
    assert.equal(await server.stop('SIGTERM'), 0);
    assert.match(said, /connections are refused/);
    assert.doesNotMatch(said, /EMFILE/);
  },
);
