/**
 * Data Streams as a whole: opened once, serves until it is disposed. Opening recovers what a crash left, resumes what was pending,
 * and makes the streams of INITIALIZE_STREAMS; disposing stops the work in the background and waits for it. The log, the
 * catalog and the keys are the caller's.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { NO_LIMITS } from '../config/limits.ts';
import type { Host } from '../host/host.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RecordLog } from '../log/log.ts';
import type { Meter } from '../metering/meter.ts';
import { completeConsumers, completeStream } from './lifecycle/complete-pending.ts';
import { createDataPlane } from './data-plane.ts';
import { openStreamDirectory } from './directory/directory.ts';
import { initializeStreams } from './lifecycle/initialize-streams.ts';
import { startLifecycle } from './lifecycle/lifecycle.ts';
import { createStream } from './operations/create-stream.ts';
import { recoverStreams } from './lifecycle/recover.ts';
import { startRetention } from './lifecycle/retention.ts';
import { startScaling } from './resharding/scaling.ts';
import { kinesisService, type KinesisService } from './service.ts';
import type { Stream, StreamDirectory } from './directory/stream.ts';
import { createTokens } from './reading/tokens.ts';
import { createWriteGate, type WriteGate } from './writing/write-gate.ts';
import type { Traffic } from './writing/traffic.ts';
import { startUsage } from './lifecycle/usage.ts';

export type Streams = AsyncDisposable & {
  readonly service: KinesisService;
  readonly directory: StreamDirectory;
  readonly traffic: Traffic;
  /** Ends the subscriptions, so that a server that drains is not kept by them. */
  drain(): void;
};

export async function openStreams(parts: {
  readonly host: Pick<Host, 'clock' | 'dice'>;
  readonly config: Pick<
    Config,
    'limits' | 'stateDurationMs' | 'onDemandReactionMs' | 'account' | 'initializeStreams'
  >;
  readonly catalog: Catalog;
  readonly log: RecordLog;
  readonly keys: KeyRing;
  readonly meter: Meter;
  /** Between writes and reshards; given only by a simulation that breaks it. */
  readonly gate?: WriteGate;
  /** Told of background work that failed and will be tried again. */
  readonly onFailure: (error: unknown, stream: Stream) => void;
}): Promise<Streams> {
  const { config, catalog, log, keys, meter, onFailure, gate = createWriteGate() } = parts;
  const { clock, dice } = parts.host;
  const { limits, stateDurationMs } = config;
  const directory = await openStreamDirectory(catalog);
  await recoverStreams({ catalog, directory, log, keys });

  await using opened = new AsyncDisposableStack();
  // Before the data plane, which forgets the counters of a deleted stream.
  opened.use(startUsage({ clock, catalog, log, directory, meter, onFailure }));
  const tokens = createTokens({ key: keys.tokenKey, dice });
  const data = opened.use(createDataPlane({ clock, log, directory, limits, meter, tokens, gate }));
  const { traffic, writeHold: writes } = data;
  const control = {
    clock,
    dice,
    catalog,
    directory,
    log,
    keys,
    writes,
    traffic,
    limits,
    stateDurationMs,
    onFailure,
  };
  opened.use(
    startLifecycle({
      clock,
      directory,
      completeStream: (stream) => completeStream(control, stream),
      completeConsumers: (stream) => completeConsumers(control, stream),
      onFailure,
      pendingMsMax: Math.max(stateDurationMs, 1000),
    }),
  );
  opened.use(startRetention(control));
  opened.use(startScaling({ ...control, reactionMs: config.onDemandReactionMs }));
  await initializeStreams({
    directory,
    config,
    createStream: async (input, call) => createStream({ ...control, limits: NO_LIMITS })(input, call),
  });

  const service = kinesisService({ ...control, tokens, data: data.handlers });
  const life = opened.move();
  return {
    service,
    directory,
    traffic,
    drain: () => data.fanOut.drain(),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
