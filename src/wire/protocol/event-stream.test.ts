import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { encodeMessage, eventMessage, exceptionMessage } from './event-stream.ts';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function decoded(message: Uint8Array): { headers: Record<string, string>; body: string } {
  const { headers, body } = codec.decode(message);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, String(value)])),
    body: Buffer.from(body).toString(),
  };
}

test('the bytes of a message', () => {
  const message = Buffer.from(encodeMessage({ a: 'bc' }, Buffer.from('{}')));
  const parts = ['00000019', '00000007', '96b6bf39', '0161', '07', '0002', '6263', '7b7d', '083b96d8'];
  assert.equal(message.toString('hex'), parts.join(''));
});

test("the SDK's decoder reads messages, checksums and all", () => {
  assert.deepEqual(
    decoded(eventMessage('SubscribeToShardEvent', 'application/json', Buffer.from('{"é":1}'))),
    {
      headers: {
        ':message-type': 'event',
        ':event-type': 'SubscribeToShardEvent',
        ':content-type': 'application/json',
      },
      body: '{"é":1}',
    },
  );
  assert.deepEqual(
    decoded(exceptionMessage('ResourceInUseException', 'application/json', Buffer.from('{"message":"m"}'))),
    {
      headers: {
        ':message-type': 'exception',
        ':exception-type': 'ResourceInUseException',
        ':content-type': 'application/json',
      },
      body: '{"message":"m"}',
    },
  );
  assert.deepEqual(decoded(encodeMessage({}, Buffer.alloc(0))), { headers: {}, body: '' });
});
