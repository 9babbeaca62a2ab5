import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import type { WireRequest } from '../message.ts';
import { openListener, RawConnection, summary, text } from './listen-for-test.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

type Answer = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string };

function open(port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  return session;
}

/** Rejects when the stream is reset. */
async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Answer> {
  const stream = session.request(
    { ':method': 'POST', ':path': '/', ...headers },
    { endStream: body === undefined },
  );
  const answered = once(stream, 'response');
  if (body !== undefined) stream.end(body);
  const [head] = (await answered) as [Record<string, unknown>];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { status: Number(head[':status']), headers: head, body: Buffer.concat(chunks).toString('latin1') };
}

test('plain and TLS by prior knowledge, without ALPN and SNI, as Java speaks it', async () => {
  await using server = await openListener();
  const plain = open(server.port);
  const answer = await ask(plain, { ':path': '/a?b' }, 'hello');
  assert.equal(answer.body, 'POST /a?b HTTP/2 loopback 5B hello\n');
  assert.match(String(answer.headers['date']), / GMT$/);
  assert.equal(answer.headers['content-length'], '35');
  plain.close();

  const socket = connectTls({
    host: '127.0.0.1',
    port: server.port,
    ca: server.certificate.authority,
    servername: '',
    checkServerIdentity: () => undefined,
  });
  await once(socket, 'secureConnect');
  assert.equal(socket.alpnProtocol, false);
  const secure = connect(`https://localhost:${server.port}`, { createConnection: () => socket });
  // The server is closed while the session still says good-bye: a reset then is no failure.
  secure.on('error', () => {});
  assert.equal(
    (await ask(secure, {}, 'x'.repeat(300_000))).body.slice(0, 41),
    'POST / HTTP/2 TLS loopback 300000B xxxxxx',
  );
  secure.close();

  const negotiated = connect(`https://localhost:${server.port}`, { ca: server.certificate.authority ?? '' });
  negotiated.on('error', () => {});
  assert.equal((await ask(negotiated, { ':method': 'GET' })).body, 'GET / HTTP/2 TLS loopback 0B \n');
  assert.equal(negotiated.alpnProtocol, 'h2');
  negotiated.close();
});

test('the authority is the host, repeated headers are joined, HEAD has no body', async () => {
  let seen: WireRequest | undefined;
  await using server = await openListener({
    handle: async (request) => {
      seen = request;
      return text('body');
    },
  });
  const session = open(server.port);
  const answer = await ask(session, {
    ':method': 'HEAD',
    ':authority': 'kinesis.localhost',
    'x-a': ['1', '2'],
  });
  assert.deepEqual([answer.headers['content-length'], answer.body], ['4', '']);
  assert.deepEqual(
    [...(seen?.headers ?? [])],
    [
      ['x-a', '1,2'],
      ['host', 'kinesis.localhost'],
    ],
  );
  session.close();
});

test('many streams at once, each with its own answer', async () => {
  await using server = await openListener({ handle: async (request) => text(summary(request)) });
  const session = open(server.port);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      ask(session, { ':path': `/${index}` }, 'y'.repeat(index * 100)),
    ),
  );
  answers.forEach((answer, index) =>
    assert.match(answer.body, new RegExp(`^POST /${index} HTTP/2 loopback ${index * 100}B `)),
  );
  assert.equal(server.budget.held, 0);
  session.close();
});

test('100 Continue, 413 with and without a declared length, 417, and headers that are too large', async () => {
  await using server = await openListener({ limits: { bodyBytesMax: 100_000, headerBytesMax: 16_384 } });
  const session = open(server.port);
  const expecting = session.request({ ':method': 'POST', ':path': '/', expect: '100-continue' });
  await once(expecting, 'continue');
  expecting.end('late');
  const [head] = (await once(expecting, 'response')) as [Record<string, unknown>];
  assert.equal(head[':status'], 200);
  expecting.resume();
  assert.equal((await ask(session, { expect: 'miracles' })).status, 417);
  assert.equal((await ask(session, { 'content-length': 100_001 }, Buffer.alloc(100_001))).status, 413);
  assert.equal((await ask(session, {}, Buffer.alloc(3_000_000))).status, 413);
  await assert.rejects(ask(session, { 'x-large': 'z'.repeat(20_000) }));
  assert.equal((await ask(session, {}, 'still here')).status, 200);
  assert.equal(server.budget.held, 0);
  session.close();
});

test('a slow body gets 408; an idle session is told to go', async () => {
  const clock = createSimulatedClock(Date.now());
  await using server = await openListener({ clock });
  const session = open(server.port);
  const slow = session.request({ ':method': 'POST', ':path': '/' });
  slow.write('a');
  const statuses: unknown[] = [];
  slow.on('response', (headers) => statuses.push(headers[':status']));
  slow.on('error', () => {});
  slow.resume();
  while (server.budget.held === 0) await settled();
  while (statuses.length === 0) {
    await clock.advance(1000);
    await settled();
  }
  assert.deepEqual(statuses, [408]);
  const gone = once(session, 'goaway');
  while (server.listener.connections() > 0) {
    await clock.advance(10_000);
    await settled();
  }
  await gone;
});

test('a reset stream aborts its signal, and the others go on', async () => {
  let aborted: Promise<unknown> | undefined;
  let started = () => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  await using server = await openListener({
    handle: async (request) => {
      if (request.target !== '/wait') return text('fine');
      aborted = once(request.signal, 'abort');
      started();
      await aborted;
      return text('late');
    },
  });
  const session = open(server.port);
  const stream = session.request({ ':path': '/wait' });
  stream.on('error', () => {});
  await running;
  stream.close(constants.NGHTTP2_CANCEL);
  await aborted;
  assert.equal((await ask(session, {})).body, 'fine');
  session.close();
});

test('a flood of resets ends the session, not the server', async () => {
  await using server = await openListener();
  const flooding = open(server.port);
  let opened = 0;
  while (!flooding.destroyed && opened < 20_000) {
    for (let index = 0; index < 100 && !flooding.destroyed; index += 1) {
      const stream = flooding.request({ ':path': '/' });
      stream.on('error', () => {});
      stream.close(constants.NGHTTP2_CANCEL);
      opened += 1;
    }
    await settled();
  }
  assert.ok(flooding.destroyed, 'the session was ended');
  const session = open(server.port);
  assert.equal((await ask(session, {})).status, 200);
  session.close();
});

test('broken frames end the connection, not the server', async () => {
  await using server = await openListener();
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  const settings = '\0\0\0\x04\0\0\0\0\0';
  const broken = [
    'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n',
    `${preface}GET / HTTP/1.1\r\n\r\n`,
    `${preface}\xff\xff\xff\x04\0\0\0\0\0`,
    `${preface}${settings}\0\0\x04\x01\x05\0\0\0\x01\xff\xff\xff\xff`,
    `${preface}${settings}\0\0\0\x09\0\0\0\0\x01`,
    `${preface}${settings}\0\0\x04\x08\0\0\0\0\0\0\0\0\0`,
  ];
  for (const bytes of broken) {
    const connection = await RawConnection.open(server.port);
    connection.write(bytes);
    await connection.untilEnd();
  }
  const session = open(server.port);
  assert.equal((await ask(session, {})).status, 200);
  session.close();
  assert.deepEqual(server.logged, []);
});
