import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { openListener, RawConnection } from './listen-for-test.ts';
import { sniff, spokenBy, type Spoken } from './sniff.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('as few bytes are awaited as tell', () => {
  const told = (text: string) => spokenBy(Buffer.from(text, 'latin1'), true);
  assert.deepEqual(['', 'P', 'PR', 'PRI', 'PRI * HTTP/2.0'].map(told), [
    undefined,
    undefined,
    undefined,
    'http2',
    'http2',
  ]);
  assert.deepEqual(['PO', 'PRX', 'G', '\0', ' PRI'].map(told), ['http1', 'http1', 'http1', 'http1', 'http1']);
  assert.equal(told('\x16'), 'tls');
  assert.equal(spokenBy(Buffer.from([0x16]), false), 'http1');
});

test('bytes come back whole, however they were split', async () => {
  const sent = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore');
  for (let split = 1; split < sent.length; split += 1) {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const decided: Spoken[] = [];
    sniff(socket, true, (spoken) => decided.push(spoken));
    socket.push(sent.subarray(0, split));
    await settled();
    socket.push(sent.subarray(split));
    await settled();
    socket.push(null);
    assert.deepEqual(decided, ['http2']);
    assert.equal(Buffer.concat(await socket.toArray()).toString(), sent.toString());
  }
});

test('a connection that ends before it said anything is closed', async () => {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  sniff(socket, true, () => assert.fail('nothing was said'));
  socket.push('P');
  socket.push(null);
  await once(socket, 'close');
});

test('HTTP/1.1 split at every byte is answered', async () => {
  await using server = await openListener();
  const request = 'POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc';
  await Promise.all(
    Array.from({ length: request.length - 1 }, async (_, index) => {
      const connection = await RawConnection.open(server.port);
      connection.write(request.slice(0, index + 1));
      await settled();
      await settled();
      connection.write(request.slice(index + 1));
      await connection.until(/POST \/x HTTP\/1.1 loopback 3B abc\n/);
      connection.socket.destroy();
    }),
  );
});

test('TLS and HTTP/2 split at their first bytes are understood', async () => {
  await using server = await openListener();
  for (const split of [1, 2, 3, 4, 9, 24, 25, 60]) {
    for (const secure of [true, false]) {
      // A proxy that passes the first bytes on in two parts.
      const proxy = createServer((inbound) => {
        const outbound = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
        inbound.on('error', () => {});
        outbound.on('error', () => {});
        outbound.pipe(inbound);
        inbound.once('data', (first: Buffer) => {
          inbound.pause();
          outbound.write(first.subarray(0, split));
          setImmediate(() =>
            setImmediate(() => {
              outbound.write(first.subarray(split));
              inbound.pipe(outbound);
            }),
          );
        });
      });
      proxy.listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const { port } = proxy.address() as { port: number };
      const session = connectHttp2(`http://localhost:${port}`, {
        createConnection: () =>
          secure
            ? connectTls({
                port,
                host: '127.0.0.1',
                servername: 'localhost',
                ca: server.certificate.authority,
              })
            : connect(port, '127.0.0.1'),
      });
      const stream = session.request({ ':path': '/' });
      stream.setEncoding('latin1');
      const [body] = (await once(stream, 'data')) as [string];
      assert.match(body, secure ? /HTTP\/2 TLS/ : /HTTP\/2 loopback/);
      session.destroy();
      proxy.close();
    }
  }
});
