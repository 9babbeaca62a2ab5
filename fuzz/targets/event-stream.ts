/** Messages of event streams as the server writes them, read by an independent codec. */
import { EventStreamCodec } from '@smithy/core/event-streams';
import type { Dice } from '../../src/host/host.ts';
import { encodeMessage } from '../../src/wire/protocol/event-stream.ts';
import { once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

type Spelled = { readonly headers: Readonly<Record<string, string>>; readonly payload: string };

const TEXTS = ['event', 'SubscribeToShardEvent', 'é', '日本', '', 'a'.repeat(300), '\u0000', '😀'];

async function open(): Promise<OpenTarget> {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString(),
    (text) => Buffer.from(text),
  );

  function generate(dice: Dice): Uint8Array {
    const names = Array.from(
      { length: dice.integer(6) },
      (_, at) => `:${pick(dice, ['event-type', 'é', 'x'])}${at}`,
    );
    const headers = Object.fromEntries(names.map((name) => [name, pick(dice, TEXTS)]));
    const payload = Buffer.from(dice.bytes(dice.integer(once(dice, 20) ? 5000 : 60))).toString('base64');
    return Buffer.from(JSON.stringify({ headers, payload } satisfies Spelled));
  }

  function check(input: Uint8Array): string {
    const { headers, payload } = JSON.parse(Buffer.from(input).toString()) as Spelled;
    const body = Buffer.from(payload, 'base64');
    const read = codec.decode(encodeMessage(headers, body));
    if (!Buffer.from(read.body).equals(body)) throw new Fault('the payload is another');
    const found = Object.entries(read.headers).map(([name, { value }]) => [name, value]);
    if (JSON.stringify(found) !== JSON.stringify(Object.entries(headers)))
      throw new Fault('the headers are others');
    return 'same';
  }

  return { generate, check, async [Symbol.asyncDispose]() {} };
}

export const eventStream: Target = {
  name: 'event-stream',
  about: 'messages of event streams with any headers and payload, read back by an independent codec',
  weight: 4,
  open,
};
