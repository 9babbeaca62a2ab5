import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import type { HandleRequest } from '../message.ts';
import { openListener, RawConnection, text } from './listen-for-test.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const MIB = 1024 * 1024;

/** An endless stream that counts what was asked of it. */
function endless(chunk: Uint8Array) {
  const state = { chunks: 0, returned: 0, released: 0 };
  const handle: HandleRequest = async () => ({
    status: 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    body: {
      [Symbol.asyncIterator]: () => ({
        async next() {
          state.chunks += 1;
          await settled();
          return { done: false, value: chunk };
        },
        async return() {
          state.returned += 1;
          return { done: true, value: undefined };
        },
      }),
    },
    release: () => {
      state.released += 1;
    },
  });
  return { state, handle };
}

test('chunks go out as they come over HTTP/1.1 and HTTP/2, each by itself, and the end is told', async () => {
  let push: (value: string | undefined) => void = () => {};
  await using server = await openListener({
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'application/vnd.amazon.eventstream' },
      body: (async function* () {
        for (;;) {
          const value = await new Promise<string | undefined>((resolve) => {
            push = resolve;
          });
          if (value === undefined) return;
          yield Buffer.from(value);
        }
      })(),
    }),
  });
  const one = await RawConnection.open(server.port);
  one.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
  await one.until(/transfer-encoding: chunked\r\n([^]*\r\n)?\r\n$/i);
  push('first');
  await one.until(/5\r\nfirst\r\n$/);
  push('second');
  await one.until(/6\r\nsecond\r\n$/);
  push(undefined);
  await one.until(/\r\n0\r\n\r\n$/);
  one.write('POST /again HTTP/1.1\r\nhost: a\r\n\r\n');
  await one.until(/0\r\n\r\nHTTP\/1.1 200 OK[^]*\r\n\r\n$/);
  one.socket.destroy();

  const session = connect(`http://127.0.0.1:${server.port}`);
  const stream = session.request({ ':path': '/' });
  const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
  assert.equal(head[':status'], 200);
  for (const value of ['first', 'second']) {
    push(value);
    assert.equal(String((await once(stream, 'data'))[0]), value);
  }
  stream.resume();
  push(undefined);
  await once(stream, 'end');
  session.close();
});

test('a slow reader is waited for: what is made ahead of it is bounded', async () => {
  const { state, handle } = endless(Buffer.alloc(64 * 1024));
  await using server = await openListener({ handle });
  const one = await RawConnection.open(server.port);
  one.socket.pause();
  one.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
  const session = connect(`http://127.0.0.1:${server.port}`);
  const stream = session.request({ ':path': '/' });
  await once(stream, 'response');
  let before = -1;
  for (let calm = 0; calm < 50; calm += 1) {
    if (state.chunks !== before) calm = 0;
    before = state.chunks;
    await settled();
  }
  // Both sockets' kernel buffers are most of it.
  assert.ok(state.chunks * 64 * 1024 < 32 * MIB, `${state.chunks} chunks`);
  one.socket.removeAllListeners('data').resume();
  stream.resume();
  while (state.chunks < before + 500) await settled();
  one.socket.destroy();
  session.destroy();
  while (state.released < 2) await settled();
});

test('however the client goes away, the source is told and the connection is closed', async () => {
  const { state, handle } = endless(Buffer.from('event'));
  await using server = await openListener({ handle });
  const { port } = server;
  const leaving: Record<string, () => Promise<void>> = {
    async 'HTTP/1.1 end'() {
      const connection = await RawConnection.open(port);
      connection.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
      await connection.until(/event/);
      connection.socket.end();
    },
    async 'HTTP/1.1 reset'() {
      const connection = await RawConnection.open(port);
      connection.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
      await connection.until(/event/);
      connection.socket.resetAndDestroy();
    },
    async 'TLS end'() {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
      await once(socket, 'data');
      socket.end();
    },
    async 'TLS cut'() {
      const raw = connectTcp(port, '127.0.0.1');
      const socket = connectTls({ socket: raw, rejectUnauthorized: false });
      socket.on('error', () => {});
      socket.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
      await once(socket, 'data');
      raw.destroy();
    },
    async 'HTTP/2 cancel'() {
      const session = connect(`http://127.0.0.1:${port}`);
      const stream = session.request({ ':path': '/' });
      await once(stream, 'data');
      stream.close(constants.NGHTTP2_CANCEL);
      session.close();
    },
    async 'HTTP/2 destroy'() {
      const session = connect(`http://127.0.0.1:${port}`);
      await once(session.request({ ':path': '/' }), 'data');
      session.destroy();
    },
    async 'HTTP/2 over TLS destroy'() {
      const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
      await once(session.request({ ':path': '/' }), 'data');
      session.destroy();
    },
  };
  for (const leave of Object.values(leaving)) {
    const { returned, released } = state;
    await leave();
    while (state.returned === returned || state.released === released) await settled();
    while (server.listener.connections() > 0) await settled();
  }
  assert.equal(state.released, Object.keys(leaving).length);
  assert.deepEqual(server.logged, []);
});

test('a source that waits for data is left when the client leaves', async () => {
  const signals: AbortSignal[] = [];
  await using server = await openListener({
    handle: async (request) => {
      signals.push(request.signal);
      return {
        status: 200,
        headers: {},
        body: { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) },
      };
    },
  });
  const connection = await RawConnection.open(server.port);
  connection.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
  await connection.until(/chunked/i);
  connection.socket.end();
  while (signals[0]?.aborted !== true) await settled();
  while (server.listener.connections() > 0) await settled();
});

test('a client that takes nothing for a minute is given up', async () => {
  const clock = createSimulatedClock(Date.now());
  const { state, handle } = endless(Buffer.alloc(MIB));
  await using server = await openListener({ handle, clock });
  const connection = await RawConnection.open(server.port);
  connection.socket.pause();
  connection.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
  while (state.returned === 0) {
    await settled();
    await clock.advance(1000);
  }
  assert.ok(clock.monotonic() > 60_000);
  connection.socket.destroy();
});

test('a source that fails cuts the answer short and is logged', async () => {
  await using server = await openListener({
    handle: async (request) =>
      request.target === '/'
        ? {
            status: 200,
            headers: {},
            body: (async function* (): AsyncGenerator<Uint8Array> {
              yield Buffer.from('begun');
              throw new Error('broken source');
            })(),
          }
        : text('fine'),
  });
  const connection = await RawConnection.open(server.port);
  connection.write('POST / HTTP/1.1\r\nhost: a\r\n\r\n');
  assert.doesNotMatch(await connection.untilEnd(), /\r\n0\r\n\r\n$/);
  const session = connect(`http://127.0.0.1:${server.port}`);
  const stream = session.request({ ':path': '/' });
  stream.resume();
  await assert.rejects(once(stream, 'end'), /NGHTTP2_INTERNAL_ERROR/);
  session.close();
  assert.deepEqual(server.logged, Array(2).fill('the source of an answer failed: broken source'));
});
