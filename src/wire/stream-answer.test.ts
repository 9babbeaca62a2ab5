import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsJson11 } from './protocol/aws-json.ts';
import { awsCbor } from './protocol/cbor.ts';
import type { Protocol } from './protocol/protocol.ts';
import type { Route } from './routes.ts';
import { eventStream, optional, required, string, structure } from './shape/shape.ts';
import { answerStream } from './stream-answer.ts';

const Told = structure('Told', { Text: required(string()) });
const Events = eventStream('Events', { Told: optional(Told) });
const route = { name: 'Tell', events: { member: 'Events', shape: Events } } as unknown as Route;

async function sent(protocol: Protocol, event: object): Promise<Uint8Array[]> {
  const events = (async function* () {
    yield event;
  })();
  const onFailure = (error: unknown) => assert.fail(String(error));
  const signal = new AbortController().signal;
  const { body } = answerStream(route, protocol, { Events: events }, { onFailure }, 'id', signal);
  return Array.fromAsync(body as AsyncIterable<Uint8Array>);
}

test('an event that several streams yield is encoded once, in each protocol by itself', async () => {
  const event = { Told: { Text: 'news' } };
  for (const protocol of [awsJson11, awsCbor, awsJson11]) {
    const [, first] = await sent(protocol, event);
    const [, second] = await sent(protocol, event);
    assert.equal(first, second);
    const payload = protocol.compileEncoder(Told)(event.Told);
    assert.ok(Buffer.from(first!).includes(payload));
    assert.ok(Buffer.from(first!).includes(protocol.eventContentType));
  }
});
