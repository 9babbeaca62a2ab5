/** The engine put together for tests: a source in memory, the real catalog, and destinations that keep what they get and fail as they are told. */
import { openSqliteCatalog } from '../../catalog/sqlite/open.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { createRealHost } from '../../host/real/host.ts';
import { createSimulatedClock, type SimulatedClock } from '../../host/simulated/clock.ts';
import { createSimulatedDice } from '../../host/simulated/dice.ts';
import { UsageMeter } from '../../metering/usage-meter.ts';
import { TestSource } from '../../readers/source.testing.ts';
import type { DeliveryStream, DeliveryStreams } from '../delivery-stream.ts';
import type { IncomingRecord, Processed, Processing } from '../processing/processing.ts';
import type { Delivery, Destination, Outcome } from './destination.ts';
import type { SeenError } from './activity.ts';
import { DeliveryEngine } from './engine.ts';
import type { DeliveryPlan, Lane } from './lane.ts';

export type Delivered = { readonly id: string; readonly key: string | undefined; readonly texts: string[] };

/** Keeps what it gets. `answer` decides what comes of an attempt; all is delivered when it says nothing. */
export class TestDestination implements Destination {
  recordsMax = 1000;
  bytesMax = 1_000_000;
  retry = { durationMs: 60_000, pauseMs: () => 5_000 };
  errorOutputType: Destination['errorOutputType'];
  readonly delivered: Delivered[] = [];
  attempts = 0;
  answer:
    | ((delivery: Delivery, signal: AbortSignal) => Outcome | undefined | Promise<Outcome | undefined>)
    | undefined;
  readonly #prefix: string;
  readonly putsObjects: boolean;

  constructor(prefix: string, putsObjects = true) {
    this.#prefix = prefix;
    this.putsObjects = putsObjects;
  }

  objectKey({ id, keys }: Parameters<NonNullable<Destination['objectKey']>>[0]): string {
    return `${this.#prefix}${keys?.fromQuery.get('k') ?? ''}/${id}`;
  }

  async attempt(delivery: Delivery, signal: AbortSignal): Promise<Outcome> {
    this.attempts++;
    const outcome = await this.answer?.(delivery, signal);
    if (outcome !== undefined && outcome.kind !== 'done') return outcome;
    const refused = new Set(outcome?.refused.map(({ index }) => index));
    const texts = delivery.remaining
      .filter((index) => !refused.has(index))
      .map((index) => Buffer.from(delivery.batch.at(index).data).toString());
    this.delivered.push({ id: delivery.id, key: delivery.objectKey, texts });
    return outcome ?? { kind: 'done', refused: [] };
  }

  errorRecord({ record, error, attemptsMade, sequenceNumber }: Parameters<Destination['errorRecord']>[0]) {
    const rawData = Buffer.from(record.rawData).toString();
    return { attemptsMade, errorCode: error.code, rawData, sequenceNumber: Number(sequenceNumber) };
  }

  /** All that was delivered, in the order of the texts. */
  texts(): string[] {
    return this.delivered.flatMap(({ texts }) => texts).toSorted();
  }
}

/** Records pass as they are; `part:X:…` belongs to partition X, `bad…` fails, `drop…` is dropped. */
export function testProcessing(partitioned = false): Processing & { processed: string[] } {
  const processed: string[] = [];
  return {
    processed,
    batching: undefined,
    async process(records: readonly IncomingRecord[], skip): Promise<Processed> {
      const result = { records: [], failed: [], dropped: [], sources: [] } as {
        -readonly [K in keyof Processed]: Processed[K][number][];
      };
      for (const { unit, position, sub, data, arrivalMs } of records) {
        const identity = { unit, position, sub };
        if (skip(identity)) continue;
        const text = Buffer.from(data).toString();
        processed.push(text);
        const record = { identity, data, rawData: data, arrivalMs };
        result.sources.push(record);
        if (text.startsWith('bad')) {
          const [code, message] = ['Test.Bad', 'It is bad.'];
          result.failed.push({
            identity,
            type: 'processing-failed',
            arrivalMs,
            code,
            message,
            members: { rawData: text },
          });
        } else if (text.startsWith('drop')) result.dropped.push(identity);
        else if (!partitioned) result.records.push(record);
        else {
          const keys = { fromQuery: new Map([['k', text.split(':')[1] ?? '']]), fromLambda: new Map() };
          result.records.push({ ...record, keys });
        }
      }
      return result;
    },
  };
}

const STREAM: DeliveryStream = {
  id: 'stream',
  account: '000000000000',
  region: 'us-east-1',
  name: 'clicks',
  arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks',
  status: 'ACTIVE',
  versionId: '1',
  createdMs: 0,
  source: { kind: 'DirectPut' },
  destination: { kind: 'ExtendedS3', settings: {} as never },
  change: 1,
};

const KINESIS: DeliveryStream['source'] = {
  kind: 'KinesisStreamAsSource',
  streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
  roleArn: 'arn:aws:iam::000000000000:role/firehose',
  startMs: 0,
};

export type TestEngine = Awaited<ReturnType<typeof openEngine>>;

/** Give what another one gives, to start again where it ended. */
export async function openEngine(
  options: {
    readonly source?: TestSource;
    readonly catalog?: Catalog;
    readonly clock?: SimulatedClock;
    readonly partitioned?: boolean;
    readonly hasBackup?: boolean;
    readonly memoryBytesMax?: number;
    readonly bufferBytes?: number;
    readonly intervalMs?: number;
    readonly seed?: number;
    readonly plan?: Partial<DeliveryPlan>;
    /** The source is a Kinesis stream. */
    readonly readsStream?: boolean;
  } = {},
) {
  const clock = options.clock ?? createSimulatedClock();
  const catalog = options.catalog ?? (await openSqliteCatalog({ host: createRealHost(), path: ':memory:' }));
  const source = options.source ?? new TestSource();
  if (options.source === undefined) source.add('u');
  const main = new TestDestination('main');
  const backup = new TestDestination('backup');
  const errors = new TestDestination('errors');
  const processing = testProcessing(options.partitioned);
  const lane = (destination: Destination): Lane => ({
    destination,
    hints: { bytes: options.bufferBytes ?? 100, intervalMs: options.intervalMs ?? 10_000 },
  });
  const plan: DeliveryPlan = {
    processing,
    main: lane(main),
    backup: options.hasBackup ? { ...lane(backup), of: 'source' } : undefined,
    error: () => lane(errors),
    partitionOf: options.partitioned ? ({ fromQuery }) => fromQuery.get('k') : undefined,
    opensAggregates: false,
    ...options.plan,
  };
  const failures: unknown[] = [];
  const seen: SeenError[] = [];
  const safe: number[] = [];
  const expired = { position: 0 };
  /** What the engine finds when it looks for its source. */
  const at: { source: TestSource | undefined } = { source };
  const watchers = new Set<Parameters<DeliveryStreams['watch']>[0]>();
  const stream = options.readsStream ? { ...STREAM, source: KINESIS } : STREAM;
  const meter = new UsageMeter({ catalog, clock, onFailure: (error) => failures.push(error) });
  const streams: DeliveryStreams = {
    all: () => [stream],
    byId: () => stream,
    watch(onChange) {
      watchers.add(onChange);
      return { [Symbol.dispose]: () => void watchers.delete(onChange) };
    },
  };
  const engine = new DeliveryEngine({
    clock,
    dice: createSimulatedDice(options.seed ?? 1),
    catalog,
    streams,
    meter,
    memoryBytesMax: options.memoryBytesMax ?? 10_000_000,
    activePartitionsMax: 500,
    openSource: () => at.source,
    loadPlanOf: async () => () => plan,
    expiredPosition: async () => expired.position,
    onSafe: (_stream, _unit, position) => safe.push(position),
    onError: (_stream, error) => seen.push(error),
    onFailure: (error) => failures.push(error),
  });
  return {
    ...{
      engine,
      clock,
      catalog,
      source,
      main,
      backup,
      errors,
      processing,
      failures,
      seen,
      safe,
      expired,
      at,
      plan,
      meter,
    },
    async rows() {
      return catalog.read((transaction) => transaction.selectFrom('deliveries').selectAll().execute());
    },
    async checkpoint() {
      const rows = await catalog.read((transaction) =>
        transaction.selectFrom('reader_checkpoints').selectAll().execute(),
      );
      return rows[0]?.position;
    },
    change(now: Partial<DeliveryStream>) {
      for (const watcher of [...watchers]) watcher(stream, { ...stream, ...now });
    },
  };
}

/** Until nothing moves any more without time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
