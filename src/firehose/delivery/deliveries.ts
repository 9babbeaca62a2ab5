/**
 * The deliveries of one delivery stream, from the closing of their buffers to the checkpoint. A delivery is recorded before its first attempt, with the
 * key of its object, so that a restart makes the same object again and no second one; it is done with in the transaction that moves the checkpoint and
 * records the delivery of what its destination gave up on. Every lane has its own places for attempts, and whoever waits for a retry takes none.
 */
import type { Clock, Dice } from '../../host/host.ts';
import { StaleOwnerError, type Ownership } from '../../readers/checkpoints.ts';
import type { Activity } from './activity.ts';
import { allOf, attempt } from './attempt.ts';
import type { MemoryBudget } from './budget.ts';
import type { RecordBuffer } from './buffer.ts';
import type { KeptDelivery } from './delivery-row.ts';
import type { DeliveryChange, DeliveryStore } from './delivery-store.ts';
import { AttemptQueues } from './attempt-queues.ts';
import { errorDelivery, type NumberOf } from './error-output.ts';
import { FinishedRows } from './finished-rows.ts';
import { guid } from './guid.ts';
import type { DeliveryPlan } from './lane.ts';
import type { OpenBuffer } from './open-buffers.ts';
import { mayLetGo, pendingDelivery, type PendingDelivery } from './pending-delivery.ts';
import type { Held, Progress } from './progress.ts';
import type { PackedIdentities } from './packed-identities.ts';
import { afterAttempt } from './retry.ts';

/** More wait for nothing but their destination: then nothing more is read. */
const PENDING_DELIVERIES_MAX = 1_000;
/** Of what is remembered of their records; more than that, too. */
const RANGES_BYTES_MAX = 32 * 1024 * 1024;
const COMMIT_PAUSE_MS = 1_000;
const CHECKPOINT_EVERY_MS = 1_000;

export type DeliveriesParts = {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly budget: MemoryBudget;
  readonly store: DeliveryStore;
  readonly ownership: Ownership;
  readonly progress: Progress;
  readonly activity: Activity;
  readonly numberOf: NumberOf;
  readonly plan: () => DeliveryPlan;
  /** A delivery is due whose bytes are not in memory. */
  readonly gather: (delivery: PendingDelivery) => void;
  /** The delivery is over, and its partition with it. */
  readonly onEnd: (delivery: PendingDelivery) => void;
  /** Checkpoints that are durable now. */
  readonly onCheckpoints: (changes: NonNullable<DeliveryChange['checkpoints']>) => void;
  /** The ownership was lost: this process has to stop. */
  readonly onStale: (error: unknown) => void;
  readonly onFailure: (error: unknown) => void;
};

type Ended = { readonly delivery: PendingDelivery; readonly errors: PendingDelivery | undefined };

export class Deliveries implements AsyncDisposable {
  readonly #parts: DeliveriesParts;
  readonly #pending = new Map<PendingDelivery, { readonly held: Held; readonly rangesBytes: number }>();
  /** What the pending ones remember of their records. */
  #rangesBytes = 0;
  readonly #queues: AttemptQueues;
  readonly #waitingForRoom: (() => void)[] = [];
  #ended: Ended[] = [];
  #committing = false;
  /** What became of the last attempts at these is not in their rows yet. */
  #failed = new Set<PendingDelivery>();
  #checkpointDue = false;
  #checkpointTimed = false;
  readonly #finished: FinishedRows;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: DeliveriesParts, finishedAbove: readonly KeptDelivery[]) {
    this.#parts = parts;
    this.#finished = new FinishedRows(parts.progress, parts.dice, finishedAbove);
    this.#queues = new AttemptQueues((delivery) => this.#run(this.#attempt(delivery)));
  }

  pending(): Iterable<PendingDelivery> {
    return this.#pending.keys();
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Resolves when the bound of pending deliveries allows for more. */
  room(): Promise<void> {
    if (this.#hasRoom() || this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForRoom.push(resolve));
  }

  /** Takes over what was pending when the process ended; it holds the checkpoint, and its bytes are in the log. */
  resume(delivery: PendingDelivery): void {
    this.#hold(delivery, heldOf(delivery.identities));
    this.#due(delivery);
  }

  add({ name, lane, partition, keys, records }: OpenBuffer): void {
    const { dice, clock } = this.#parts;
    const id = guid(dice);
    const { length, bytes, oldestArrivalMs } = records;
    const delivery = pendingDelivery({
      id,
      lane: name,
      to: lane,
      objectKey: lane.destination.objectKey?.({ id, oldestArrivalMs, keys }),
      partition,
      identities: records.identities(),
      records: length,
      bytes,
      oldestArrivalMs,
      createdMs: clock.now(),
      failures: undefined,
      buffer: records,
      phase: 'recording',
    });
    this.#hold(delivery, records.held);
    void this.#run(this.#record(delivery));
  }

  /** Its bytes are in memory again, or what is left of them. What went another way than the first time is not this delivery's any more. */
  gathered(delivery: PendingDelivery, buffer: RecordBuffer, rerouted: number): void {
    delivery.buffer = buffer;
    delivery.remaining = undefined;
    if (buffer.length === 0 && rerouted === 0) this.#end(delivery, undefined);
    else if (rerouted === 0) this.#queues.add(delivery);
    else {
      delivery.identities = buffer.identities();
      delivery.records = buffer.length;
      void this.#run(this.#record(delivery));
    }
  }

  /** Lets the bytes go of all that only wait. */
  letGo(): void {
    for (const delivery of this.#pending.keys()) {
      if (!mayLetGo(delivery)) continue;
      const { buffer } = delivery;
      delivery.buffer = undefined;
      buffer!.release();
    }
  }

  /** Positions moved without a delivery, or attempts failed: how that stands is written soon, or at once. */
  checkpointSoon(now: boolean): void {
    this.#checkpointDue = true;
    if (now) this.#commit();
    else if (!this.#checkpointTimed) {
      this.#checkpointTimed = true;
      const commit = (): void => {
        this.#checkpointTimed = false;
        this.#commit();
      };
      this.#parts.clock.timer(CHECKPOINT_EVERY_MS, commit, { background: true });
    }
  }

  /** Ends the attempts, and resolves when nothing is under way any more. What was not finished is delivered after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error('The server stops.'));
    this.#queues.stop();
    for (const go of this.#waitingForRoom.splice(0)) go();
    await Promise.allSettled(this.#running);
    for (const { buffer } of this.#pending.keys()) buffer?.release();
    for (const { errors } of this.#ended) errors?.buffer?.release();
    this.#pending.clear();
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #hasRoom(): boolean {
    return this.#pending.size < PENDING_DELIVERIES_MAX && this.#rangesBytes < RANGES_BYTES_MAX;
  }

  #hold(delivery: PendingDelivery, held: Held): void {
    const rangesBytes = delivery.identities.bytes.length;
    this.#rangesBytes += rangesBytes;
    this.#pending.set(delivery, { held, rangesBytes });
    this.#parts.progress.hold(held);
  }

  async #record(delivery: PendingDelivery): Promise<void> {
    if (!(await this.#write({ added: [delivery] }))) return;
    if (delivery.buffer!.length === 0) this.#end(delivery, undefined);
    else this.#queues.add(delivery);
  }

  /** Writes until it is written; false when this process has to stop before that. */
  async #write(change: DeliveryChange): Promise<boolean> {
    const { store, ownership, clock, onFailure, onStale } = this.#parts;
    while (!this.#stopped) {
      try {
        await store.commit(ownership, change);
        return !this.#stopped;
      } catch (error) {
        if (error instanceof StaleOwnerError) {
          onStale(error);
          return false;
        }
        onFailure(error);
        await clock.sleep(COMMIT_PAUSE_MS, this.#stopping.signal).catch(() => {});
      }
    }
    return false;
  }

  #due(delivery: PendingDelivery): void {
    if (delivery.buffer !== undefined) {
      this.#queues.add(delivery);
      return;
    }
    delivery.phase = 'gathering';
    this.#parts.gather(delivery);
  }

  async #attempt(delivery: PendingDelivery): Promise<void> {
    const { clock, onFailure, activity } = this.#parts;
    delivery.phase = 'attempting';
    delivery.attempts++;
    const outcome = await attempt(delivery, clock, this.#stopping.signal, onFailure);
    if (outcome === undefined || this.#stopped) return;
    if (outcome.kind === 'waiting') {
      delivery.attempts--;
      this.#wait(delivery, outcome.afterMs);
      return;
    }
    const nowMs = clock.now();
    if (outcome.kind !== 'done') {
      const { error } = outcome;
      const records = outcome.kind === 'retry' ? outcome.remaining.length : delivery.records;
      activity.sawError({ ...error, timeMs: nowMs, lane: delivery.lane, records });
    }
    const next = afterAttempt(delivery, delivery.to.destination, outcome, {
      wallMs: nowMs,
      monotonicMs: clock.monotonic(),
    });
    switch (next.kind) {
      case 'wait':
        activity.retries++;
        this.#failed.add(delivery);
        this.checkpointSoon(false);
        this.#wait(delivery, next.pauseMs);
        return;
      case 'lose': {
        activity.recordsLost += (delivery.remaining ?? allOf(delivery.buffer!)).length;
        break;
      }
      case 'leave':
        activity.recordsFailed += (delivery.remaining ?? allOf(delivery.buffer!)).length;
        break;
      case 'give-up': {
        const error = delivery.lastError!;
        const why = { error, attemptsMade: delivery.attempts, attemptEndingMs: nowMs, members: undefined };
        for (const index of delivery.remaining ?? allOf(delivery.buffer!))
          delivery.failed.push({ index, ...why });
        break;
      }
      case 'finish':
    }
    await this.#finish(delivery, next.kind === 'lose' || next.kind === 'leave');
  }

  #wait(delivery: PendingDelivery, pauseMs: number): void {
    delivery.phase = 'waiting';
    this.#parts.clock.timer(pauseMs, () => !this.#stopped && this.#due(delivery), { background: true });
  }

  /** `gone`: what remains was not delivered, and no error lines are to tell of it. */
  async #finish(delivery: PendingDelivery, gone: boolean): Promise<void> {
    const { activity } = this.#parts;
    delivery.phase = 'finishing';
    const { failed, buffer } = delivery;
    const goneCount = gone ? (delivery.remaining?.length ?? buffer!.length) : 0;
    const delivered = buffer!.length - failed.length - goneCount;
    if (delivered > 0) activity.deliveredOne(delivery.lane, delivered, buffer!.bytes);
    const errors = await errorDelivery(delivery, this.#parts);
    if (errors === undefined) activity.recordsLost += failed.length;
    else activity.recordsFailed += failed.length;
    if (this.#stopped) errors?.buffer?.release();
    else this.#end(delivery, errors);
  }

  #end(delivery: PendingDelivery, errors: PendingDelivery | undefined): void {
    delivery.phase = 'finishing';
    this.#ended.push({ delivery, errors });
    this.#commit();
  }

  #commit(): void {
    if (this.#committing || this.#stopped) return;
    this.#committing = true;
    void this.#run(this.#commitAll());
  }

  async #commitAll(): Promise<void> {
    try {
      await this.#commitEnded();
    } finally {
      // At once, or who ends meanwhile would wait for the next one.
      this.#committing = false;
    }
  }

  async #commitEnded(): Promise<void> {
    const { progress, onCheckpoints, onEnd } = this.#parts;
    while (!this.#stopped && (this.#ended.length > 0 || this.#checkpointDue)) {
      const together = this.#ended;
      const failed = this.#failed;
      this.#ended = [];
      this.#failed = new Set();
      this.#checkpointDue = false;
      for (const { delivery, errors } of together) {
        if (errors !== undefined) this.#hold(errors, heldOf(errors.identities));
        progress.letGo(this.#pending.get(delivery)!.held);
        failed.delete(delivery);
      }
      const checkpoints = progress.changes();
      const change: DeliveryChange = {
        added: [...together.flatMap(({ errors }) => errors ?? []), ...failed],
        ...this.#finished.add(together.map(({ delivery }) => delivery)),
        checkpoints,
      };
      if (!(await this.#write(change))) return;
      progress.wrote(checkpoints);
      for (const { delivery, errors } of together) {
        this.#rangesBytes -= this.#pending.get(delivery)!.rangesBytes;
        this.#pending.delete(delivery);
        delivery.buffer?.release();
        delivery.buffer = undefined;
        onEnd(delivery);
        if (errors !== undefined) this.#queues.add(errors);
      }
      while (this.#waitingForRoom.length > 0 && this.#hasRoom()) {
        this.#waitingForRoom.shift()!();
      }
      if (checkpoints.length > 0) onCheckpoints(checkpoints);
    }
  }

  /** Never rejects. */
  #run(work: Promise<void>): Promise<void> {
    const watched = work
      .catch((error) => this.#parts.onFailure(error))
      .finally(() => this.#running.delete(watched));
    this.#running.add(watched);
    return watched;
  }
}

function heldOf(identities: PackedIdentities): Held {
  return new Map([...identities.units()].map((unit) => [unit, identities.firstPosition(unit)]));
}
