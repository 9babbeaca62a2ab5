import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { Agent } from 'node:https';
import { test } from 'node:test';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import type { WireRequest, WireResponse } from '../message.ts';
import { openListener, RawConnection, text } from './listen-for-test.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the JavaScript SDK speaks to it over h2c, https with ALPN, and HTTP/1.1', async () => {
  const seen: WireRequest[] = [];
  await using server = await openListener({
    handle: async (request) => {
      seen.push(request);
      const body =
        '{"StreamNames":["s"],"HasMoreStreams":false,"ShardId":"shardId-000000000000","SequenceNumber":"1"}';
      return { ...text(body), headers: { 'content-type': 'application/x-amz-json-1.1' } };
    },
  });
  const base = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  };
  const ca = server.certificate.authority ?? '';
  const clients = {
    'HTTP/2 plain': new KinesisClient({ ...base, endpoint: `http://127.0.0.1:${server.port}` }),
    'HTTP/1.1 plain': new KinesisClient({
      ...base,
      endpoint: `http://localhost:${server.port}`,
      requestHandler: new NodeHttpHandler(),
    }),
    'HTTP/1.1 TLS': new KinesisClient({
      ...base,
      endpoint: `https://localhost:${server.port}`,
      requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca, keepAlive: true }) }),
    }),
  };
  for (const [name, client] of Object.entries(clients)) {
    const listed = await client.send(new ListStreamsCommand({}));
    assert.deepEqual(listed.StreamNames, ['s']);
    await client.send(
      new PutRecordCommand({ StreamName: 's', PartitionKey: 'p', Data: Buffer.alloc(200_000) }),
    );
    const last = seen.at(-1);
    assert.equal(`HTTP/${last?.httpVersion} ${last?.secure === true ? 'TLS' : 'plain'}`, name);
    assert.match(last?.headers.get('host') ?? '', /:\d+$/);
    assert.ok((last?.body.length ?? 0) > 266_000);
    client.destroy();
  }
  assert.equal(typeof NodeHttp2Handler, 'function');
});

test('drain answers what is in flight, closes what is idle, tells HTTP/2 to go, and takes nothing new', async () => {
  const waiting: (() => void)[] = [];
  await using server = await openListener({
    handle: (request) =>
      new Promise((resolve) => {
        const answer = (): void => resolve(text(`done ${request.target}`));
        if (request.target === '/now') answer();
        else waiting.push(answer);
      }),
  });
  const [idle, silent, busy] = await Promise.all([1, 2, 3].map(() => RawConnection.open(server.port)));
  assert.ok(idle && silent && busy);
  idle.write('GET /now HTTP/1.1\r\nhost: a\r\n\r\n');
  await idle.until(/done/);
  busy.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n');
  const session = connect(`http://127.0.0.1:${server.port}`);
  const stream = session.request({ ':path': '/slow2' });
  stream.setEncoding('latin1');
  while (waiting.length < 2) await settled();

  const goaway = once(session, 'goaway');
  const drained = server.listener.drain();
  await goaway;
  await idle.untilEnd();
  await silent.untilEnd();
  await assert.rejects(RawConnection.open(server.port), { code: 'ECONNREFUSED' });
  for (const answer of waiting) answer();
  assert.match(await busy.untilEnd(), /connection: close[^]*done \/slow$/i);
  assert.equal((await once(stream, 'data'))[0], 'done /slow2');
  await drained;
  assert.equal(server.listener.connections(), 0);
});

test('drain waits for event streams as long as it may, then cuts them', async () => {
  const clock = createSimulatedClock(Date.now());
  let signal: AbortSignal | undefined;
  await using server = await openListener({
    clock,
    handle: async (request): Promise<WireResponse> => {
      signal = request.signal;
      return {
        status: 200,
        headers: {},
        body: { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) },
      };
    },
  });
  const session = connect(`http://127.0.0.1:${server.port}`);
  session.on('error', () => {});
  const stream = session.request({ ':path': '/' });
  stream.on('error', () => {});
  await once(stream, 'response');
  let over = false;
  const drained = server.listener.drain().then(() => {
    over = true;
    return over;
  });
  await clock.advance(24_000);
  for (let turn = 0; turn < 20; turn += 1) await settled();
  assert.deepEqual([over, signal?.aborted], [false, false]);
  await clock.advance(2000);
  await drained;
  assert.equal(signal?.aborted, true);
});

test('connections beyond the most are refused, and there is room again when others leave', async () => {
  await using server = await openListener({ limits: { connectionsMax: 3 } });
  const taken = await Promise.all([1, 2, 3].map(() => RawConnection.open(server.port)));
  while (server.listener.connections() < 3) await settled();
  const refused = await RawConnection.open(server.port);
  assert.equal(await refused.untilEnd(), '');
  assert.deepEqual(server.logged, ['connections are refused']);
  taken[0]?.socket.destroy();
  while (server.listener.connections() === 3) await settled();
  const next = await RawConnection.open(server.port);
  next.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await next.until(/GET \//);
  for (const { socket } of [...taken, next]) socket.destroy();
});

test('a TLS handshake that goes wrong or never ends is cut off', async () => {
  const clock = createSimulatedClock(Date.now());
  await using server = await openListener({ clock });
  const wrong = await RawConnection.open(server.port);
  wrong.write('\x16\x03\x01\xff\xffrubbish'.repeat(100));
  await wrong.untilEnd();
  const stuck = await RawConnection.open(server.port);
  stuck.write('\x16\x03\x01');
  while (server.listener.connections() === 0) await settled();
  for (let turn = 0; turn < 20; turn += 1) await settled();
  while (!stuck.ended && !stuck.socket.destroyed) {
    await clock.advance(1000);
    await settled();
  }
  assert.ok(clock.monotonic() > 20_000 && clock.monotonic() < 120_000);
  while (server.listener.connections() > 0) await settled();
});

test('bodies beyond the budget wait their turn without being read; who waits too long gets a 503', async () => {
  const MIB = 1024 * 1024;
  const clock = createSimulatedClock(Date.now());
  const answers: (() => void)[] = [];
  await using server = await openListener({
    clock,
    budget: { bytesMax: 4 * MIB, waitMs: 1000 },
    handle: (request) =>
      new Promise((resolve) => {
        answers.push(() => resolve(text(`took ${request.body.length}`)));
      }),
  });
  const post = async (framing: string, bytes: number): Promise<RawConnection> => {
    const connection = await RawConnection.open(server.port);
    connection.write(`POST / HTTP/1.1\r\nhost: a\r\n${framing}\r\n\r\n`);
    if (framing.startsWith('t'))
      connection.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`);
    else connection.write('x'.repeat(bytes));
    return connection;
  };
  const first = await post(`content-length: ${MIB}`, MIB);
  while (answers.length < 1) await settled();
  const second = await post(`content-length: ${MIB}`, MIB);
  const chunked = await post('transfer-encoding: chunked', MIB);
  while (server.budget.waiting < 2) await settled();
  const small = await post('content-length: 5', 5);
  while (answers.length < 2) await settled();
  assert.equal(server.budget.held, 2 * MIB + 10);
  answers[0]?.();
  await first.until(/took 1048576/);
  while (answers.length < 3) await settled();
  assert.equal(server.budget.waiting, 1);
  // The chunked body may become the largest there is, so it waits for the whole budget.
  while (!chunked.ended) {
    await clock.advance(100);
    await settled();
  }
  assert.match(chunked.received, /^HTTP\/1.1 503 [^]*"__type":"ServiceUnavailable"/);
  answers[1]?.();
  answers[2]?.();
  await small.until(/took 5/);
  await second.until(/took 1048576/);
  assert.equal(server.budget.held, 0);
  for (const { socket } of [first, second, small]) socket.destroy();
});
