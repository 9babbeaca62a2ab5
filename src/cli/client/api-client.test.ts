import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { UnreachableError, createApiClient } from './api-client.ts';

async function listen(port: number): Promise<http.Server> {
  // No connection is kept, so that a server that was closed is gone.
  const server = http.createServer((_request, response) =>
    response.setHeader('connection', 'close').end('{"answered":true}'),
  );
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: http.Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

function clientOf(port: number, onWaiting?: (text: string) => void) {
  return createApiClient({
    endpoint: new URL(`http://127.0.0.1:${port}`),
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'a', sessionToken: undefined },
    service: 'kinesis',
    targetPrefix: 'Kinesis_20131202',
    ...(onWaiting ? { onWaiting } : {}),
  });
}

test('a server that has answered is waited for while it is started again, and that is said once', async () => {
  const first = await listen(0);
  const { port } = first.address() as AddressInfo;
  const said: string[] = [];
  const again = Promise.withResolvers<http.Server>();
  const client = clientOf(port, (text) => {
    said.push(text);
    listen(port).then(again.resolve, again.reject);
  });
  assert.deepEqual(await client.call('ListStreams', {}), { answered: true });
  await close(first);
  assert.deepEqual(await client.call('ListStreams', {}), { answered: true });
  assert.deepEqual(said, [`http://127.0.0.1:${port} answers no more. Waiting for it for 60 s.`]);
  client.close();
  await close(await again.promise);
});

test('a server that never answered, or whose absence is not to be waited out, is unreachable at once', async () => {
  const server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const impatient = clientOf(port);
  await impatient.call('ListStreams', {});
  await close(server);
  await assert.rejects(impatient.call('ListStreams', {}), UnreachableError);
  const patient = clientOf(port, () => assert.fail('waits'));
  await assert.rejects(patient.call('ListStreams', {}), UnreachableError);
});
