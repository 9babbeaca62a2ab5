/**
 * Reads again from the source what deliveries need whose bytes are not in memory: after a restart, and when memory ran short while they
 * waited. Deliveries that are due at the same time are gathered together, because those of many partitions lie in the same stretch of the log.
 */
import type { Clock } from '../../host/host.ts';
import { SourceGoneError, type RecordSource } from '../../readers/record-source.ts';
import type { Processed } from '../processing/processing.ts';
import type { Activity } from './activity.ts';
import type { MemoryBudget } from './budget.ts';
import { RecordBuffer } from './buffer.ts';
import type { RecordIdentity } from './delivery-record.ts';
import { failedRecord, lineOf } from './error-output.ts';
import { IdentityIndex } from './identity-index.ts';
import { incomingOf } from './incoming.ts';
import { backedUp, type DeliveryPlan } from './lane.ts';
import { READ_BYTES_MAX, READ_RECORDS_MAX, type Pace } from './pace.ts';
import type { Failure, PendingDelivery } from './pending-delivery.ts';
import type { Router } from './router.ts';

const TOGETHER_BYTES_MAX = 32 * 1024 * 1024;
const FAILURE_PAUSE_MS = 1_000;

export type GathererParts = {
  readonly source: RecordSource;
  readonly clock: Clock;
  readonly budget: MemoryBudget;
  readonly pace: Pace;
  readonly plan: () => DeliveryPlan;
  readonly router: Router;
  readonly activity: Activity;
  /** `rerouted`: how many records of it went another way than the first time. */
  readonly onGathered: (delivery: PendingDelivery, buffer: RecordBuffer, rerouted: number) => void;
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
};

type Gathered = {
  readonly buffer: RecordBuffer;
  readonly failures: IdentityIndex<Failure> | undefined;
  rerouted: number;
};

export class Gatherer {
  readonly #parts: GathererParts;
  #due: PendingDelivery[] = [];
  #running: Promise<void> | undefined;

  constructor(parts: GathererParts) {
    this.#parts = parts;
  }

  add(delivery: PendingDelivery): void {
    this.#due.push(delivery);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is gathered any more. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { budget, clock, signal, onFailure } = this.#parts;
    // Those that are due in the same moment.
    await clock.turn();
    while (this.#due.length > 0 && !signal.aborted) {
      const group = this.#nextGroup();
      try {
        await budget.room(sizeOf(group), signal);
        await this.#gather(group);
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
        this.#due.push(...group);
        await clock.sleep(FAILURE_PAUSE_MS, signal).catch(() => {});
      }
    }
    this.#running = undefined;
  }

  #nextGroup(): PendingDelivery[] {
    const sorted = this.#due.toSorted((left, right) => left.oldestArrivalMs - right.oldestArrivalMs);
    let bytes = 0;
    let count = 0;
    for (const delivery of sorted) {
      bytes += delivery.bytes;
      if (count > 0 && bytes > TOGETHER_BYTES_MAX) break;
      count++;
    }
    this.#due = sorted.slice(count);
    return sorted.slice(0, count);
  }

  async #gather(group: readonly PendingDelivery[]): Promise<void> {
    const { budget, activity, clock, signal } = this.#parts;
    const index = new IdentityIndex(group.map((delivery) => [delivery.identities, delivery] as const));
    const gathered = new Map<PendingDelivery, Gathered>(
      group.map((delivery) => {
        const keepsRaw = delivery.to.destination.errorOutputType !== undefined;
        const failures =
          delivery.failures &&
          new IdentityIndex(delivery.failures.map((each) => [each.identities, each] as const));
        return [delivery, { buffer: new RecordBuffer(budget, keepsRaw), failures, rerouted: 0 }];
      }),
    );
    try {
      for (const unit of new Set(group.flatMap(({ identities }) => [...identities.units()]))) {
        await this.#gatherUnit(unit, group, index, gathered);
      }
      signal.throwIfAborted();
    } catch (error) {
      for (const { buffer } of gathered.values()) buffer.release();
      throw error;
    }
    for (const [delivery, { buffer, rerouted }] of gathered) {
      const missing = delivery.records - buffer.length - rerouted;
      if (missing > 0) {
        activity.recordsLost += missing;
        activity.sawError({
          code: 'RecordsGone',
          message: 'Records were not delivered before the source let them go.',
          timeMs: clock.now(),
          lane: delivery.lane,
          records: missing,
        });
      }
      this.#parts.onGathered(delivery, buffer, rerouted);
    }
  }

  async #gatherUnit(
    unit: string,
    group: readonly PendingDelivery[],
    index: IdentityIndex<PendingDelivery>,
    gathered: ReadonlyMap<PendingDelivery, Gathered>,
  ): Promise<void> {
    const { source, plan, pace, signal } = this.#parts;
    const firsts = group
      .filter(({ identities }) => identities.has(unit))
      .map(({ identities }) => identities.firstPosition(unit));
    const last = index.lastPosition(unit);
    const { processing, opensAggregates } = plan();
    const skip = (identity: RecordIdentity): boolean => index.find(identity, () => true) === undefined;
    for (let after = Math.min(...firsts) - 1; after < last;) {
      await pace.turn();
      signal.throwIfAborted();
      const read = await source.read(unit, after, READ_RECORDS_MAX, READ_BYTES_MAX).catch((error) => {
        if (error instanceof SourceGoneError) return undefined;
        throw error;
      });
      if (read === undefined) return;
      const records = read.records.filter(({ position }) => position <= last);
      const incoming = incomingOf(unit, records, opensAggregates);
      const processed = await processing.process(incoming, skip, signal);
      this.#collect(processed, index, gathered);
      if (read.atEnd) return;
      after = read.after;
    }
  }

  /** What comes out otherwise than the first time, because the function or the settings changed, goes its new way. */
  #collect(
    processed: Processed,
    index: IdentityIndex<PendingDelivery>,
    gathered: ReadonlyMap<PendingDelivery, Gathered>,
  ): void {
    const { router, source } = this.#parts;
    const { records, failed } = processed;
    const plan = this.#parts.plan();
    const { main } = plan;
    const isPrimary = ({ lane }: PendingDelivery): boolean => lane !== 'backup';
    for (const record of records) {
      const delivery = index.find(record.identity, isPrimary);
      if (delivery === undefined) continue;
      const into = gathered.get(delivery)!;
      const why = into.failures?.find(record.identity, () => true);
      if (delivery.lane === 'main') into.buffer.add(record);
      else if (why === undefined) {
        into.rerouted++;
        router.main(record);
      } else {
        const numberOf = source.sequenceNumber.bind(source);
        into.buffer.add(failedRecord(main.destination, delivery.id, record, why, numberOf));
      }
    }
    for (const record of failed) {
      const delivery = index.find(record.identity, isPrimary);
      if (delivery === undefined) continue;
      const into = gathered.get(delivery)!;
      if (delivery.lane === `error:${record.type}`) into.buffer.add(lineOf(record, record.members));
      else {
        into.rerouted++;
        router.failed(record);
      }
    }
    for (const record of backedUp(plan, processed)) {
      const delivery = index.find(record.identity, ({ lane }) => lane === 'backup');
      if (delivery !== undefined) gathered.get(delivery)!.buffer.add(record);
    }
  }
}

function sizeOf(group: readonly PendingDelivery[]): number {
  return group.reduce((total, { bytes }) => total + bytes, 0);
}
