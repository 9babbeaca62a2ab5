/**
 * The server's real parts over one life's host: everything of `src/assemble.ts` but the lock, the certificate and the listener, with
 * small files in the log, so that a short history rolls, rewrites and trims them. Requests come in behind the listener.
 */
import { createAuthenticate } from '../src/access/authenticate.ts';
import { authorizeRoot } from '../src/access/authorize.ts';
import { rootOf, type Credential } from '../src/access/credentials.ts';
import { ByteBudget } from '../src/base/byte-budget.ts';
import type { Catalog } from '../src/catalog/catalog.ts';
import { NO_ENDPOINTS } from '../src/config/endpoints.ts';
import { NO_LIMITS } from '../src/config/limits.ts';
import type { SeenError } from '../src/firehose/delivery/activity.ts';
import { openFirehose } from '../src/firehose/open-firehose.ts';
import type { Functions } from '../src/functions/functions.ts';
import type { Host } from '../src/host/host.ts';
import { workHere } from '../src/host/workers.ts';
import { openKeyRing } from '../src/keys/open-key-ring.ts';
import type { RecordLog } from '../src/log/log.ts';
import { openSegmentLog } from '../src/log/segments/open-segment-log.ts';
import type { SegmentLogSizes } from '../src/log/segments/sizes.ts';
import { UsageMeter } from '../src/metering/usage-meter.ts';
import type { ObjectStore } from '../src/objects/objects.ts';
import { openStreams } from '../src/streams/open-streams.ts';
import { openStreamSource } from '../src/streams/reading/stream-source.ts';
import { createWriteGate, type WriteGate } from '../src/streams/writing/write-gate.ts';
import { tableSchemas } from '../src/tables/table-schemas.ts';
import { createHandleRequest } from '../src/wire/handle-request.ts';
import type { HandleRequest } from '../src/wire/message.ts';

export const LOG_DIRECTORY = '/data/log';
export const OBJECTS_DIRECTORY = '/data/objects';
export const ACCOUNT = '000000000000';
export const ACCESS_KEY = { accessKeyId: 'AKIASIMULATION000000', secretAccessKey: 'not a secret' };

const STATE_MS = 100;
const SMALL: Partial<SegmentLogSizes> = {
  companyAppends: 1,
  journalFileBytesMin: 2048,
  journalFileBytesMax: 8192,
  journalBacklogBytesMax: 16_384,
  segmentBytesMax: 6000,
  runBytes: 512,
  tailBytesMax: 4096,
  slabBytes: 512,
  asideBytesMin: 600,
  writeAsideBytesMin: 600,
  indexCacheBytes: 4096,
  runCacheBytes: 4096,
  reserveBytes: 4096,
};

export type SimulatedServer = AsyncDisposable & {
  readonly handle: HandleRequest;
  /** Ends the subscriptions. */
  drain(): void;
};

export async function openServer(parts: {
  readonly host: Pick<Host, 'clock' | 'disk' | 'dice' | 'http'>;
  readonly catalog: Catalog;
  readonly openObjects: () => Promise<ObjectStore>;
  readonly functions: Functions;
  /** For records on their way; little of it makes deliveries let theirs go and read them again. */
  readonly deliveryMemoryBytesMax: number;
  readonly durability: 'fsync' | 'os';
  /** Let a planted bug stand between the streams and their log, and in the gate between writes and reshards. */
  readonly wrapLog: (log: RecordLog) => RecordLog;
  readonly wrapGate: (gate: WriteGate) => WriteGate;
  /** Told of requests that fail by our own fault, and of work in the background that is tried again. */
  readonly onFailure: (what: string, error: unknown) => void;
  /** Told of what a delivery stream could not deliver. */
  readonly onDeliveryError: (deliveryStream: string, error: SeenError) => void;
}): Promise<SimulatedServer> {
  const { host, catalog, durability, onFailure } = parts;
  const { clock, dice } = host;
  await using opened = new AsyncDisposableStack();
  const { keyRing: keys } = await openKeyRing({
    host,
    catalog,
    config: { dataDirectory: '/data', durability, masterKeyFile: undefined, masterKey: '5a'.repeat(32) },
    onRenewalFailed: (log, error) => onFailure(`renewing the key of ${log}`, error),
  });
  const known = await catalog.read(async (transaction) => {
    const streams = await transaction.selectFrom('streams').select('stream_id').execute();
    const deliveryStreams = await transaction
      .selectFrom('delivery_streams')
      .select('delivery_stream_id')
      .execute();
    return new Set([
      ...streams.map((row) => row.stream_id),
      ...deliveryStreams.map((row) => row.delivery_stream_id),
    ]);
  });
  const segments = opened.use(
    await openSegmentLog({
      host,
      directory: LOG_DIRECTORY,
      sealers: keys,
      durability,
      onFailure,
      keep: (id) => known.has(id),
      sizes: SMALL,
    }),
  );
  const log = parts.wrapLog(segments);
  const meter = opened.use(
    new UsageMeter({ catalog, clock, onFailure: (error) => onFailure('writing the usage', error) }),
  );
  const streams = opened.use(
    await openStreams({
      host,
      config: {
        limits: NO_LIMITS,
        stateDurationMs: STATE_MS,
        onDemandReactionMs: 30_000,
        account: ACCOUNT,
        initializeStreams: [],
      },
      catalog,
      log,
      gate: parts.wrapGate(createWriteGate()),
      keys,
      meter,
      onFailure: (error, { name }) => onFailure(`work on ${name}`, error),
    }),
  );
  const firehose = opened.use(
    await openFirehose({
      host: { ...host, workers: workHere },
      config: {
        limits: NO_LIMITS,
        stateDurationMs: STATE_MS,
        deliveryStreamBytesMax: 2 ** 30,
        deliveryBytesMax: 2 ** 30,
        deliveryMemoryBytesMax: parts.deliveryMemoryBytesMax,
        endpoints: NO_ENDPOINTS,
      },
      ...{ catalog, log, keys, meter, objects: await parts.openObjects(), functions: parts.functions },
      tables: tableSchemas(catalog),
      streamExists(account, region, name) {
        const stream = streams.directory.byName(account, region, name);
        return stream !== undefined && stream.status !== 'DELETING';
      },
      openStreamSource(account, region, name) {
        const stream = streams.directory.byName(account, region, name);
        return stream && openStreamSource({ clock, log, directory: streams.directory }, stream.id);
      },
      requireKeeper() {},
      refusesAddress: undefined,
      onDeliveryError: ({ name }, error) => parts.onDeliveryError(name, error),
      onFailure: (error, { name }) => onFailure(`work on ${name}`, error),
    }),
  );
  const credential: Credential = {
    secretAccessKey: ACCESS_KEY.secretAccessKey,
    sessionToken: undefined,
    expiresMs: undefined,
    caller: rootOf(ACCOUNT, ACCESS_KEY.accessKeyId, false),
    signingKeys: new Map(),
  };
  const credentials = {
    find: (id: string) => (id === ACCESS_KEY.accessKeyId ? credential : undefined),
  };
  const handle = createHandleRequest({
    services: [streams.service, firehose.service, firehose.operatorService],
    authenticate: createAuthenticate({ clock, mode: { kind: 'verified', credentials } }),
    authorize: authorizeRoot,
    dice,
    clock,
    budget: new ByteBudget({
      bytesMax: 256 * 1024 * 1024,
      timer: (delayMs, callback) => clock.timer(delayMs, callback),
    }),
    onFailure: (error, { operation }) => onFailure(`request ${operation}`, error),
  });
  const life = opened.move();
  return { handle, drain: () => streams.drain(), [Symbol.asyncDispose]: () => life.disposeAsync() };
}
