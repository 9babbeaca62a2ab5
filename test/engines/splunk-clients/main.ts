/**
 * Our collector stands for Splunk in the tests of the Splunk destination, so clients of others have to find it one. Neither of them uses
 * acknowledgements; for those there is nothing but Splunk's documents.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createHecReceiver } from '../../splunk/hec-receiver.ts';
import { BACKUP, HINTS, openMillrace, until } from '../millrace.ts';
import { npmClient, pythonClient } from './clients.ts';

const TOKEN = 'b0221cd8-c4b4-465a-9a3c-273e3a75aa29';
const ACKNOWLEDGING = '7c6d1e0f-6f0b-4a53-9d6a-3a5c7f2b8e11';
const receiver = createHecReceiver({
  [ACKNOWLEDGING]: { isEnabled: true, acknowledges: true, indexes: ['main'] },
  [TOKEN]: { isEnabled: true, acknowledges: false, indexes: ['main', 'other'] },
});

type Answer = { readonly text: string; readonly code: number };
type Logger = {
  send(
    context: { readonly message: unknown; readonly metadata?: Readonly<Record<string, unknown>> },
    callback: (error: Error | null, response: unknown, body: Answer) => void,
  ): void;
  error: (error: Error) => void;
};
type SplunkLogging = { Logger: new (options: Readonly<Record<string, unknown>>) => Logger };

describe('The collector of our tests', () => {
  let port = 0;
  before(async () => {
    await new Promise<void>((resolve) => void receiver.server.listen(0, '127.0.0.1', resolve));
    port = (receiver.server.address() as AddressInfo).port;
  });
  after(() => {
    receiver.server.closeAllConnections();
    receiver.server.close();
  });
  beforeEach(() => receiver.taken.splice(0));

  function send(options: Readonly<Record<string, unknown>>, ...sent: Parameters<Logger['send']>[0][]) {
    const { Logger } = createRequire(npmClient.manifest)('splunk-logging') as SplunkLogging;
    const logger = new Logger({
      url: `http://127.0.0.1:${port}`,
      token: TOKEN,
      maxRetries: 0,
      maxBatchCount: sent.length,
      ...options,
    });
    return new Promise<Answer>((resolve, reject) => {
      logger.error = reject;
      for (const context of sent) {
        logger.send(context, (error, _response, body) => (error === null ? resolve(body) : reject(error)));
      }
    });
  }

  it("takes what Splunk's logger for JavaScript sends, one and many at once", async () => {
    assert.deepEqual(
      await send({}, { message: 'one "größe"', metadata: { index: 'other', source: 'test' } }),
      {
        text: 'Success',
        code: 0,
      },
    );
    await send({}, { message: { two: 2 } }, { message: 'three' });
    const [one, more] = receiver.taken;
    assert.equal(one!.events.length, 1);
    assert.equal(one!.events[0]!['index'], 'other');
    assert.match(JSON.stringify(one!.events[0]!['event']), /one \\"größe\\"/);
    assert.equal(more!.events.length, 2);
  });

  it('refuses it a wrong token and a wrong index in words that it understands', async () => {
    const refusal = (code: number) => (error: Error) => (error as Error & { code?: number }).code === code;
    await assert.rejects(send({ token: 'wrong' }, { message: 'x' }), refusal(4));
    await assert.rejects(send({}, { message: 'x', metadata: { index: 'nothing' } }), refusal(7));
  });

  it('takes what a handler for Python sends', async () => {
    const script = path.join(import.meta.dirname, 'send.py');
    await promisify(execFile)(pythonClient.program('python'), [script, String(port), TOKEN]);
    const events = receiver.taken.flatMap((taken) => taken.events);
    assert.deepEqual(
      events.map(({ event }) => String(event).match(/event \d "größe"/)?.[0]),
      ['event 0 "größe"', 'event 1 "größe"', 'event 2 "größe"'],
    );
    assert.ok(events.every(({ index, sourcetype }) => index === 'main' && sourcetype === 'test'));
  });

  it('takes what is put at Millrace, and acknowledges it', async () => {
    const hosts = { 'splunk.example.com': { url: `http://127.0.0.1:${port}` } };
    await using millrace = await openMillrace({ hosts });
    await millrace.create('events', {
      SplunkDestinationConfiguration: {
        HECEndpoint: 'https://splunk.example.com:8088',
        HECEndpointType: 'Event',
        HECToken: ACKNOWLEDGING,
        BufferingHints: HINTS,
        RetryOptions: { DurationInSeconds: 0 },
        S3Configuration: BACKUP,
      },
    });
    const events = Array.from({ length: 500 }, (_, n) => ({ event: { n }, index: 'main' }));
    await millrace.put(
      'events',
      events.map((event) => JSON.stringify(event)),
    );
    const taken = await until('all are there', async () => {
      const found = receiver.taken.flatMap((each) => each.events);
      return found.length >= 500 ? found : undefined;
    });
    assert.deepEqual(taken, events);
    await millrace.put('events', ['{"no":"event"}']);
    const [line] = await millrace.errors('splunk-failed/');
    assert.equal(line!['errorCode'], 'Splunk.InvalidDataFormat');
  });
});
