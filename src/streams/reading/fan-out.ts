/**
 * All subscriptions, and the rules between them: one at a time for each consumer and shard. Another call within five seconds of a
 * successful one is refused, whether or not that one still goes on; a later call takes over, and the old stream ends with
 * ResourceInUseException (API reference, SubscribeToShard). A subscription ends when its consumer is deregistered or its stream
 * deleted. Subscribers of a shard that stand at the same place share one read.
 */
import { SIZES, type Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { Position, RecordLog } from '../../log/log.ts';
import type { Meter } from '../../metering/meter.ts';
import { subscriptionExists } from '../records/data-errors.ts';
import { readPage, type Page } from './shard-reader.ts';
import { consumerNotFound, streamNotFound } from '../directory/stream-errors.ts';
import type { Consumer, Shard, Stream, StreamDirectory } from '../directory/stream.ts';
import { Subscription } from './subscription.ts';

/** What one event carries at most; a larger record comes alone. Clients refuse event-stream messages beyond 16 MiB. */
const EVENT_MAX = Object.freeze({ recordsMax: 10_000, bytesMax: 2 ** 20 });

export type FanOutParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: StreamDirectory;
  readonly limits: Pick<Limits, 'consumerShardBytesPerSecond'>;
  readonly meter: Meter;
};

type Subscribed = { readonly stream: Stream; readonly shard: Shard; readonly consumer: Consumer };
type Entry = { readonly consumerArn: string; readonly subscription: Subscription };

export class FanOut implements Disposable {
  readonly #parts: FanOutParts;
  /** The last successful call of each consumer and shard, by both. */
  readonly #latest = new Map<string, Subscription>();
  readonly #live = new Map<string, Set<Entry>>();
  readonly #reads = new Map<string, Promise<Page>>();
  readonly #watch: Disposable;
  #draining = false;

  constructor(parts: FanOutParts) {
    this.#parts = parts;
    this.#watch = parts.directory.watch((before, now) => {
      if (before !== undefined) this.#changed(before, now);
    });
  }

  /** Ends all subscriptions, and any new one as soon as it began: their clients come back to whoever serves then. */
  drain(): void {
    this.#draining = true;
    for (const entries of this.#live.values())
      for (const { subscription } of [...entries]) subscription.end();
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  /** Throws ResourceInUseException when the last successful call is less than five seconds ago. */
  check({ stream, shard, consumer }: Subscribed): void {
    const last = this.#latest.get(keyOf(consumer, shard));
    if (last === undefined) return;
    if (this.#parts.clock.monotonic() - last.startedMs < SIZES.subscriptionTakeoverMs) {
      throw subscriptionExists(stream, shard, consumer);
    }
  }

  /** Subscribes, ending the subscription that goes on. Throws what `check` throws. */
  subscribe(subscribed: Subscribed, after: Position, signal: AbortSignal): Subscription {
    this.check(subscribed);
    const { stream, shard, consumer } = subscribed;
    const key = keyOf(consumer, shard);
    this.#latest.get(key)?.fail(subscriptionExists(stream, shard, consumer));
    const subscription: Subscription = new Subscription(
      {
        clock: this.#parts.clock,
        log: this.#parts.log,
        usage: this.#parts.meter.stream(stream.id),
        bytesPerSecond: this.#parts.limits.consumerShardBytesPerSecond,
        readPage: (...from) => this.#read(...from),
        onEnd: () => this.#ended(stream.id, key, entry),
      },
      { stream, shard, after },
    );
    const entry: Entry = { consumerArn: consumer.arn, subscription };
    this.#latest.set(key, subscription);
    const live = this.#live.get(stream.id);
    if (live === undefined) this.#live.set(stream.id, new Set([entry]));
    else live.add(entry);
    subscription.endWith(signal);
    if (this.#draining) subscription.end();
    return subscription;
  }

  /** Subscriptions that go on, for metrics. */
  get live(): number {
    let count = 0;
    for (const entries of this.#live.values()) count += entries.size;
    return count;
  }

  #read(stream: Stream, shard: Shard, after: Position): Promise<Page> {
    const key = `${stream.id}/${shard.index}/${after}/${shard.closedMs}`;
    let reading = this.#reads.get(key);
    if (reading !== undefined) return reading;
    const { log, clock } = this.#parts;
    reading = readPage(log, stream, shard, after, EVENT_MAX, clock.now(), 'several').finally(() => {
      this.#reads.delete(key);
    });
    this.#reads.set(key, reading);
    return reading;
  }

  #changed(before: Stream, now: Stream | undefined): void {
    for (const { consumerArn, subscription } of [...(this.#live.get(before.id) ?? [])]) {
      if (now === undefined || now.status === 'DELETING') {
        subscription.fail(streamNotFound(before.name, before.account));
      } else if (!now.consumers.some((one) => one.arn === consumerArn && one.status === 'ACTIVE')) {
        subscription.fail(consumerNotFound(consumerArn, now.account));
      } else subscription.streamChanged(now);
    }
  }

  /** The call is remembered until its five seconds are over. */
  #ended(streamId: string, key: string, entry: Entry): void {
    const live = this.#live.get(streamId);
    live?.delete(entry);
    if (live?.size === 0) this.#live.delete(streamId);
    const { subscription } = entry;
    const forget = (): void => {
      if (this.#latest.get(key) === subscription) this.#latest.delete(key);
    };
    const { clock } = this.#parts;
    const leftMs = subscription.startedMs + SIZES.subscriptionTakeoverMs - clock.monotonic();
    if (leftMs <= 0) forget();
    else clock.timer(leftMs, forget, { background: true });
  }
}

function keyOf(consumer: Consumer, shard: Shard): string {
  return `${consumer.arn}/${shard.index}`;
}
