/**
 * A client and the network between it and the server: real signed requests, that come late, are cut before or while they are served,
 * or whose answers are lost. A lost answer is told only when the server has done with the request (or died), so that whoever
 * asked knows that nothing more will come of it.
 */
import type { Clock, Dice } from '../src/host/host.ts';
import { sign } from '../src/cli/client/signature.ts';
import type { WireRequest, WireResponse } from '../src/wire/message.ts';
import { eventMessages } from '../conformance/event-stream.ts';
import type { Machine } from './machine.ts';
import { ACCESS_KEY } from './server.ts';

export type Answer = { readonly [member: string]: unknown };

export type Outcome =
  | { readonly kind: 'done'; readonly output: Answer }
  /** Refused for good: nothing was done. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Whether it was done is not known. `code` when the server said so itself. */
  | { readonly kind: 'unknown'; readonly code?: string };

/** What an API's requests are signed for, and what their targets begin with. */
export type Api = { readonly service: string; readonly targetPrefix: string };
const KINESIS: Api = { service: 'kinesis', targetPrefix: 'Kinesis_20131202' };
export const FIREHOSE: Api = { service: 'firehose', targetPrefix: 'Firehose_20150804' };

const LATENCY_MS_MAX = 4;
const REGION = 'us-east-1';
const UNKNOWN: Outcome = { kind: 'unknown' };

export class Client {
  readonly #machine: Machine;
  readonly #clock: Clock;
  readonly #dice: Dice;
  /** Of a hundred requests, so many are cut. */
  cuts: number;

  constructor(machine: Machine, dice: Dice, cuts: number) {
    this.#machine = machine;
    this.#clock = machine.clock;
    this.#dice = dice;
    this.cuts = cuts;
  }

  async call(operation: string, input: object, api = KINESIS): Promise<Outcome> {
    const body = Buffer.from(JSON.stringify(input));
    const cut = this.#dice.integer(100) < this.cuts ? this.#dice.integer(3) : undefined;
    const abort = new AbortController();
    const request = signedRequest(this.#clock.now(), api, operation, body, abort.signal);
    await this.#latency();
    if (cut === 0) return UNKNOWN;
    const { life } = this.#machine;
    if (life === undefined) return UNKNOWN;
    if (cut === 1) this.#clock.timer(this.#dice.integer(8), () => abort.abort(new Error('cut')));
    const served = this.#machine.during(Promise.race([life.server.handle(request), life.ended]));
    const response = await served;
    if (response === undefined) return UNKNOWN;
    // The answer's memory is the server's until it has been sent.
    await this.#latency();
    const outcome = outcomeOf(response);
    return cut === undefined ? outcome : UNKNOWN;
  }

  /** Subscribes and calls back with each event until it answers false, the stream ends, or the connection is cut. */
  async subscribe(
    input: object,
    onEvent: (type: string, event: Answer) => Promise<boolean>,
  ): Promise<Outcome> {
    const abort = new AbortController();
    const request = signedRequest(
      this.#clock.now(),
      KINESIS,
      'SubscribeToShard',
      Buffer.from(JSON.stringify(input)),
      abort.signal,
    );
    await this.#latency();
    const { life } = this.#machine;
    if (life === undefined) return UNKNOWN;
    const response = await this.#machine.during(Promise.race([life.server.handle(request), life.ended]));
    if (response === undefined) return UNKNOWN;
    if (response.body instanceof Uint8Array) return outcomeOf(response);
    try {
      for await (const { headers, payload } of eventMessages(until(response.body, life.ended))) {
        await this.#latency();
        const type = headers[':event-type'] ?? headers[':exception-type'] ?? '';
        const event = JSON.parse(payload.toString()) as Answer;
        if (!(await onEvent(type, event))) break;
      }
    } finally {
      abort.abort(new Error('closed'));
    }
    return { kind: 'done', output: {} };
  }

  #latency(): Promise<void> {
    return this.#clock.sleep(this.#dice.integer(LATENCY_MS_MAX));
  }
}

/** As the listener hands it on. */
export function signedRequest(
  nowMs: number,
  { service, targetPrefix }: Api,
  operation: string,
  body: Uint8Array,
  signal: AbortSignal,
): WireRequest {
  const headers = sign({
    path: '/',
    headers: {
      host: 'localhost:4567',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${targetPrefix}.${operation}`,
    },
    body,
    credentials: { ...ACCESS_KEY, sessionToken: undefined },
    region: REGION,
    service,
    nowMs,
  });
  return {
    method: 'POST',
    target: '/',
    headers: new Map(Object.entries(headers)),
    body,
    loopback: true,
    httpVersion: '1.1',
    secure: false,
    signal,
  };
}

/** Reads the answer and gives its memory back, which is used again at once. */
function outcomeOf({ status, body, release }: WireResponse): Outcome {
  const text = Buffer.from(body as Uint8Array).toString();
  release?.();
  const output = (text === '' ? {} : JSON.parse(text)) as Answer;
  if (status === 200) return { kind: 'done', output };
  const code = String(output['__type']);
  if (status >= 500) return { kind: 'unknown', code };
  return { kind: 'refused', code, message: String(output['message']) };
}

/** The chunks until the life ends: a dead server sends no more. */
async function* until(chunks: AsyncIterable<Uint8Array>, ended: Promise<void>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended]);
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: a dead server never answers.
    void iterator.return?.(undefined);
  }
}
