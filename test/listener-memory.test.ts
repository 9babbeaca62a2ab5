/** 300 clients send 10 MiB each at the same moment: 3 GB in all, of which the server may hold 128 MiB. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLIENTS = 300;
const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(MIB, 'x');
const PIECES = 10;
const RSS_BYTES_MAX = 600 * MIB;

type Send = (port: number) => Promise<number>;

/** Resolves to the status of one upload over HTTP/1.1. */
const sendHttp1: Send = async (port) => {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  const answered = once(socket, 'data') as Promise<[string]>;
  socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${PIECES * MIB}\r\n\r\n`);
  for (let piece = 0; piece < PIECES; piece += 1) socket.write(PIECE);
  const [answer] = await answered;
  socket.on('error', () => {});
  socket.destroy();
  return Number(answer.slice(9, 12));
};

/** The same over HTTP/2, a session for each. */
const sendHttp2: Send = async (port) => {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream: ClientHttp2Stream = session.request({
    ':method': 'POST',
    ':path': '/',
    'content-length': PIECES * MIB,
  });
  const answered = once(stream, 'response') as Promise<[{ ':status'?: number }]>;
  for (let piece = 0; piece < PIECES; piece += 1) stream.write(PIECE);
  stream.end();
  const [head] = await answered;
  stream.on('error', () => {});
  session.on('error', () => {});
  session.destroy();
  return head[':status'] ?? 0;
};

async function start(): Promise<{ server: ChildProcess; port: number }> {
  const server = fork(fileURLToPath(new URL('listener-memory-server.ts', import.meta.url)), { execArgv: [] });
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  return { server, port };
}

for (const [name, send] of Object.entries({ 'HTTP/1.1': sendHttp1, 'HTTP/2': sendHttp2 })) {
  test(`${CLIENTS} clients sending 10 MiB at once over ${name} are all answered, and memory stays bounded`, async (t) => {
    const { server, port } = await start();
    t.after(() => server.kill());
    const statuses = await Promise.all(Array.from({ length: CLIENTS }, () => send(port)));
    const counts = { taken: 0, busy: 0 };
    for (const status of statuses) {
      assert.ok(status === 200 || status === 503, `status ${status}`);
      counts[status === 200 ? 'taken' : 'busy'] += 1;
    }
    server.send('report');
    const [{ rssMaxBytes }] = (await once(server, 'message')) as [{ rssMaxBytes: number }];
    t.diagnostic(`${JSON.stringify(counts)}, peak ${Math.round(rssMaxBytes / MIB)} MiB`);
    assert.ok(counts.taken > CLIENTS / 10, 'the server works while it is crowded');
    assert.ok(rssMaxBytes < RSS_BYTES_MAX, `${Math.round(rssMaxBytes / MIB)} MiB`);
  });
}
