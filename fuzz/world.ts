/**
 * The parts of a server with durability `memory`, built as `assemble.ts` builds them but on a simulated clock and dice, with the road
 * of requests and the listener at hand. What the server reports as its own fault is kept in `failures`.
 */
import { createAuthenticate, type AuthenticationMode } from '../src/access/authenticate.ts';
import { authorizeRoot } from '../src/access/authorize.ts';
import { ByteBudget } from '../src/base/byte-budget.ts';
import { openSqliteCatalog } from '../src/catalog/sqlite/open.ts';
import { NO_ENDPOINTS } from '../src/config/endpoints.ts';
import { NO_LIMITS, type Limits } from '../src/config/limits.ts';
import { createSimulatedClock, type SimulatedClock } from '../src/host/simulated/clock.ts';
import { openAnalytics } from '../src/analytics/open-analytics.ts';
import { openPorts } from '../src/analytics/ports.ts';
import { applicationDoors } from '../src/application-doors.ts';
import { openFirehose } from '../src/firehose/open-firehose.ts';
import { FunctionFailure, type Functions } from '../src/functions/functions.ts';
import { residentsHere } from '../src/host/residents.ts';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import { createSimulatedHttpClient } from '../src/host/simulated/http.ts';
import { workHere } from '../src/host/workers.ts';
import { openKeyRing } from '../src/keys/open-key-ring.ts';
import { openMemoryLog } from '../src/log/memory/memory-log.ts';
import { UsageMeter } from '../src/metering/usage-meter.ts';
import { createMemoryObjectStore } from '../src/objects/memory/memory-object-store.ts';
import type { ObjectStore } from '../src/objects/objects.ts';
import { openStreams } from '../src/streams/open-streams.ts';
import { openStreamSource } from '../src/streams/reading/stream-source.ts';
import { tableSchemas } from '../src/tables/table-schemas.ts';
import { createHandleRequest } from '../src/wire/handle-request.ts';
import type { HandleRequest, WireRequest, WireResponse } from '../src/wire/message.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** What an API's requests are signed for, and what their targets begin with. */
export type Api = { readonly service: string; readonly targetPrefix: string };
export const KINESIS: Api = { service: 'kinesis', targetPrefix: 'Kinesis_20131202' };
export const FIREHOSE: Api = { service: 'firehose', targetPrefix: 'Firehose_20150804' };
export const ANALYTICS_V1: Api = {
  service: 'kinesisanalytics',
  targetPrefix: 'KinesisAnalytics_20150814',
};
export const ANALYTICS_V2: Api = {
  service: 'kinesisanalytics',
  targetPrefix: 'KinesisAnalytics_20180523',
};

/** Small totals, so that no input makes ten thousand shards; no rates, so that every input is served. */
const FUZZ_LIMITS: Limits = {
  ...NO_LIMITS,
  shardsPerAccount: 60,
  onDemandStreamsPerAccount: 3,
  consumersPerStream: 5,
  tagsPerStream: 50,
  onDemandMibpsPerStream: 200,
  deliveryStreamsPerAccount: 12,
  applicationsPerAccount: 8,
  tagsPerApplication: 50,
};
const BYTES_MAX = 128 * 1024 * 1024;
/** More turns of the event loop and timers than any request needs. */
const TURNS_MAX = 400;
const FREE_TURNS = 6;
const TIMER_MS_MAX = 60_000;

export type World = AsyncDisposable & {
  readonly clock: SimulatedClock;
  readonly budget: ByteBudget;
  readonly handle: HandleRequest;
  /** Where Firehose delivers to. */
  readonly objects: ObjectStore;
  /** What the server called its own fault, since the last look. */
  takeFailures(): readonly string[];
  /** Calls an operation as a signed client would, in JSON; throws for an error. */
  call(operation: string, input: object, api?: Api): Promise<Record<string, unknown>>;
  /** Sends a request down the road and lets time pass until it is answered. */
  serve(request: WireRequest): Promise<WireResponse>;
};

export async function openWorld(
  mode: AuthenticationMode = { kind: 'open', account: ACCOUNT },
): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const clock = createSimulatedClock();
  const dice = createSimulatedDice(11);
  const host = { clock, dice, disk: undefined as never };
  const failures: string[] = [];
  const failed = (error: unknown, where: string): void => {
    failures.push(`${where}: ${(error as Error).stack ?? String(error)}`);
  };
  const catalog = opened.use(await openSqliteCatalog({ host, path: ':memory:' }));
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
  const log = opened.use(openMemoryLog());
  const meter = opened.use(new UsageMeter({ catalog, clock, onFailure: (error) => failed(error, 'usage') }));
  const streams = opened.use(
    await openStreams({
      host,
      config: {
        limits: FUZZ_LIMITS,
        stateDurationMs: 0,
        onDemandReactionMs: 30_000,
        account: ACCOUNT,
        initializeStreams: [],
      },
      ...{ catalog, log, keys, meter },
      onFailure: (error, { arn }) => failed(error, arn),
    }),
  );
  const objects = createMemoryObjectStore(clock);
  const functions: Functions = {
    invoke: () => Promise.reject(new FunctionFailure('ResourceNotFoundException', 'There is none.', false)),
    unavailable: () => undefined,
  };
  const firehose = opened.use(
    await openFirehose({
      // Nothing listens anywhere: what is delivered elsewhere than to buckets goes to the error output.
      host: { ...host, http: createSimulatedHttpClient(clock, new Map()), workers: workHere },
      config: {
        limits: FUZZ_LIMITS,
        stateDurationMs: 0,
        deliveryStreamBytesMax: 2 ** 24,
        deliveryBytesMax: 2 ** 25,
        deliveryMemoryBytesMax: 2 ** 25,
        endpoints: NO_ENDPOINTS,
      },
      ...{ catalog, log, keys, meter, objects },
      tables: tableSchemas(catalog),
      streamExists: (account, region, name) => streams.directory.byName(account, region, name) !== undefined,
      openStreamSource(account, region, name) {
        const stream = streams.directory.byName(account, region, name);
        return stream && openStreamSource({ clock, log, directory: streams.directory }, stream.id);
      },
      requireKeeper() {},
      functions,
      refusesAddress: undefined,
      onDeliveryError() {},
      onFailure: (error, { arn }) => failed(error, arn),
    }),
  );
  const analytics = opened.use(
    await openAnalytics({
      host,
      config: { limits: FUZZ_LIMITS, stateDurationMs: 0 },
      ...{ catalog, log, keys },
      ...openPorts({
        ...{ clock, dice, log, objects, functions, residents: residentsHere },
        ...applicationDoors({ clock, log, streams, firehose }),
        // A function that is not there, or a destination that has gone, is tried for ever.
        onFailure: (error, { arn }, doing) => failed(error, `${arn} ${doing}`),
      }),
      onFailure: (error, { arn }) => failed(error, arn),
    }),
  );
  const budget = new ByteBudget({
    bytesMax: BYTES_MAX,
    timer: (delayMs, callback) => clock.timer(delayMs, callback),
  });
  const handle = createHandleRequest({
    services: [
      streams.service,
      firehose.service,
      analytics.services.v1,
      analytics.services.v2,
      analytics.operatorService,
    ],
    authenticate: createAuthenticate({ clock, mode }),
    authorize: authorizeRoot,
    ...{ dice, clock, budget },
    onFailure: (error, { operation }) => failed(error, operation ?? 'no operation'),
  });

  async function serve(request: WireRequest): Promise<WireResponse> {
    let answer: WireResponse | undefined;
    let thrown: unknown;
    void handle(request).then(
      (response) => (answer = response),
      (error: unknown) => (thrown = error ?? new Error('rejected with nothing')),
    );
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (thrown !== undefined) throw thrown;
      if (answer !== undefined) return answer;
      if (turn >= FREE_TURNS) await clock.advance(Math.min(TIMER_MS_MAX, clock.nextTimerMs() ?? 1));
    }
    throw new Error('the road gave no answer');
  }

  async function call(
    operation: string,
    input: object,
    api: Api = KINESIS,
  ): Promise<Record<string, unknown>> {
    const { status, body, release } = await serve(
      signedRequest(clock.now(), operation, Buffer.from(JSON.stringify(input)), JSON_TYPE, undefined, api),
    );
    release?.();
    const text = Buffer.from(body as Uint8Array).toString();
    if (status !== 200) throw new Error(`${operation}: ${status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  const life = opened.move();
  return {
    ...{ clock, budget, handle, objects, call, serve },
    takeFailures: () => failures.splice(0),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

export const JSON_TYPE = 'application/x-amz-json-1.1';
export const CBOR_TYPE = 'application/x-amz-cbor-1.1';

/** A request as the listener hands it on, signed as an open server wants it: well formed, with any signature. */
export function signedRequest(
  nowMs: number,
  operation: string,
  body: Uint8Array,
  contentType: string = JSON_TYPE,
  signal: AbortSignal = new AbortController().signal,
  { service, targetPrefix }: Api = KINESIS,
): WireRequest {
  const date = basicDate(nowMs);
  return {
    method: 'POST',
    target: '/',
    headers: new Map([
      ['host', 'localhost:4567'],
      ['content-type', contentType],
      ['x-amz-target', `${targetPrefix}.${operation}`],
      ['x-amz-date', date],
      ['authorization', openAuthorization(nowMs, service)],
    ]),
    body,
    loopback: true,
    httpVersion: '1.1',
    secure: false,
    signal,
  };
}

export function openAuthorization(nowMs: number, service = KINESIS.service): string {
  const scope = `${basicDate(nowMs).slice(0, 8)}/${REGION}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=AKIDFUZZ/${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

/** `YYYYMMDDTHHMMSSZ`. */
export function basicDate(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
