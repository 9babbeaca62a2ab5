/**
 * Builds a server from its configuration: the only file that knows every room. Parts are opened bottom up and closed in
 * the opposite order, also when opening fails half way, so that a failed start leaves no lock and no socket behind.
 */
import { createAuthenticate, type AuthenticationMode } from './access/authenticate.ts';
import { authorizeRoot } from './access/authorize.ts';
import { requireLoopback } from './access/loopback-only.ts';
import { openCredentials } from './access/open-credentials.ts';
import {
  CATALOG_FILE,
  FUNCTIONS_DIRECTORY,
  LOCK_FILE,
  LOG_DIRECTORY,
  OBJECTS_DIRECTORY,
  TLS_DIRECTORY,
} from './admin/data-directory.ts';
import { requireKeeper } from './admin/keeper.ts';
import { createRequestMetrics, type Family } from './admin/metrics.ts';
import { createPages } from './admin/pages.ts';
import { DataDirectoryError, refuseHalfDirectory } from './admin/restore.ts';
import { deliveryFamilies } from './admin/delivery-metrics.ts';
import { streamFamilies, type StreamNumbers } from './admin/stream-metrics.ts';
import { createAdminService } from './admin/service.ts';
import { ByteBudget } from './base/byte-budget.ts';
import { isLoopbackHost } from './base/loopback.ts';
import { isForbiddenAddress } from './base/network-address.ts';
import { CatalogUnusableError } from './catalog/catalog.ts';
import { corruptText } from './catalog/sqlite/errors.ts';
import { openSqliteCatalog } from './catalog/sqlite/open.ts';
import { openAnalytics, type Analytics } from './analytics/open-analytics.ts';
import { openPorts } from './analytics/ports.ts';
import { applicationDoors } from './application-doors.ts';
import type { Config } from './config/config.ts';
import type { Host } from './host/host.ts';
import { residentsHere } from './host/residents.ts';
import type { DeliveryStreamSource } from './firehose/delivery-stream.ts';
import { openFirehose } from './firehose/open-firehose.ts';
import { openFunctions } from './functions/open-functions.ts';
import { openKeyRing } from './keys/open-key-ring.ts';
import { openMemoryLog } from './log/memory/memory-log.ts';
import type { RecordLog } from './log/log.ts';
import { openSegmentLog } from './log/segments/open-segment-log.ts';
import type { Sealers } from './keys/sealing.ts';
import type { Catalog } from './catalog/catalog.ts';
import { openObjectStore } from './objects/open-object-store.ts';
import { UsageMeter } from './metering/usage-meter.ts';
import type { Stream } from './streams/directory/stream.ts';
import { openStreams } from './streams/open-streams.ts';
import { openStreamSource } from './streams/reading/stream-source.ts';
import type { Logger } from './logging.ts';
import { createTableService } from './tables/service.ts';
import { tableSchemas } from './tables/table-schemas.ts';
import { createHandleRequest } from './wire/handle-request.ts';
import { withHttpSurface } from './wire/http-surface.ts';
import { openAuthority, readOwnCertificate } from './wire/listener/authority.ts';
import { listen } from './wire/listener/listen.ts';

export type Server = AsyncDisposable & {
  readonly port: number;
  /** Random, new at each start; `/healthz` says it. */
  readonly instance: string;
  /** What clients have to trust for https; undefined with the user's own certificate or without a disk. */
  readonly authorityFile: string | undefined;
  /** Stops accepting and resolves when the requests under way are answered, or the time for it is up. */
  drain(): Promise<void>;
};

export async function assemble(parts: {
  readonly config: Config;
  readonly host: Host;
  readonly logger: Logger;
  readonly version: string;
  /** As many as the process may have open, less what the server itself needs; the listener's own bound when absent. */
  readonly connectionsMax?: number;
  /** Numbers of the process for `/metrics`. */
  readonly processFamilies?: () => readonly Family[];
}): Promise<Server> {
  const { config, host, logger, version } = parts;
  const { clock, disk, dice, network } = host;
  await using opened = new AsyncDisposableStack();
  const onDisk = config.durability !== 'memory';
  const startedMs = clock.monotonic();
  const instance = Buffer.from(dice.bytes(16)).toString('hex');

  if (onDisk) {
    await disk.makeDirectory(config.dataDirectory);
    opened.use(await lockData(host, config.dataDirectory));
    await refuseHalfDirectory(disk, config.dataDirectory);
  }
  const catalogFile = onDisk ? `${config.dataDirectory}/${CATALOG_FILE}` : ':memory:';
  const catalog = opened.use(await openSqliteCatalog({ host, path: catalogFile }));
  const { keyRing: keys, notice } = await fromCatalog(catalogFile, () =>
    openKeyRing({
      host,
      catalog,
      config,
      onRenewalFailed: (log, err) => logger.error({ err, log }, 'a data key could not be renewed'),
    }),
  );
  if (notice !== undefined) logger.info(notice);
  const log = opened.use(await openLog(parts, catalog, keys));
  const meter = opened.use(
    new UsageMeter({
      catalog,
      clock,
      onFailure: (err) => logger.error({ err }, 'usage could not be written and is tried again'),
    }),
  );
  const streams = opened.use(
    await fromCatalog(catalogFile, () =>
      openStreams({
        host,
        config,
        catalog,
        log,
        keys,
        meter,
        onFailure: (err, { arn }) =>
          logger.error({ err, stream: arn }, 'background work failed and is tried again'),
      }),
    ),
  );

  const objects = await openObjectStore({
    ...host,
    directory: onDisk ? `${config.dataDirectory}/${OBJECTS_DIRECTORY}` : undefined,
    endpoints: config.endpoints,
  });
  const functions = opened.use(
    await openFunctions({
      host,
      endpoints: config.endpoints,
      directory: onDisk ? `${config.dataDirectory}/${FUNCTIONS_DIRECTORY}` : undefined,
      onLine: ({ account, region, name }, line) =>
        logger.info({ function: name, account, region, line }, 'a function printed'),
    }),
  );

  // Until applications are open nobody knows what they need.
  let neededAfter: Analytics['neededAfter'] = () => 0;
  const firehose = opened.use(
    await fromCatalog(catalogFile, () =>
      openFirehose({
        host,
        config,
        catalog,
        log,
        keys,
        meter,
        tables: tableSchemas(catalog),
        streamExists: (account, region, name) => isReadable(streams.directory.byName(account, region, name)),
        openStreamSource(account, region, name) {
          const stream = streams.directory.byName(account, region, name);
          return stream && openStreamSource({ clock, log, directory: streams.directory }, stream.id);
        },
        objects,
        requireKeeper: (call, operation) => requireKeeper(config, call, operation),
        functions: functions.functions,
        neededAfter: ({ arn, id }) => neededAfter(arn, id),
        // On loopback only who is on this machine can name an address.
        refusesAddress: isLoopbackHost(config.host) ? undefined : isForbiddenAddress,
        onDeliveryError: ({ arn }, error) =>
          logger.warn({ deliveryStream: arn, ...error }, 'records could not be delivered'),
        onFailure: (err, { arn }) =>
          logger.error({ err, deliveryStream: arn }, 'background work failed and is tried again'),
      }),
    ),
  );

  const analyticsPorts = openPorts({
    ...host,
    ...{ log, objects, functions: functions.functions },
    residents: host.residents ?? residentsHere,
    ...applicationDoors({ clock, log, streams, firehose }),
    onFailure: (err, { arn }, doing) =>
      logger.error({ err, application: arn, doing }, 'background work failed and is tried again'),
  });
  const analytics = opened.use(
    await fromCatalog(catalogFile, () =>
      openAnalytics({
        ...{ host, config, catalog, log, keys },
        ...analyticsPorts,
        onFailure: (err, { arn }) =>
          logger.error({ err, application: arn }, 'background work failed and is tried again'),
      }),
    ),
  );
  neededAfter = analytics.neededAfter;

  const authenticationMode = await openAuthenticationMode(parts, opened);
  const metrics = createRequestMetrics();
  const budget = new ByteBudget({
    bytesMax: config.bytesInFlightMax,
    timer: (delayMs, callback) => clock.timer(delayMs, callback),
  });
  let state: 'starting' | 'serving' | 'draining' = 'starting';
  const pages = createPages({
    version,
    instance,
    uptimeMs: () => clock.monotonic() - startedMs,
    isReady: () => state === 'serving',
    families: () => [
      ...metrics.families(),
      ...streamFamilies([...streams.directory.all()].map((stream) => numbersOf(stream, meter))),
      ...deliveryFamilies(
        [...firehose.deliveryStreams.all()].map(({ id, account, region, name }) => ({
          ...{ account, region, name, ...meter.deliveryTotal(id) },
          keptBytes: log.storedBytes(id),
        })),
      ),
      gauge('millrace_connections', 'Open connections.', listener.connections()),
      gauge('millrace_bytes_in_flight', 'Bytes that requests hold in memory.', budget.held),
      gauge(
        'millrace_log_stored_bytes',
        'Bytes of records durable and not yet trimmed, about.',
        log.storedBytes(),
      ),
      ...(parts.processFamilies?.() ?? []),
    ],
  });
  const handle = createHandleRequest({
    services: [
      streams.service,
      firehose.service,
      firehose.operatorService,
      analytics.services.v1,
      analytics.services.v2,
      analytics.operatorService,
      createTableService({ catalog, clock }),
      functions.service,
      createAdminService({ disk, log, catalog, config, objects }),
    ],
    authenticate: createAuthenticate({ clock, mode: authenticationMode }),
    authorize: authorizeRoot,
    dice,
    clock,
    budget,
    onFailure: (err, where) => logger.error({ err, ...where }, 'a request failed in the server'),
    onServed: metrics.count,
    ...(logger.isLevelEnabled('debug') ? { onAnswer: (served) => logger.debug(served, 'answered') } : {}),
  });
  const certificate = await openCertificate(parts);
  const listener = await listen({
    network,
    clock,
    host: config.host,
    port: config.port,
    tls: certificate,
    handle: withHttpSurface(handle, {
      pages,
      guard: authenticationMode.kind === 'open' ? requireLoopback : () => {},
    }),
    budget,
    ...(parts.connectionsMax === undefined ? {} : { limits: { connectionsMax: parts.connectionsMax } }),
    log: logger,
  });
  opened.defer(() => listener.close());
  state = 'serving';

  const closing = opened.move();
  return {
    port: listener.port,
    instance,
    authorityFile: certificate.authorityFile,
    async drain() {
      state = 'draining';
      streams.drain();
      analytics.drain();
      await listener.drain();
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/**
 * What is first made of the catalog's rows. SQLite keeps no checksums (decision 0280), so a damaged row may be anything; what cannot be
 * made sense of is told as damage.
 */
async function fromCatalog<T>(file: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const senseless =
      cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof RangeError;
    if (!senseless) throw cause;
    throw new CatalogUnusableError(corruptText(file, `a row makes no sense: ${cause.message}`), { cause });
  }
}

/** A second server on the same data would destroy it. */
async function lockData({ disk }: Host, dataDirectory: string): Promise<AsyncDisposable> {
  try {
    return await disk.lock(`${dataDirectory}/${LOCK_FILE}`);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ELOCKED') throw error;
    throw new DataDirectoryError(
      `Another server runs on ${dataDirectory}. Stop it (millrace stop --data ${dataDirectory}) or choose another --data DIR.`,
    );
  }
}

async function openLog(
  { config, host, logger }: { readonly config: Config; readonly host: Host; readonly logger: Logger },
  catalog: Catalog,
  sealers: Sealers,
): Promise<RecordLog> {
  const { durability, dataDirectory } = config;
  if (durability === 'memory') return openMemoryLog();
  const known = await knownLogs(catalog);
  const manifest = `${dataDirectory}/${LOG_DIRECTORY}/manifest`;
  const haveRecords = [...known.values()].filter(Boolean).length;
  if (haveRecords > 0 && !(await host.disk.exists(manifest))) {
    throw new DataDirectoryError(
      `${manifest} is missing, though the catalog has ${haveRecords} streams: the log was removed, or is of another directory. ` +
        'Put it back, or restore a backup into a new directory.',
    );
  }
  return await openSegmentLog({
    host,
    directory: `${dataDirectory}/${LOG_DIRECTORY}`,
    sealers,
    durability,
    onFailure: (what, err) => logger.error({ err }, what),
    keep: (id) => known.has(id),
  });
}

/** Every log that somebody owns, and whether it has been made for certain. */
async function knownLogs(catalog: Catalog): Promise<ReadonlyMap<string, boolean>> {
  return await catalog.read(async (transaction) => {
    const streams = await transaction.selectFrom('streams').select(['stream_id', 'status']).execute();
    const deliveryStreams = await transaction
      .selectFrom('delivery_streams')
      .select(['delivery_stream_id', 'status', 'source_json'])
      .execute();
    const applications = await transaction.selectFrom('applications').select('application_id').execute();
    return new Map([
      // Its log is made when it first starts.
      ...applications.map(({ application_id }) => [application_id, false] as const),
      ...streams.map(
        ({ stream_id, status }) => [stream_id, status === 'ACTIVE' || status === 'UPDATING'] as const,
      ),
      ...deliveryStreams.map(
        ({ delivery_stream_id, status, source_json }) =>
          [delivery_stream_id, status === 'ACTIVE' && hasOwnLog(source_json)] as const,
      ),
    ]);
  });
}

/** Whether records are put directly. Others' logs, for what is put again, are made at start when they are not there. */
function hasOwnLog(sourceJson: string): boolean {
  return (JSON.parse(sourceJson) as DeliveryStreamSource).kind === 'DirectPut';
}

/** A stream that a delivery stream can begin to read. */
function isReadable(stream: Stream | undefined): boolean {
  return stream !== undefined && stream.status !== 'DELETING';
}

async function openAuthenticationMode(
  { config, host, logger }: { readonly config: Config; readonly host: Host; readonly logger: Logger },
  opened: AsyncDisposableStack,
): Promise<AuthenticationMode> {
  const { credentialsFile, account } = config;
  if (credentialsFile === undefined) return { kind: 'open', account };
  const credentials = await openCredentials({
    host,
    path: credentialsFile,
    account,
    onReload: (keys) => logger.info({ keys }, 'read the changed credentials file'),
    onTrouble: (err) => logger.error({ err }, 'the credentials file has a fault: what was read before stays'),
  });
  return { kind: 'verified', credentials: opened.use(credentials) };
}

function openCertificate({
  config,
  host,
  logger,
}: {
  readonly config: Config;
  readonly host: Host;
  readonly logger: Logger;
}) {
  const { tlsCertFile: certFile, tlsKeyFile: keyFile } = config;
  if (certFile !== undefined && keyFile !== undefined)
    return readOwnCertificate(host, { certFile, keyFile }, logger);
  return openAuthority({
    host,
    directory: config.durability === 'memory' ? undefined : `${config.dataDirectory}/${TLS_DIRECTORY}`,
    names: [config.host],
    log: logger,
  });
}

function numbersOf(stream: Stream, meter: UsageMeter): StreamNumbers {
  const { id, account, region, name, openShards, consumers } = stream;
  const { recordsIn, bytesIn, recordsOut, bytesOut, fanOutBytes } = meter.total(id);
  return {
    ...{ account, region, stream: name, openShards: openShards.length, consumers: consumers.length },
    ...{ recordsIn, bytesIn, recordsOut, bytesOut, fanOutBytes },
  };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, type: 'gauge', help, samples: [{ value }] };
}
