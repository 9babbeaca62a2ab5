/**
 * Data Streams opened whole for tests: the real catalog in memory, the real log in memory, real keys, a simulated clock and dice.
 * `restart` closes and opens it again over the same catalog and log, as a new process would find them.
 */
import { openSqliteCatalog } from '../catalog/sqlite/open.ts';
import { AWS_LIMITS, NO_LIMITS, type Limits } from '../config/limits.ts';
import { createSimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { openKeyRing } from '../keys/open-key-ring.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { RecordLog } from '../log/log.ts';
import type { Call } from '../wire/shape/operation.ts';
import { CountingMeter } from './data-plane.testing.ts';
import { openStreams, type Streams } from './open-streams.ts';
import type { KinesisService } from './service.ts';
import type { Stream } from './directory/stream.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const STATE_MS = 500;
/** In this time every kind of background work has had a round. */
const ROUND_MS = 30_000;

export function call(account = ACCOUNT, region = REGION): Call {
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region,
    requestId: 'test',
    signal: new AbortController().signal,
  };
}

type Handlers = KinesisService['handlers'];
/** The operations, as the account of the tests calls them. */
export type Client = {
  readonly [K in keyof Handlers]: (
    input: Parameters<Handlers[K]>[0],
    call?: Call,
  ) => Promise<Awaited<ReturnType<Handlers[K]>>>;
};

export async function openControlPlane(
  options: {
    readonly limits?: Partial<Limits>;
    readonly log?: RecordLog;
    readonly onDemandReactionMs?: number;
    readonly initializeStreams?: readonly { name: string; shards: number; region: string }[];
  } = {},
) {
  const clock = createSimulatedClock();
  const dice = createSimulatedDice(7);
  const host = { clock, dice, disk: undefined as never };
  const catalog = await openSqliteCatalog({ host, path: ':memory:' });
  const { keyRing: keys } = await openKeyRing({
    host,
    catalog,
    config: {
      dataDirectory: '/nowhere',
      durability: 'memory',
      masterKeyFile: undefined,
      masterKey: undefined,
    },
  });
  const log = options.log ?? openMemoryLog();
  const meter = new CountingMeter();
  const failures: unknown[] = [];
  const limits = { ...NO_LIMITS, tagsPerStream: AWS_LIMITS.tagsPerStream, ...options.limits };
  let streams: Streams;

  async function open(): Promise<void> {
    // Opening waits for INITIALIZE_STREAMS, and time moves only when it is told to.
    const opening = opened();
    if (options.initializeStreams !== undefined) {
      await turn();
      await clock.advance(STATE_MS);
    }
    streams = await opening;
  }
  function opened(): Promise<Streams> {
    return openStreams({
      host,
      config: {
        limits,
        stateDurationMs: STATE_MS,
        onDemandReactionMs: options.onDemandReactionMs ?? 30_000,
        account: ACCOUNT,
        initializeStreams: options.initializeStreams ?? [],
      },
      catalog,
      log,
      keys,
      meter,
      onFailure: (error) => failures.push(error),
    });
  }
  await open();

  const client = new Proxy({} as Client, {
    get:
      (_target, name: keyof Handlers) =>
      async (input: never, by: Call = call()) =>
        (streams.service.handlers[name] as (input: never, call: Call) => unknown)(input, by),
  });

  async function settle(): Promise<void> {
    await turn();
    await clock.advance(STATE_MS);
    await turn();
  }
  /** Lets promises that are ready run, several times over. */
  async function turn(): Promise<void> {
    for (let at = 0; at < 50; at++) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  function stream(name = 'orders', account = ACCOUNT, region = REGION): Stream {
    const found = streams.directory.byName(account, region, name);
    if (found === undefined) throw new Error(`no stream ${name}`);
    return found;
  }
  /** A stream, ACTIVE. */
  async function create(name = 'orders', shards = 1): Promise<Stream> {
    await client.CreateStream({ StreamName: name, ShardCount: shards });
    await settle();
    return stream(name);
  }
  async function restart(): Promise<void> {
    await streams[Symbol.asyncDispose]();
    await open();
  }

  /** A long time passes while it is closed; then it is opened, and one round of what is done again and again is done. */
  async function later(ms: number): Promise<void> {
    await streams[Symbol.asyncDispose]();
    await clock.advance(ms - ROUND_MS);
    await open();
    await clock.advance(ROUND_MS);
    await turn();
  }

  return {
    clock,
    catalog,
    log,
    keys,
    meter,
    client,
    failures,
    settle,
    turn,
    stream,
    create,
    restart,
    later,
    reopen: open,
    get streams() {
      return streams;
    },
    async [Symbol.asyncDispose]() {
      await streams[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
      await catalog[Symbol.asyncDispose]();
    },
  };
}

export type ControlPlane = Awaited<ReturnType<typeof openControlPlane>>;

/** What `assert.rejects` is given for an error of the model. */
export function serviceError(code: string, message: string | RegExp) {
  return { name: code, message };
}
