/**
 * One subscription of a consumer to a shard: the events that SubscribeToShard pushes, as an async iterator. Records come as soon
 * as they are durable, an event without records at least every five seconds, and the end after five minutes, at the end of a
 * closed shard (an event with its children and no ContinuationSequenceNumber), or with an error of the model. Nothing is read
 * ahead: the client's pull bounds what is held, and a rate of 2 MiB a second paces what is sent.
 */
import { SIZES } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { Position, RecordLog } from '../../log/log.ts';
import type { StreamMeter } from '../../metering/meter.ts';
import type { ServiceError } from '../../wire/shape/service-error.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { fromLog, shardDoesNotExist } from '../records/data-errors.ts';
import { continuationSequenceNumber } from '../records/sequence-number.ts';
import type { SubscribeToShardEventStream } from '../shapes.ts';
import { childShards, millisBehindLatest, type Page } from './shard-reader.ts';
import type { Shard, Stream } from '../directory/stream.ts';

type Events = TypeOf<typeof SubscribeToShardEventStream>;
type Event = Events extends AsyncIterable<infer E> ? E : never;

/** How long a subscriber may hear nothing. AWS documents no figure; peers observed five seconds. */
const SILENCE_MAX_MS = 5000;
const SECOND_MS = 1000;

/** A page that several subscribers of a shard share is the same event to each, and so is encoded once. */
const events = new WeakMap<Page, Event>();

export type SubscriptionParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly usage: StreamMeter;
  readonly bytesPerSecond: number;
  readonly readPage: (stream: Stream, shard: Shard, after: Position) => Promise<Page>;
  /** Called once, when nothing more will be pushed. */
  readonly onEnd: () => void;
};

export class Subscription {
  readonly startedMs: number;
  readonly #parts: SubscriptionParts;
  #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#end();
  #stream: Stream;
  #shard: Shard;
  #after: Position;
  #lastRecordMs: number;
  /** When the pushed bytes are paid for by the rate. */
  #paidMs = 0;
  #lastEventMs = -Infinity;
  #failure: unknown;
  #ended = false;
  #signalled = false;
  #wake: (() => void) | undefined;

  constructor(
    parts: SubscriptionParts,
    from: { readonly stream: Stream; readonly shard: Shard; readonly after: Position },
  ) {
    this.#parts = parts;
    this.#stream = from.stream;
    this.#shard = from.shard;
    this.#after = from.after;
    this.#lastRecordMs = from.shard.createdSeconds * SECOND_MS;
    this.startedMs = parts.clock.monotonic();
  }

  /** Ends it when the client goes away, also one that never pulls. */
  endWith(signal: AbortSignal): void {
    this.#signal = signal;
    if (signal.aborted) this.#end();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Ends it as its five minutes would. */
  end(): void {
    this.#end();
  }

  /** Ends it with an error, which the client sees as an exception event. */
  fail(error: ServiceError): void {
    this.#failure ??= error;
    this.#notify();
  }

  /** The stream has a new snapshot, in which the shard may be closed. */
  streamChanged(now: Stream): void {
    this.#stream = now;
    const shard = now.shards.find((one) => one.index === this.#shard.index);
    if (shard === undefined) this.fail(shardDoesNotExist(this.#shard.id, now));
    else this.#shard = shard;
    this.#notify();
  }

  async *events(): Events & AsyncGenerator<Event> {
    const { clock, log } = this.#parts;
    const endMs = this.startedMs + SIZES.subscriptionLifetimeMs;
    let watch: Disposable | undefined;
    try {
      watch = log.watch(this.#stream.id, this.#shard.index, () => this.#notify());
      while (!this.#ended && clock.monotonic() < endMs) {
        this.#signalled = false;
        this.#throwFailure();
        // Only what was closed before the read has ended with an empty page.
        const closed = this.#shard.closedMs !== undefined;
        const pauseMs = this.#paidMs - clock.monotonic() - SECOND_MS;
        const page = pauseMs < 0 ? await this.#read() : undefined;
        this.#throwFailure();
        if (page !== undefined && page.records.length > 0) {
          yield this.#push(page);
          continue;
        }
        if (page?.atEnd === false) continue;
        if (page !== undefined && closed) {
          yield this.#lastEvent();
          return;
        }
        const silenceMs = this.#lastEventMs + SILENCE_MAX_MS - clock.monotonic();
        if (silenceMs <= 0) yield this.#emptyEvent();
        else {
          const left = Math.min(silenceMs, endMs - clock.monotonic());
          await this.#wait(pauseMs >= 0 ? Math.min(left, pauseMs + 1) : left);
        }
      }
    } catch (error) {
      throw fromLog(error, this.#stream);
    } finally {
      watch?.[Symbol.dispose]();
      this.#end();
    }
  }

  async #read(): Promise<Page> {
    const page = await this.#parts.readPage(this.#stream, this.#shard, this.#after);
    this.#after = page.after;
    return page;
  }

  #push(page: Page): Event {
    const { clock, bytesPerSecond, usage } = this.#parts;
    const nowMs = clock.monotonic();
    this.#paidMs = Math.max(this.#paidMs, nowMs) + (page.bytes * SECOND_MS) / bytesPerSecond;
    this.#lastRecordMs = page.lastTimeMs ?? this.#lastRecordMs;
    this.#lastEventMs = nowMs;
    usage.fanOutBytes += page.billedBytes;
    let event = events.get(page);
    if (event === undefined) {
      event = {
        SubscribeToShardEvent: {
          Records: page.records,
          ContinuationSequenceNumber: this.#continuation(),
          MillisBehindLatest: millisBehindLatest(page, this.#shard, clock.now()),
        },
      };
      events.set(page, event);
    }
    return event;
  }

  #emptyEvent(): Event {
    this.#lastEventMs = this.#parts.clock.monotonic();
    return {
      SubscribeToShardEvent: {
        Records: [],
        ContinuationSequenceNumber: this.#continuation(),
        MillisBehindLatest: 0,
      },
    };
  }

  #lastEvent(): Event {
    return {
      SubscribeToShardEvent: {
        Records: [],
        MillisBehindLatest: 0,
        ChildShards: childShards(this.#stream, this.#shard),
      },
    };
  }

  #continuation(): string {
    return continuationSequenceNumber(this.#shard, this.#after, this.#lastRecordMs);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Until something happened, or `ms` have passed. */
  async #wait(ms: number): Promise<void> {
    if (this.#signalled || this.#ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = this.#parts.clock.timer(ms, resolve);
    await promise;
    this.#wake = undefined;
    timer.cancel();
  }

  #notify(): void {
    this.#signalled = true;
    this.#wake?.();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#parts.onEnd();
    this.#notify();
  }
}
