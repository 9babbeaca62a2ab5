/** Whole requests of every operation, in JSON and CBOR, down the road of a real server: from bytes behind the listener to its answer. */
import { decode as decodeCbor } from 'cborg';
import type { Dice } from '../../src/host/host.ts';
import { operations } from '../../src/streams/operations.ts';
import type { WireResponse } from '../../src/wire/message.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { populate } from '../dictionary.ts';
import { asCbor } from '../make/as-cbor.ts';
import { asJson } from '../make/as-json.ts';
import { inputTree, type Dictionary, type Tree } from '../make/tree.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';
import { compareBody } from './decoders.ts';
import { CBOR_TYPE, JSON_TYPE, KINESIS, openWorld, signedRequest, type Api, type World } from '../world.ts';

/** Messages of an event stream that are read before it is left. */
const MESSAGES_READ = 3;

export type RoadParts = {
  readonly operations: Readonly<Record<string, { readonly input: unknown }>>;
  /** Operations that are called more often than others. */
  readonly often: readonly string[];
  /** After one of those has succeeded all is made afresh, because there is little left to call anything about. */
  readonly ends: string | undefined;
  readonly api: Api;
  /** What the inputs are about, made afresh, and the values that name it. */
  readonly populate: (world: World) => Promise<Dictionary>;
  readonly inputOf: (dice: Dice, name: string, shape: StructureShape, dictionary: Dictionary) => Tree;
  /** Milliseconds that pass after each request. */
  readonly pauseMs: number;
};

export async function openRoad(parts: RoadParts): Promise<OpenTarget> {
  const { operations, api } = parts;
  const names = [...Object.keys(operations), ...parts.often];
  const shapeOf = (name: string): StructureShape => operations[name]!.input as StructureShape;
  const world = await openWorld();
  let dictionary = await parts.populate(world);

  function generate(dice: Dice): Uint8Array {
    const name = pick(dice, names);
    const isJson = once(dice, 2);
    const tree = parts.inputOf(dice, name, shapeOf(name), dictionary);
    const body = isJson ? asJson(dice, tree) : asCbor(dice, tree);
    const head = `${name} ${isJson ? JSON_TYPE : CBOR_TYPE}\n`;
    return Buffer.concat([Buffer.from(head), once(dice, 4) ? mutate(dice, body) : body]);
  }

  async function check(input: Uint8Array): Promise<string> {
    const bytes = Buffer.from(input);
    const end = bytes.indexOf('\n');
    const [name = '', type = ''] = bytes.toString('utf8', 0, end).split(' ');
    const body = bytes.subarray(end + 1);
    compareBody(shapeOf(name), type === JSON_TYPE, body);
    const leaving = new AbortController();
    const request = signedRequest(world.clock.now(), name, body, type, leaving.signal, api);
    const response = await world.serve(request);
    const outcome = await judge(world, response, type);
    leaving.abort();
    if (parts.pauseMs > 0) await world.clock.advance(parts.pauseMs);
    if (name === parts.ends && outcome === '200') dictionary = await parts.populate(world);
    const failures = world.takeFailures();
    if (failures.length > 0) throw new Fault(`the server calls it its own fault: ${failures.join('; ')}`);
    if (world.budget.held > 0)
      throw new Fault(`${world.budget.held} bytes of the budget were not given back`);
    return outcome;
  }

  return {
    generate,
    check,
    async settle() {
      dictionary = await parts.populate(world);
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** The status, and what is wrong with the answer as such. */
async function judge(world: World, response: WireResponse, type: string): Promise<string> {
  const { status, body, headers, release } = response;
  if (!headers['x-amzn-requestid']) throw new Fault('the answer has no request id');
  if (!(body instanceof Uint8Array)) {
    await readSome(world, body);
    return `${status} stream`;
  }
  release?.();
  if (status === 200) {
    if (body.length > 0) decoded(body, type);
    return '200';
  }
  if (status !== 400 && status !== 503) throw new Fault(`status ${status}: ${Buffer.from(body).toString()}`);
  const { __type: code } = decoded(body, type) as { __type?: unknown };
  if (typeof code !== 'string' || code === '' || code === 'InternalFailure') {
    throw new Fault(`an error without a type: ${Buffer.from(body).toString('latin1')}`);
  }
  return `${status} ${code}`;
}

function decoded(body: Uint8Array, type: string): unknown {
  try {
    if (type === JSON_TYPE) return JSON.parse(Buffer.from(body).toString());
    return decodeCbor(body, { tags: { 1: (inner: () => unknown) => inner() } });
  } catch (error) {
    throw new Fault(`the answer cannot be decoded: ${(error as Error).message}`);
  }
}

async function readSome(world: World, messages: AsyncIterable<Uint8Array>): Promise<void> {
  const reading = (async () => {
    let read = 0;
    for await (const _message of messages) if (++read === MESSAGES_READ) return;
  })();
  const state = { ended: false };
  void reading.then(() => (state.ended = true));
  for (let turn = 0; !state.ended && turn < 200; turn++) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    if (turn > 5) await world.clock.advance(Math.min(5000, world.clock.nextTimerMs() ?? 1));
  }
  if (!state.ended) throw new Fault('an event stream neither went on nor ended');
  await reading;
}

export const road: Target = {
  name: 'road',
  about:
    'requests of every operation, in JSON and CBOR, to the parts of a real server with durability memory',
  weight: 20,
  open: () =>
    openRoad({
      operations,
      often: [],
      ends: undefined,
      api: KINESIS,
      populate,
      inputOf: (dice, _name, shape, dictionary) => inputTree(dice, shape, dictionary),
      pauseMs: 0,
    }),
};
