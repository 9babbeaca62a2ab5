/**
 * Delivers all delivery streams: a worker for each that is ACTIVE, under one budget of memory. A worker that cannot begin, because its source is not there
 * or the catalog fails, begins later, and disturbs no other.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { Clock, Dice, TimerHandle } from '../../host/host.ts';
import type { DeliveryMeters } from '../../metering/meter.ts';
import { createCatalogCheckpoints } from '../../readers/catalog-checkpoints.ts';
import type { Checkpoints } from '../../readers/checkpoints.ts';
import type { RecordSource, StartingPoint } from '../../readers/record-source.ts';
import type { DeliveryStream, DeliveryStreams } from '../delivery-stream.ts';
import { Activity, type SeenError } from './activity.ts';
import { MemoryBudget } from './budget.ts';
import { DeliveryStore } from './delivery-store.ts';
import { GroupedTransactions } from './grouped-transactions.ts';
import type { DeliveryPlan } from './lane.ts';
import { Pace } from './pace.ts';
import { Worker } from './worker.ts';

const BEGIN_AGAIN_MS = 5_000;
const EXPIRE_EVERY_MS = 60_000;

export type PlanOf = (stream: DeliveryStream, source: RecordSource) => DeliveryPlan;

export type EngineParts = {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly catalog: Catalog;
  readonly streams: DeliveryStreams;
  /** Counts what is read of Kinesis streams; what is put directly was counted then. */
  readonly meter: DeliveryMeters;
  readonly memoryBytesMax: number;
  /** Of a delivery stream with dynamic partitioning. */
  readonly activePartitionsMax: number;
  /** Undefined while there is none, such as before its Kinesis stream exists. Disposed of with the worker, where it can be. */
  readonly openSource: (stream: DeliveryStream) => (RecordSource & Partial<Disposable>) | undefined;
  /** Asked for with the first delivery stream: a server without one holds none of what delivers. */
  readonly loadPlanOf: () => Promise<PlanOf>;
  /** Everything of the unit up to the position is done with, or given up because of its age. */
  readonly onSafe: (stream: DeliveryStream, unit: string, position: number) => void;
  /** The position up to which records of the stream's own log are too old to be kept; 0 when there is none. */
  readonly expiredPosition: (stream: DeliveryStream) => Promise<number>;
  /** Something could not be delivered or read. */
  readonly onError: (stream: DeliveryStream, error: SeenError) => void;
  /** Our own, or of the disk; it is tried again. */
  readonly onFailure: (error: unknown, stream: DeliveryStream) => void;
};

type Running = {
  stream: DeliveryStream;
  readonly activity: Activity;
  worker: Worker | undefined;
  source: (RecordSource & Partial<Disposable>) | undefined;
  /** Starts and stops of one delivery stream follow one another. */
  step: Promise<void>;
  readonly stopping: AbortController;
};

export class DeliveryEngine implements AsyncDisposable {
  readonly #parts: EngineParts;
  readonly #budget: MemoryBudget;
  readonly #pace: Pace;
  readonly #store: DeliveryStore;
  readonly #checkpoints: Checkpoints;
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  /** There before the first worker is. */
  #planOf: PlanOf | undefined;
  readonly #watch: Disposable;
  #expiring: TimerHandle | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#budget = new MemoryBudget(parts.memoryBytesMax);
    this.#pace = new Pace(parts.clock);
    const grouped = new GroupedTransactions(parts.catalog);
    this.#store = new DeliveryStore({
      read: (query) => parts.catalog.read(query),
      transact: (change) => grouped.transact(change),
    });
    this.#checkpoints = createCatalogCheckpoints(grouped);
    this.#watch = parts.streams.watch((before, now) => this.#changed(before, now));
    for (const stream of parts.streams.all()) this.#changed(undefined, stream);
    this.#expireLater();
  }

  /** Bytes of records in memory, of all delivery streams. */
  get heldBytes(): number {
    return this.#budget.held;
  }

  /** Undefined of one that is not delivered. */
  activity(id: string): Activity | undefined {
    return this.#running.get(id)?.activity;
  }

  state(id: string): ReturnType<Worker['state']> | undefined {
    return this.#running.get(id)?.worker?.state();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]();
    this.#expiring?.cancel();
    this.#expiring = undefined;
    for (const id of [...this.#running.keys()]) this.#stop(id);
    await Promise.allSettled(this.#ending);
  }

  #changed(before: DeliveryStream | undefined, now: DeliveryStream | undefined): void {
    if (now?.status !== 'ACTIVE') {
      if (before !== undefined) this.#stop(before.id);
      return;
    }
    const running = this.#running.get(now.id);
    if (running === undefined) {
      this.#start(now);
      return;
    }
    const isSame = running.stream.versionId === now.versionId;
    running.stream = now;
    if (!isSame) running.worker?.replacePlan(this.#planOf!(now, running.source!));
  }

  #expireLater(): void {
    const expire = async (): Promise<void> => {
      const all = [...this.#running.values()];
      await Promise.all(all.map((running) => this.#expire(running)));
      for (const running of all) this.#readAnew(running);
      if (this.#expiring !== undefined) this.#expireLater();
    };
    this.#expiring = this.#parts.clock.timer(EXPIRE_EVERY_MS, () => void expire(), { background: true });
  }

  /** The Kinesis stream went, and another one of its name came: once what was read of the old one is delivered, the new one is read. */
  #readAnew({ stream, worker, source }: Running): void {
    if (source === undefined || source.units().length > 0 || worker?.isIdle() !== true) return;
    this.#stop(stream.id);
    this.#start(stream);
  }

  /** "Data is kept for up to 24 hours in case the delivery destination is unavailable", when it was put directly. */
  async #expire({ stream, worker }: Running): Promise<void> {
    if (worker === undefined) return;
    try {
      const position = await this.#parts.expiredPosition(stream);
      if (position === 0) return;
      await worker.countExpired(stream.id, position);
      this.#parts.onSafe(stream, stream.id, position);
    } catch (error) {
      this.#parts.onFailure(error, stream);
    }
  }

  #start(stream: DeliveryStream): void {
    const { onError } = this.#parts;
    const running: Running = {
      stream,
      activity: new Activity((error) => onError(running.stream, error)),
      worker: undefined,
      source: undefined,
      step: Promise.resolve(),
      stopping: new AbortController(),
    };
    this.#running.set(stream.id, running);
    running.step = this.#begin(running);
  }

  async #begin(running: Running): Promise<void> {
    const { clock, onFailure } = this.#parts;
    const { signal } = running.stopping;
    while (!signal.aborted) {
      try {
        if (await this.#beginOnce(running)) return;
      } catch (error) {
        onFailure(error, running.stream);
      }
      await clock.sleep(BEGIN_AGAIN_MS, signal).catch(() => {});
    }
  }

  /** False when there is no source. */
  async #beginOnce(running: Running): Promise<boolean> {
    const { clock, dice, openSource, loadPlanOf, onSafe, onFailure } = this.#parts;
    const planOf = (this.#planOf ??= await loadPlanOf());
    const { stream, activity } = running;
    const source = openSource(stream);
    if (source === undefined) {
      const message = 'The source of the delivery stream is not there.';
      const seen = { timeMs: clock.now(), lane: 'source', records: 0 } as const;
      activity.sawRecordError({ code: 'SourceNotFound', message, ...seen });
      return false;
    }
    running.source = source;
    running.worker = await Worker.start({
      id: stream.id,
      clock,
      dice,
      budget: this.#budget,
      pace: this.#pace,
      store: this.#store,
      checkpoints: this.#checkpoints,
      source,
      start: startOf(stream),
      plan: planOf(stream, source),
      activePartitionsMax: this.#parts.activePartitionsMax,
      activity,
      meter: stream.source.kind === 'KinesisStreamAsSource' ? this.#parts.meter : undefined,
      onSafe: (unit, position) => onSafe(running.stream, unit, position),
      onStale: (error) => {
        onFailure(error, running.stream);
        this.#stop(stream.id);
      },
      onFailure: (error) => onFailure(error, running.stream),
    });
    // Changed while it began.
    if (running.stream.versionId !== stream.versionId) {
      running.worker.replacePlan(planOf(running.stream, source));
    }
    return true;
  }

  #stop(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    running.stopping.abort();
    const ending = end(running).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

async function end(running: Running): Promise<void> {
  await running.step;
  await running.worker?.[Symbol.asyncDispose]();
  running.source?.[Symbol.dispose]?.();
}

function startOf({ source }: DeliveryStream): StartingPoint {
  return source.kind === 'DirectPut' ? { kind: 'oldest' } : { kind: 'time', timeMs: source.startMs };
}
