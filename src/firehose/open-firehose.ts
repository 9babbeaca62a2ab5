/**
 * Firehose as a whole: opened once, serves until it is disposed. Opening recovers what a crash left and resumes what was pending; disposing
 * stops the work in the background and waits for it. The log, the catalog and the keys are the caller's.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host/host.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RecordLog } from '../log/log.ts';
import type { DeliveryMeters } from '../metering/meter.ts';
import type { DeliveryStreamState } from './directory/delivery-stream-state.ts';
import { openDeliveryStreams, type CatalogDeliveryStreams } from './directory/directory.ts';
import { KeptBytes } from './intake/kept-bytes.ts';
import { PutLog } from './intake/put-log.ts';
import { completePending } from './lifecycle/complete-pending.ts';
import { Lifecycle } from './lifecycle/lifecycle.ts';
import { recoverDeliveryStreams } from './lifecycle/recover.ts';
import { PutLimits } from './limits/put-limits.ts';
import { firehoseService, type FirehoseService } from './service.ts';
import type { StreamExists } from './sources/check-source.ts';
import type { TableSchemas } from '../tables/tables.ts';

export type Firehose = AsyncDisposable & {
  readonly service: FirehoseService;
  readonly deliveryStreams: CatalogDeliveryStreams;
};

export async function openFirehose(parts: {
  readonly host: Pick<Host, 'clock' | 'dice'>;
  readonly config: Pick<Config, 'limits' | 'stateDurationMs' | 'deliveryStreamBytesMax' | 'deliveryBytesMax'>;
  readonly catalog: Catalog;
  readonly log: RecordLog;
  readonly keys: KeyRing;
  readonly meter: DeliveryMeters;
  /** What conversions are configured by. */
  readonly tables: TableSchemas;
  readonly streamExists: StreamExists;
  /** Told of background work that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: DeliveryStreamState) => void;
}): Promise<Firehose> {
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
    new Lifecycle({
      clock,
      directory,
      complete: (stream) => completePending({ catalog, directory, log, keys }, stream),
      onFailure,
      pendingMsMax: Math.max(stateDurationMs, 1000),
    }),
  );
  // Here deliveries begin: for each ACTIVE delivery stream, from putLogSource or its stream, as `directory` tells of them.

  const service = firehoseService({
    ...{ clock, dice, catalog, directory, keys, limits, stateDurationMs, tables, streamExists, putLog },
  });
  const life = opened.move();
  return {
    service,
    deliveryStreams: directory,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
