/**
 * Firehose as a whole: opened once, serves until it is disposed. Opening recovers what a crash left and resumes what was pending; disposing
 * stops the work in the background and waits for it. The log, the catalog and the keys are the caller's.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { DueWork } from '../catalog/due-work.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host/host.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RecordLog } from '../log/log.ts';
import type { DeliveryMeters } from '../metering/meter.ts';
import type { Functions } from '../functions/functions.ts';
import type { ObjectStore } from '../objects/objects.ts';
import type { RecordSource } from '../readers/record-source.ts';
import type { TableSchemas } from '../tables/tables.ts';
import type { SeenError } from './delivery/activity.ts';
import { DeliveryEngine } from './delivery/engine.ts';
import type { DeliveryStream } from './delivery-stream.ts';
import { openDeliveryStreams, type CatalogDeliveryStreams } from './directory/directory.ts';
import { KeptBytes } from './intake/kept-bytes.ts';
import { withPutAgain } from './intake/put-again-source.ts';
import { putLogSource, trimPutLog } from './intake/put-log-source.ts';
import { PUT_PARTITION, PutLog } from './intake/put-log.ts';
import { completePending } from './lifecycle/complete-pending.ts';
import { recoverDeliveryStreams } from './lifecycle/recover.ts';
import { PutLimits } from './limits/put-limits.ts';
import type { RetryParts } from './operator/retry-errors.ts';
import { createOperatorService, type OperatorService } from './operator/service.ts';
import { firehoseService, type FirehoseService } from './service.ts';
import type { StreamExists } from './sources/check-source.ts';

/** "Data is kept for up to 24 hours": the developer guide, of records that were put directly. */
const KEPT_MS = 24 * 60 * 60 * 1000;

export type Firehose = AsyncDisposable & {
  readonly service: FirehoseService;
  /** Operations of Millrace's own service. */
  readonly operatorService: OperatorService;
  readonly deliveryStreams: CatalogDeliveryStreams;
  readonly engine: DeliveryEngine;
};

export type FirehoseParts = {
  readonly host: Pick<Host, 'clock' | 'dice' | 'http' | 'sql' | 'workers'>;
  readonly config: Pick<
    Config,
    | 'limits'
    | 'stateDurationMs'
    | 'deliveryStreamBytesMax'
    | 'deliveryBytesMax'
    | 'deliveryMemoryBytesMax'
    | 'endpoints'
  >;
  readonly catalog: Catalog;
  readonly log: RecordLog;
  readonly keys: KeyRing;
  readonly meter: DeliveryMeters;
  /** Somebody else reads the records of the delivery stream, and still needs those after this position; undefined when nobody does. */
  readonly neededAfter?: (stream: DeliveryStream) => number | undefined;
  /** What conversions are configured by. */
  readonly tables: TableSchemas;
  readonly streamExists: StreamExists;
  /** Undefined when there is no such stream. */
  readonly openStreamSource: (
    account: string,
    region: string,
    name: string,
  ) => (RecordSource & Disposable) | undefined;
  readonly objects: ObjectStore;
  /** Of operations on all accounts' objects: throws for callers that do not keep the server. */
  readonly requireKeeper: RetryParts['requireKeeper'];
  readonly functions: Functions;
  /** Asked about addresses that destinations name and no endpoint is configured for; undefined refuses none. */
  readonly refusesAddress: ((ip: string) => boolean) | undefined;
  /** Told of what could not be delivered. */
  readonly onDeliveryError: (stream: DeliveryStream, error: SeenError) => void;
  /** Told of background work that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: DeliveryStream) => void;
};

export async function openFirehose(parts: FirehoseParts): Promise<Firehose> {
  const { config, catalog, log, keys, meter, tables, streamExists, onFailure } = parts;
  const { clock, dice } = parts.host;
  const { limits, stateDurationMs } = config;
  const directory = await openDeliveryStreams(catalog, keys);
  await recoverDeliveryStreams({ catalog, directory, log, keys });

  await using opened = new AsyncDisposableStack();
  opened.use(
    directory.watch((before, now) => {
      if (now === undefined) meter.forget(before!.id);
    }),
  );
  const putLimits = opened.use(new PutLimits({ clock, limits, directory }));
  const kept = new KeptBytes({
    clock,
    log,
    directory,
    streamBytesMax: config.deliveryStreamBytesMax,
    bytesMax: config.deliveryBytesMax,
  });
  const putLog = opened.use(new PutLog({ clock, log, directory, limits: putLimits, kept, meter }));
  opened.use(
    new DueWork({
      clock,
      directory,
      dueMs: ({ pending }) => pending?.dueMs,
      complete: (stream) => completePending({ catalog, directory, log, keys }, stream),
      onFailure,
      pendingMsMax: Math.max(stateDurationMs, 1000),
    }),
  );
  // Last, so that it ends first.
  const engine = opened.use(openEngine(parts, directory));

  const service = firehoseService({
    ...{ clock, dice, catalog, directory, keys, limits, stateDurationMs, tables, streamExists, putLog },
  });
  const operatorService = createOperatorService({
    ...{ clock, directory, engine, log, putLog, streamExists, objects: parts.objects },
    requireKeeper: parts.requireKeeper,
  });
  const life = opened.move();
  return {
    service,
    operatorService,
    deliveryStreams: directory,
    engine,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

function openEngine(parts: FirehoseParts, streams: CatalogDeliveryStreams): DeliveryEngine {
  const { host, config, catalog, log, openStreamSource } = parts;
  const { clock } = host;
  const planParts = { ...parts, ...host, endpoints: config.endpoints };
  return new DeliveryEngine({
    ...host,
    catalog,
    streams,
    meter: parts.meter,
    memoryBytesMax: config.deliveryMemoryBytesMax,
    activePartitionsMax: config.limits.activePartitionsPerDeliveryStream,
    openSource(stream) {
      if (stream.source.kind === 'DirectPut') return putLogSource(log, stream);
      const [, , , region = '', account = '', resource = ''] = stream.source.streamArn.split(':');
      const source = openStreamSource(account, region, resource.slice('stream/'.length));
      return source && withPutAgain(source, putLogSource(log, stream), stream.id);
    },
    async loadPlanOf() {
      const { deliveryPlan } = await import('./delivery-plan.ts');
      return (stream, source) => deliveryPlan(stream, source, planParts);
    },
    onSafe(stream, unit, position) {
      // Shards are trimmed by their own retention.
      if (unit !== stream.id) return;
      // Whoever reads along is waited for as long as there is room.
      const hasRoom = log.storedBytes(stream.id) < config.deliveryStreamBytesMax / 2;
      const needed = hasRoom ? parts.neededAfter?.(stream) : undefined;
      const done = Math.min(position, needed ?? position);
      trimPutLog(log, stream.id, done).catch((error) => parts.onFailure(error, stream));
    },
    expiredPosition: ({ id }) => log.positionBefore(id, PUT_PARTITION, clock.now() - KEPT_MS),
    onError: parts.onDeliveryError,
    onFailure: parts.onFailure,
  });
}
