/**
 * Delivers one delivery stream: reads its source, has the records processed, gathers them in buffers, and delivers those. All of it starts at the
 * checkpoint and knows from the catalog what was done beyond it, so that it can end at any moment.
 */
import type { Clock, Dice } from '../../host/host.ts';
import type { Checkpoints, Ownership } from '../../readers/checkpoints.ts';
import { ingestedBytes, type DeliveryMeters } from '../../metering/meter.ts';
import { Reader } from '../../readers/reader.ts';
import type { RecordSource, SourceRead, StartingPoint } from '../../readers/record-source.ts';
import type { IncomingRecord, Processed } from '../processing/processing.ts';
import type { Activity } from './activity.ts';
import type { MemoryBudget } from './budget.ts';
import type { DeliveryRecord, RecordIdentity } from './delivery-record.ts';
import { Deliveries } from './deliveries.ts';
import type { KeptDelivery } from './delivery-row.ts';
import type { DeliveryStore } from './delivery-store.ts';
import { Gatherer } from './gatherer.ts';
import { incomingOf } from './incoming.ts';
import { backedUp, laneOf, type DeliveryPlan } from './lane.ts';
import { OpenBuffers } from './open-buffers.ts';
import { pendingDelivery } from './pending-delivery.ts';
import { FunctionBatches } from './function-batches.ts';
import { READ_BYTES_MAX, READ_RECORDS_MAX, type Pace } from './pace.ts';
import { Progress } from './progress.ts';
import { KnownRecords } from './known-records.ts';
import { Router } from './router.ts';

const UNITS_AT_ONCE = 8;

export type WorkerParts = {
  readonly id: string;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly budget: MemoryBudget;
  readonly pace: Pace;
  readonly store: DeliveryStore;
  readonly checkpoints: Checkpoints;
  readonly source: RecordSource;
  readonly start: StartingPoint;
  readonly plan: DeliveryPlan;
  readonly activity: Activity;
  /** Of a source whose records were not counted when they were put. */
  readonly meter: DeliveryMeters | undefined;
  readonly activePartitionsMax: number;
  /** Everything of the unit up to the position is done with: a log of its own may forget it. */
  readonly onSafe: (unit: string, position: number) => void;
  readonly onStale: (error: unknown) => void;
  readonly onFailure: (error: unknown) => void;
};

export class Worker implements AsyncDisposable {
  readonly #parts: WorkerParts;
  readonly #progress = new Progress();
  readonly #stopping = new AbortController();
  readonly #buffers: OpenBuffers;
  readonly #router: Router;
  readonly #deliveries: Deliveries;
  readonly #gatherer: Gatherer;
  readonly #reader: Reader;
  readonly #holder: Disposable;
  readonly #batches: FunctionBatches;
  readonly #known: KnownRecords;
  readonly #counted: Ownership['counted'];
  #plan: DeliveryPlan;

  static async start(parts: WorkerParts): Promise<Worker> {
    const { id, checkpoints, store } = parts;
    const ownership = await checkpoints.claim(id, 'firehose');
    const kept = await store.read(id);
    return new Worker(parts, ownership, kept);
  }

  private constructor(
    parts: WorkerParts,
    ownership: Ownership,
    { pending, finished }: { pending: readonly KeptDelivery[]; finished: readonly KeptDelivery[] },
  ) {
    this.#parts = parts;
    this.#plan = parts.plan;
    this.#counted = ownership.counted;
    const { source, clock, budget, activity } = parts;
    const plan = (): DeliveryPlan => this.#plan;
    this.#known = new KnownRecords([...pending, ...finished]);
    this.#buffers = new OpenBuffers({
      clock,
      budget,
      onOpen: ({ name, partition, records }) => {
        this.#progress.hold(records.held);
        if (name === 'main' && partition !== undefined) this.#router.began(partition);
      },
      onClose: (buffer) => {
        // The delivery holds the positions from now on.
        this.#deliveries.add(buffer);
      },
    });
    this.#router = new Router({
      buffers: this.#buffers,
      plan,
      activity,
      now: () => clock.now(),
      activeMax: parts.activePartitionsMax,
    });
    this.#deliveries = new Deliveries(
      {
        ...parts,
        ownership,
        plan,
        progress: this.#progress,
        numberOf: source.sequenceNumber.bind(source),
        gather: (delivery) => this.#gatherer.add(delivery),
        onEnd: ({ lane, partition }) => {
          if (lane === 'main' && partition !== undefined) this.#router.ended(partition);
        },
        onCheckpoints: (changes) => {
          for (const { unit, position, finished: isFinished } of changes) {
            parts.onSafe(unit, position);
            if (isFinished) this.#reader.finish(unit);
          }
        },
      },
      finished,
    );
    this.#gatherer = new Gatherer({
      ...parts,
      plan,
      router: this.#router,
      signal: this.#stopping.signal,
      onGathered: (...gathered) => this.#deliveries.gathered(...gathered),
    });
    this.#batches = new FunctionBatches({
      clock,
      budget,
      process: (unit, records, after, ended) => this.#process(unit, records, after, ended),
      signal: this.#stopping.signal,
      onFailure: (error) => this.#failed(error),
    });
    this.#reader = new Reader({
      source,
      clock,
      checkpoints: parts.checkpoints,
      ownership,
      start: parts.start,
      parallel: UNITS_AT_ONCE,
      recordsMax: READ_RECORDS_MAX,
      bytesMax: READ_BYTES_MAX,
      room: () => this.#room(),
      take: (unit, read) => this.#take(unit, read),
      onBegin: (unit, after) => this.#progress.begin(unit, after),
      onGone: (unit) => this.#progress.forget(unit),
      onFailure: (error) => this.#failed(error),
    });
    this.#holder = budget.register({
      openBytes: () => this.#buffers.openBytes(),
      fullestBytes: () => this.#buffers.fullest()?.records.heldBytes ?? 0,
      closeFullest: () => this.#buffers.closeFullest(),
      letGo: () => this.#deliveries.letGo(),
    });
    for (const delivery of pending) this.#resume(delivery);
    this.#reader.start();
  }

  get activity(): Activity {
    return this.#parts.activity;
  }

  /** What is gathered and under way, for whoever watches. */
  state(): {
    readonly buffers: readonly {
      lane: string;
      partition: string | undefined;
      records: number;
      bytes: number;
    }[];
    readonly deliveries: readonly {
      id: string;
      lane: string;
      objectKey: string | undefined;
      phase: string;
      attempts: number;
      records: number;
      bytes: number;
    }[];
    readonly activePartitions: number;
  } {
    return {
      buffers: Array.from(this.#buffers.all(), ({ name, partition, records: { length, bytes } }) => ({
        lane: name,
        partition,
        records: length,
        bytes,
      })),
      deliveries: Array.from(
        this.#deliveries.pending(),
        ({ id, lane, objectKey, phase, attempts, records, bytes }) => ({
          ...{ id, lane, objectKey, phase, attempts, records, bytes },
        }),
      ),
      activePartitions: this.#router.activePartitions,
    };
  }

  /** Nothing is gathered and nothing is under way. */
  isIdle(): boolean {
    return this.#deliveries.pendingCount === 0 && this.#buffers.openBytes() === 0;
  }

  /** The settings changed: what is gathered goes out by the old ones. */
  replacePlan(plan: DeliveryPlan): void {
    this.#buffers.closeAll();
    this.#plan = plan;
  }

  /** Records up to `position` go now: what of them was not even read is lost. What was read is delivered, as long as memory has it. */
  async countExpired(unit: string, position: number): Promise<void> {
    const { source, activity, clock } = this.#parts;
    let records = 0;
    for (let after = this.#progress.routedUpTo(unit); after < position;) {
      const read = await source.read(unit, after, READ_RECORDS_MAX, READ_BYTES_MAX);
      records += read.records.filter((record) => record.position <= position).length;
      if (read.atEnd) break;
      after = read.after;
    }
    if (records === 0) return;
    activity.recordsLost += records;
    const message = 'Records were kept for 24 hours and could not be delivered in that time.';
    activity.sawError({ code: 'RecordsExpired', message, timeMs: clock.now(), lane: 'source', records });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error('The delivery stream stops.'));
    this.#holder[Symbol.dispose]();
    this.#batches[Symbol.dispose]();
    const reading = this.#reader[Symbol.asyncDispose]();
    const delivering = this.#deliveries[Symbol.asyncDispose]();
    await Promise.all([reading, delivering, this.#gatherer.ended()]);
    this.#buffers[Symbol.dispose]();
  }

  #resume(kept: KeptDelivery): void {
    const to = laneOf(this.#plan, kept.lane);
    // A backup that is switched off meanwhile asks for nothing.
    if (to === undefined) return;
    // The destination may be another than it was, and one that puts objects only now.
    const objectKey = kept.objectKey ?? to.destination.objectKey?.({ ...kept, keys: undefined });
    const waiting = { partition: undefined, buffer: undefined, phase: 'waiting' } as const;
    this.#deliveries.resume(pendingDelivery({ ...kept, objectKey, to, ...waiting }));
  }

  async #room(): Promise<void> {
    await this.#deliveries.room();
    await this.#parts.budget.room(READ_BYTES_MAX, this.#stopping.signal);
    await this.#parts.pace.turn();
  }

  async #take(unit: string, read: SourceRead): Promise<void> {
    const { activity } = this.#parts;
    const { opensAggregates, processing } = this.#plan;
    const incoming = incomingOf(unit, read.records, opensAggregates);
    activity.recordsRead += incoming.length;
    for (const { data } of incoming) activity.bytesRead += data.length;
    this.#count(unit, read.records);
    if (processing.batching === undefined) await this.#process(unit, incoming, read.after, read.finished);
    else await this.#batches.add(unit, incoming, read, processing.batching);
  }

  /** What AWS bills: records as they are in the stream, once, however often they are read. */
  #count(unit: string, records: SourceRead['records']): void {
    const { id, meter } = this.#parts;
    // What is put again was counted before.
    if (meter === undefined || unit === id) return;
    const counted = meter.counted(id, unit, this.#counted?.get(unit) ?? 0);
    const counters = meter.deliveryStream(id);
    for (const { position, data } of records) {
      if (position <= counted.position) continue;
      counted.position = position;
      counters.deliveryRecordsIn += 1;
      counters.deliveryBytesIn += data.length;
      counters.deliveryBilledBytesIn += ingestedBytes(data.length);
    }
  }

  async #process(
    unit: string,
    incoming: readonly IncomingRecord[],
    after: number,
    ended: boolean,
  ): Promise<void> {
    const { signal } = this.#stopping;
    if (incoming.length > 0) {
      const isKnown = incoming[0]!.position <= this.#known.lastPosition(unit);
      const skip = isKnown ? this.#skip : NOTHING;
      const processed = await this.#plan.processing.process(incoming, skip, signal);
      signal.throwIfAborted();
      const kept = backedUp(this.#plan, processed);
      if (isKnown) this.#routeUnknown(processed, kept);
      else this.#router.route(processed, kept);
    }
    this.#progress.routed(unit, after, ended);
    const safe = this.#progress.safeUpTo(unit);
    if (safe === after) this.#deliveries.checkpointSoon(ended);
  }

  /** Done in all lanes that it goes to. */
  readonly #skip = (identity: RecordIdentity): boolean =>
    this.#known.primary.has(identity) &&
    (this.#plan.backup === undefined || this.#known.backup.has(identity));

  #routeUnknown({ records, failed, ...rest }: Processed, kept: readonly DeliveryRecord[]): void {
    const { primary, backup } = this.#known;
    const unknown = {
      ...rest,
      records: records.filter(({ identity }) => !primary.has(identity)),
      failed: failed.filter(({ identity }) => !primary.has(identity)),
    };
    this.#router.route(
      unknown,
      kept.filter(({ identity }) => !backup.has(identity)),
    );
  }

  #failed(error: unknown): void {
    if (!this.#stopping.signal.aborted) this.#parts.onFailure(error);
  }
}

const NOTHING = (): boolean => false;
