/**
 * Firehose opened whole for tests: the real catalog in memory, the real log in memory, real keys, a simulated clock and dice. `restart`
 * closes and opens it again over the same catalog and log, as a new process would find them.
 */
import assert from 'node:assert/strict';
import { openSqliteCatalog } from '../catalog/sqlite/open.ts';
import { AWS_LIMITS, NO_LIMITS, type Limits } from '../config/limits.ts';
import { createSimulatedClock, type SimulatedClock } from '../host/simulated/clock.ts';
import { createSimulatedDice } from '../host/simulated/dice.ts';
import { createSimulatedHttpClient, type SimulatedServer } from '../host/simulated/http.ts';
import type { SqlClient } from '../host/sql.ts';
import type { Functions } from '../functions/functions.ts';
import { workHere } from '../host/workers.ts';
import { parseEndpoints, type Endpoints } from '../config/endpoints.ts';
import { createMemoryObjectStore } from '../objects/memory/memory-object-store.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { createS3ObjectStore, type S3Parts } from '../objects/s3/s3-object-store.ts';
import { openKeyRing } from '../keys/open-key-ring.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { RecordLog } from '../log/log.ts';
import { UsageMeter } from '../metering/usage-meter.ts';
import type { Call } from '../wire/shape/operation.ts';
import type { RecordSource } from '../readers/record-source.ts';
import { tableSchemas } from '../tables/table-schemas.ts';
import { openFirehose, type Firehose } from './open-firehose.ts';
import type { FirehoseService } from './service.ts';
import type { DeliveryStreamState } from './directory/delivery-stream-state.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const STATE_MS = 500;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/firehose`;
export const S3 = { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::lake' } as const;

export function call(account = ACCOUNT, region = REGION): Call {
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region,
    requestId: 'test',
    signal: new AbortController().signal,
  };
}

type Handlers = FirehoseService['handlers'];
/** The operations, as the account of the tests calls them. */
type Client = {
  readonly [K in keyof Handlers]: (
    input: Parameters<Handlers[K]>[0],
    call?: Call,
  ) => Promise<Awaited<ReturnType<Handlers[K]>>>;
};

export async function openTestFirehose(
  options: {
    readonly limits?: Partial<Limits>;
    readonly log?: RecordLog;
    readonly deliveryStreamBytesMax?: number;
    readonly deliveryBytesMax?: number;
    readonly streams?: readonly string[];
    /** Other servers, by origin. */
    readonly servers?: ReadonlyMap<string, SimulatedServer>;
    readonly sql?: SqlClient;
    /** What the file of endpoints says. */
    readonly endpoints?: unknown;
    /** What the streams have that delivery streams read. */
    readonly source?: RecordSource;
    readonly functions?: (clock: SimulatedClock) => Functions;
    readonly deliveryMemoryBytesMax?: number;
  } = {},
) {
  const clock = createSimulatedClock();
  const dice = createSimulatedDice(7);
  const http = createSimulatedHttpClient(clock, options.servers ?? new Map());
  const { sql } = options;
  const host = {
    ...{ clock, dice, disk: undefined as never, http, workers: workHere },
    ...(sql === undefined ? {} : { sql }),
  };
  const objects = createMemoryObjectStore(clock);
  const endpoints = parseEndpoints(JSON.stringify(options.endpoints ?? {}), 'none', () => '');
  const functions = options.functions?.(clock) ?? {
    invoke: () => assert.fail('no functions'),
    unavailable: () => 'none',
  };
  const catalog = await openSqliteCatalog({ host, path: ':memory:' });
  const keyConfig = {
    dataDirectory: '/nowhere',
    durability: 'memory',
    masterKeyFile: undefined,
    masterKey: undefined,
  } as const;
  const { keyRing: keys } = await openKeyRing({ host, catalog, config: keyConfig });
  const log = options.log ?? openMemoryLog();
  const failures: unknown[] = [];
  const meter = new UsageMeter({ catalog, clock, onFailure: (error) => failures.push(error) });
  let firehose: Firehose;

  async function open(): Promise<void> {
    firehose = await openFirehose({
      host,
      config: {
        limits: { ...NO_LIMITS, tagsPerStream: AWS_LIMITS.tagsPerStream, ...options.limits },
        stateDurationMs: STATE_MS,
        deliveryStreamBytesMax: options.deliveryStreamBytesMax ?? 2 ** 30,
        deliveryBytesMax: options.deliveryBytesMax ?? 2 ** 30,
        deliveryMemoryBytesMax: options.deliveryMemoryBytesMax ?? 2 ** 28,
        endpoints,
      },
      catalog,
      log,
      keys,
      meter,
      tables: tableSchemas(catalog),
      streamExists: (account, region, name) =>
        account === ACCOUNT && region === REGION && (options.streams ?? []).includes(name),
      openStreamSource: () => options.source && Object.assign(options.source, { [Symbol.dispose]() {} }),
      objects: withEndpoints(objects, endpoints, { clock, http }),
      requireKeeper: ({ caller }) => assert.equal(caller.account, ACCOUNT),
      functions,
      refusesAddress: undefined,
      onDeliveryError: () => {},
      onFailure: (error) => failures.push(error),
    });
  }
  await open();

  const client = new Proxy({} as Client, {
    get:
      (_target, name: keyof Handlers) =>
      async (input: never, by: Call = call()) =>
        (firehose.service.handlers[name] as (input: never, call: Call) => unknown)(input, by),
  });
  /** Lets promises that are ready run, several times over. */
  async function turn(): Promise<void> {
    for (let at = 0; at < 50; at++) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  async function settle(): Promise<void> {
    await turn();
    await clock.advance(STATE_MS);
    await turn();
  }
  function stream(name = 'clicks', account = ACCOUNT, region = REGION): DeliveryStreamState {
    const found = firehose.deliveryStreams.byName(account, region, name);
    if (found === undefined) throw new Error(`no delivery stream ${name}`);
    return found;
  }
  /** A DirectPut delivery stream to S3, ACTIVE. */
  async function create(
    name = 'clicks',
    more: Partial<Parameters<Client['CreateDeliveryStream']>[0]> = {},
    by: Call = call(),
  ): Promise<DeliveryStreamState> {
    await client.CreateDeliveryStream(
      { DeliveryStreamName: name, ExtendedS3DestinationConfiguration: S3, ...more },
      by,
    );
    await settle();
    return stream(name, by.caller.account, by.region);
  }
  async function restart(): Promise<void> {
    await firehose[Symbol.asyncDispose]();
    await open();
  }

  return {
    ...{ clock, objects, catalog, log, keys, meter, client, failures, settle, turn, stream, create, restart },
    get firehose() {
      return firehose;
    },
    async [Symbol.asyncDispose]() {
      await firehose[Symbol.asyncDispose]();
      await meter[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
      await catalog[Symbol.asyncDispose]();
    },
  };
}

/** Buckets that are at S3 endpoints, and all others. */
function withEndpoints(
  others: ObjectStore,
  endpoints: Endpoints,
  parts: Pick<S3Parts, 'clock' | 'http'>,
): ObjectStore {
  if (endpoints.buckets.size === 0) return others;
  return {
    ...others,
    put(bucket, ...call) {
      const endpoint = endpoints.buckets.get(bucket);
      return (endpoint === undefined ? others : createS3ObjectStore({ ...parts, endpoint })).put(
        bucket,
        ...call,
      );
    },
  };
}
