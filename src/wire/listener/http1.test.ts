import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createSimulatedClock } from '../../host/simulated/clock.ts';
import type { WireRequest } from '../message.ts';
import { openListener, RawConnection, summary, text } from './listen-for-test.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Moves a simulated clock on until the connection is over; the sockets are real, so they need turns of the event loop too. */
async function advanceUntilEnd(
  connection: RawConnection,
  clock: { advance(ms: number): Promise<void> },
  stepMs: number,
) {
  while (!connection.ended && !connection.socket.destroyed) {
    await clock.advance(stepMs);
    await settled();
  }
  return connection.received;
}

test('keep-alive: one connection carries many requests, whole and chunked, with a date and a length on each answer', async () => {
  await using server = await openListener();
  const connection = await RawConnection.open(server.port);
  connection.write('POST /one HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello');
  const [head] = await connection.until(/[^]*POST \/one HTTP\/1.1 loopback 5B hello\n/);
  assert.match(head, /^HTTP\/1.1 200 OK\r\n/);
  assert.match(head, /\r\ndate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
  assert.match(head, /\r\ncontent-length: 37\r\n/);
  connection.received = '';
  connection.write('POST /two HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n');
  await settled();
  connection.write('4\r\ndefg\r\n0\r\n\r\n');
  await connection.until(/POST \/two HTTP\/1.1 loopback 7B abcdefg\n/);
  connection.write(
    'HEAD /three HTTP/1.1\r\nhost: a\r\n\r\nGET /four HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
  );
  const rest = await connection.untilEnd();
  assert.match(
    rest,
    /content-length: 34\r\n.*\r\n.*\r\n\r\nHTTP\/1.1 200 OK\r\n/,
    'HEAD has the length and no body',
  );
  assert.match(rest, /connection: close\r\n[^]*GET \/four/i);
  assert.equal(server.budget.held, 0);
});

test('header names are lower case and repeated headers are joined', async () => {
  let seen: WireRequest | undefined;
  await using server = await openListener({
    handle: async (request) => {
      seen = request;
      return text('ok');
    },
  });
  const connection = await RawConnection.open(server.port);
  connection.write(
    'GET /%20a?b=c%2f HTTP/1.1\r\nHost: here:1\r\nX-Amz-A: 1\r\nx-amz-a:  2 \r\nContent-Type: a\r\nContent-Type: b\r\n\r\n',
  );
  await connection.until(/ok$/);
  assert.ok(seen);
  assert.equal(seen.target, '/%20a?b=c%2f');
  assert.deepEqual(
    [...seen.headers],
    [
      ['host', 'here:1'],
      ['x-amz-a', '1,2'],
      ['content-type', 'a,b'],
    ],
  );
  connection.socket.destroy();
});

test('pipelined requests run one after the other and are answered in order', async () => {
  const running: string[] = [];
  await using server = await openListener({
    handle: async (request) => {
      running.push(request.target);
      // The first would be overtaken if it could be.
      if (request.target === '/0') for (let turn = 0; turn < 20; turn += 1) await settled();
      assert.equal(running.length, 1, 'one at a time');
      running.pop();
      return text(`<${request.target} ${request.body.length}>`);
    },
  });
  const connection = await RawConnection.open(server.port);
  const requests = Array.from(
    { length: 20 },
    (_, index) =>
      `POST /${index} HTTP/1.1\r\nhost: a\r\ncontent-length: ${index * 5000}\r\n\r\n${'x'.repeat(index * 5000)}`,
  );
  connection.write(requests.join(''));
  await connection.until(/<\/19 95000>/);
  const answers = [...connection.received.matchAll(/<\/(\d+) (\d+)>/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  assert.deepEqual(
    answers,
    Array.from({ length: 20 }, (_, index) => [index, index * 5000]),
  );
  connection.socket.destroy();
});

test('a connection that pipelines too far ahead is closed after the requests that were taken', async () => {
  await using server = await openListener({ limits: { pipelinedMax: 4 } });
  const connection = await RawConnection.open(server.port);
  connection.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(20));
  const received = await connection.untilEnd();
  assert.equal(received.match(/HTTP\/1.1 200/g)?.length, 5);
  assert.equal(received.match(/connection: close/gi)?.length, 1);
});

test('a flood of pipelined requests is cut off while the first is still being handled', async () => {
  await using server = await openListener({ handle: () => new Promise(() => {}) });
  const connection = await RawConnection.open(server.port);
  connection.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(12_000));
  assert.equal(await connection.untilEnd(), '');
});

test('an upgrade is not taken up, and tunnels are not made', async () => {
  await using server = await openListener();
  const upgrade = await RawConnection.open(server.port);
  upgrade.write(
    'GET /up HTTP/1.1\r\nhost: a\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n',
  );
  await upgrade.until(/^HTTP\/1.1 200 OK[^]*GET \/up HTTP\/1.1/);
  upgrade.socket.destroy();
  const tunnel = await RawConnection.open(server.port);
  tunnel.write('CONNECT b:1 HTTP/1.1\r\nhost: b:1\r\n\r\n');
  assert.equal(await tunnel.untilEnd(), '');
});

test('100 Continue is sent when the body will be taken, and not when it is too large', async () => {
  await using server = await openListener({ limits: { bodyBytesMax: 1000 } });
  const taken = await RawConnection.open(server.port);
  taken.write('POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n');
  await taken.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
  taken.write('hello');
  await taken.until(/5B hello\n/);
  taken.socket.destroy();
  const refused = await RawConnection.open(server.port);
  refused.write('POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 1001\r\n\r\n');
  refused.socket.end();
  assert.match(await refused.untilEnd(), /^HTTP\/1.1 413 /);
  const unknown = await RawConnection.open(server.port);
  unknown.write('POST / HTTP/1.1\r\nhost: a\r\nexpect: miracles\r\n\r\n');
  assert.match(await unknown.untilEnd(), /^HTTP\/1.1 417 /);
});

test('a body that is too large gets 413, which its sender sees although it went on sending', async () => {
  await using server = await openListener({ limits: { bodyBytesMax: 100_000 } });
  for (const framing of ['content-length: 3000000\r\n\r\n', 'transfer-encoding: chunked\r\n\r\n2dc6c0\r\n']) {
    const connection = await RawConnection.open(server.port);
    connection.write(`POST / HTTP/1.1\r\nhost: a\r\n${framing}`);
    connection.write('x'.repeat(3_000_000));
    if (framing.includes('chunked')) connection.write('\r\n0\r\n\r\n');
    const received = await connection.untilEnd();
    assert.match(
      received,
      /^HTTP\/1.1 413 Payload Too Large\r\n[^]*content-length: 0\r\n[^]*connection: close\r\n\r\n$/i,
    );
  }
  assert.equal(server.budget.held, 0);
});

test('headers that are too large get 431', async () => {
  await using server = await openListener();
  const connection = await RawConnection.open(server.port);
  connection.write(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`);
  const received = await connection.untilEnd();
  assert.match(received, /^HTTP\/1.1 431 Request Header Fields Too Large\r\n/);
  assert.match(received, /x-amzn-errortype: MalformedHttpRequestException/);
});

test('what is not HTTP gets 400, after the answers to the requests before it', async () => {
  await using server = await openListener();
  const bad = [
    'HELLO\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1e3\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nbroken header\r\n\r\n',
    '\0\0\0\0\0\0\0\0',
    'PRX * HTTP/2.0\r\n\r\n',
  ];
  for (const bytes of bad) {
    const connection = await RawConnection.open(server.port);
    connection.write(bytes);
    const received = await connection.untilEnd();
    assert.match(received, /^HTTP\/1.1 400 Bad Request\r\n/, JSON.stringify(bytes));
  }
  const mixed = await RawConnection.open(server.port);
  mixed.write('GET /good HTTP/1.1\r\nhost: a\r\n\r\nrubbish\r\n\r\n');
  assert.match(await mixed.untilEnd(), /^HTTP\/1.1 200 OK[^]*GET \/good[^]*HTTP\/1.1 400 Bad Request/);
  assert.deepEqual(server.logged, []);
});

test('a half-closed connection still gets its answer', async () => {
  await using server = await openListener({
    handle: async (request) => {
      for (let turn = 0; turn < 20; turn += 1) await settled();
      return text(summary(request));
    },
  });
  const connection = await RawConnection.open(server.port);
  connection.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi');
  connection.socket.end();
  assert.match(await connection.untilEnd(), /2B hi$/);
  const cut = await RawConnection.open(server.port);
  cut.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\r\nhi');
  cut.socket.end();
  assert.match(await cut.untilEnd(), /^HTTP\/1.1 400/);
});

test('slow headers and slow bodies get 408, a silent connection is closed', async () => {
  const clock = createSimulatedClock(Date.now());
  await using server = await openListener({ clock });
  const headers = await RawConnection.open(server.port);
  headers.write('POST / HTTP/1.1\r\nhost: a\r\nx-a');
  const body = await RawConnection.open(server.port);
  body.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\nslow');
  const silent = await RawConnection.open(server.port);
  const idle = await RawConnection.open(server.port);
  idle.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await idle.until(/\n\r\n.*\n$/);
  while (server.budget.held === 0) await settled();
  // Under a byte a millisecond: the body keeps coming, but too slowly.
  const dripping = (async () => {
    while (!body.ended) {
      body.write('.');
      await settled();
    }
  })();
  const startMs = clock.monotonic();
  assert.match(await advanceUntilEnd(body, clock, 1000), /^HTTP\/1.1 408 Request Timeout/);
  await dripping;
  assert.match(await advanceUntilEnd(headers, clock, 1000), /^HTTP\/1.1 408 Request Timeout/);
  assert.ok(clock.monotonic() - startMs >= 19_000);
  assert.ok(!idle.ended && !silent.ended);
  await advanceUntilEnd(idle, clock, 5000);
  await advanceUntilEnd(silent, clock, 5000);
  assert.ok(clock.monotonic() - startMs >= 115_000);
  assert.equal(silent.received, '');
});

test('an answer that nobody takes is given up, and its bytes are given back', async () => {
  const clock = createSimulatedClock(Date.now());
  const released: number[] = [];
  await using server = await openListener({
    clock,
    handle: async () => ({
      status: 200,
      headers: {},
      body: Buffer.alloc(16 * 1024 * 1024),
      release: () => {
        released.push(clock.monotonic());
      },
    }),
  });
  const connection = await RawConnection.open(server.port);
  connection.socket.pause();
  connection.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  while (released.length === 0) {
    await clock.advance(10_000);
    await settled();
  }
  assert.ok(clock.monotonic() > 200_000);
  assert.equal(released.length, 1);
  connection.socket.destroy();
});

test('when the client goes away the signal aborts (its end alone says only that it will send no more)', async () => {
  let aborted: Promise<unknown> | undefined;
  let started = () => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  await using server = await openListener({
    handle: async (request) => {
      aborted = once(request.signal, 'abort');
      started();
      await aborted;
      return text('late');
    },
  });
  const connection = await RawConnection.open(server.port);
  connection.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await running;
  connection.socket.resetAndDestroy();
  await aborted;
});

test('a handler that throws, or answers with what cannot be a header, is answered or cut, and logged', async () => {
  await using server = await openListener({
    handle: async (request) => {
      if (request.target === '/throw') throw new Error('our bug');
      return { status: 200, headers: { 'x-a': 'a\r\nset-cookie: b' }, body: new Uint8Array(0) };
    },
  });
  const thrown = await RawConnection.open(server.port);
  thrown.write('GET /throw HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  assert.match(await thrown.untilEnd(), /^HTTP\/1.1 500 [^]*"__type":"InternalFailure"/);
  const split = await RawConnection.open(server.port);
  split.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  assert.doesNotMatch(await split.untilEnd(), /set-cookie/);
  assert.equal(server.logged[0], 'a request handler threw: our bug');
  assert.match(server.logged[1] ?? '', /Invalid character in header content/);
});
