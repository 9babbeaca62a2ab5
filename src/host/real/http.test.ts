import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { HttpError, type HttpFailure, type HttpRequest } from '../http.ts';
import { createRealHttpClient } from './http.ts';

describe('The HTTP client', () => {
  const client = createRealHttpClient();
  const server = createServer(answer);
  let origin = '';
  before(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    client.close();
    server.close();
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/hang') return;
    if (request.url === '/break') return void request.socket.destroy();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      response.writeHead(302, { location: '/elsewhere', 'x-method': method, 'x-url': url });
      response.end(headers['content-length'] ? Buffer.concat(chunks) : 'no body');
    });
  }

  const request = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'GET',
    url: `${origin}${path}`,
    headers: {},
    timeoutMs: 5_000,
    answerBytesMax: 100,
    ...more,
  });
  const fails = (failure: HttpFailure, path: string, more?: Partial<HttpRequest>) =>
    assert.rejects(
      client.send(request(path, more)),
      (error) => error instanceof HttpError && error.failure === failure,
    );

  it('sends a body in pieces and a path as it is written, and follows no redirect', async () => {
    const body = [Buffer.from('one '), Buffer.from('two')];
    const {
      status,
      headers,
      body: echoed,
    } = await client.send(request('/a/../b%2F?x=1', { method: 'PUT', body }));
    assert.equal(status, 302);
    assert.equal(headers.get('x-url'), '/a/../b%2F?x=1');
    assert.equal(headers.get('x-method'), 'PUT');
    assert.equal(Buffer.from(echoed).toString(), 'one two');
  });

  it('says how it failed', async () => {
    await fails('broken', '/break');
    await fails('timeout', '/hang', { timeoutMs: 20 });
    await fails('too-long', '/', { method: 'PUT', body: [Buffer.alloc(101)] });
    await fails('unreachable', '', { url: 'http://127.0.0.1:1/' });
    const reason = new Error('enough');
    await assert.rejects(client.send(request('/hang', { signal: AbortSignal.abort(reason) })), reason);
  });

  it('asks about every address, also one that a name hides and one with a kept connection', async () => {
    const port = new URL(origin).port;
    const asked: string[] = [];
    const refusesAddress = (ip: string): boolean => asked.push(ip) > 0;
    await client.send(request('/'));
    await fails('refused-address', '/', { refusesAddress });
    await fails('refused-address', '', { url: `http://localhost:${port}/`, refusesAddress });
    await fails('refused-address', '', { url: `http://bucket.s3.localhost:${port}/`, refusesAddress });
    await fails('refused-address', '', { url: `http://[::ffff:127.0.0.1]:${port}/`, refusesAddress });
    assert.equal(asked.length, 4);
    assert.ok(asked.every((ip) => ip.startsWith('127.') || ip.includes(':')));
    const named = await client.send(request('', { url: `http://bucket.s3.localhost:${port}/` }));
    assert.equal(named.status, 302);
  });
});
