/**
 * The way of records into shards. For one call: hash every record's key, pick its open shard, ask the shard's limits, and hand
 * the log one append for all shards; when that is durable, derive the sequence numbers.
 *
 * Promises: a record goes to the shard that is open at the time of the append, also while a reshard is going on (see
 * write-gate.ts); arrival times never go back within a shard, whatever the clock does, and are never before the shard's
 * creation second; what is answered is durable.
 */
import type { Clock } from '../../host/host.ts';
import type { Append } from '../../log/append.ts';
import { Appends } from '../../log/appends.ts';
import type { RecordLog } from '../../log/log.ts';
import type { Meter } from '../../metering/meter.ts';
import { RECORD_HEADER_BYTES } from '../records/record-codec.ts';
import { requireWritable, type Entries } from '../records/record-rules.ts';
import { shardMapOf } from '../records/shard-map.ts';
import { fromLog } from '../records/data-errors.ts';
import type { ShardLimits } from '../limits/shard-limits.ts';
import { streamNotFound } from '../directory/stream-errors.ts';
import type { Shard, Stream, StreamDirectory } from '../directory/stream.ts';
import { layOut, type Usage } from './lay-out.ts';
import { Placements, type NextTurn, type Placement } from './placement.ts';
import type { TrafficCounter } from './traffic.ts';
import type { WriteGate } from './write-gate.ts';
import { Written } from './written.ts';

export type ShardWriterParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: StreamDirectory;
  readonly gate: WriteGate;
  readonly limits: ShardLimits;
  readonly traffic: TrafficCounter;
  readonly meter: Meter;
};

/** What is kept of a stream between its writes. */
type StreamState = {
  /** Arrival time of the last append, by shard index; 0 where it was not asked for yet. */
  lastTimesMs: Float64Array;
  /** Where the next record goes under distribution AUTO. */
  turn: number;
};

/** For a few dozen large requests at once. */
const APPEND_BYTES_KEPT = 16 * 1024 * 1024;

export class ShardWriter implements Disposable {
  readonly #parts: ShardWriterParts;
  readonly #states = new Map<string, StreamState>();
  readonly #appends = new Appends(APPEND_BYTES_KEPT);
  readonly #placements = new Placements();
  readonly #giveBack = (placement: Placement): void => this.#placements.give(placement);
  readonly #watch: Disposable;

  constructor(parts: ShardWriterParts) {
    this.#parts = parts;
    this.#watch = parts.directory.watch((before, now) => {
      if (before === undefined || now !== undefined) return;
      this.#states.delete(before.id);
      parts.traffic.forget(before.id);
      parts.meter.forget(before.id);
    });
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  /**
   * Puts checked records, each on its own: what a shard's limits refuse is told, the rest is durable. Rejects with
   * ResourceNotFoundException when the stream goes away meanwhile, InternalFailureException when the log could not write.
   */
  put(stream: Stream, entries: Entries): Promise<Written> {
    const placement = this.#place(stream, entries);
    const released = this.#released(stream, placement);
    if (released === undefined) return this.#append(stream, entries, placement);
    return this.#putLater(stream, entries, released);
  }

  async #putLater(given: Stream, entries: Entries, released: Promise<void>): Promise<Written> {
    for (let waiting: Promise<void> | undefined = released; ;) {
      await waiting;
      const stream = this.#now(given);
      const placement = this.#place(stream, entries);
      waiting = this.#released(stream, placement);
      if (waiting === undefined) return this.#append(stream, entries, placement);
    }
  }

  /** Resolves when the shards may be written to; undefined when they may be now. */
  #released(stream: Stream, placement: Placement): Promise<void> | undefined {
    return this.#parts.gate.held(stream.id, placement);
  }

  /** The greatest arrival time that the shard's records have, or may have by now. */
  latestTimeMs(stream: Stream, shard: Shard): number {
    return this.#latestAt(stream, shard, this.#state(stream.id), this.#parts.clock.now());
  }

  #latestAt(stream: Stream, shard: Shard, { lastTimesMs }: StreamState, nowMs: number): number {
    const lastMs = lastTimesMs[shard.index] || this.#storedTimeMs(stream, shard);
    return Math.max(nowMs, lastMs, shard.createdSeconds * 1000);
  }

  #storedTimeMs(stream: Stream, shard: Shard): number {
    try {
      return this.#parts.log.bounds(stream.id, shard.index).lastTimeMs;
    } catch (error) {
      throw fromLog(error, stream);
    }
  }

  /** The open shard of the only record. */
  shardOf(stream: Stream, entries: Entries): Shard {
    return this.#place(stream, entries).shardOf(0);
  }

  #now(given: Stream): Stream {
    const stream = this.#parts.directory.byId(given.id);
    if (stream === undefined) throw streamNotFound(given.name, given.account);
    requireWritable(stream);
    return stream;
  }

  #place(stream: Stream, entries: Entries): Placement {
    const map = shardMapOf(stream);
    const placement = this.#placements.take();
    placement.place(map, entries, stream.recordDistribution === 'AUTO' ? this.#turnsOf(stream) : undefined);
    return placement;
  }

  #turnsOf({ id, openShards }: Stream): NextTurn {
    const state = this.#state(id);
    return () => state.turn++ % openShards.length;
  }

  async #append(stream: Stream, entries: Entries, placement: Placement): Promise<Written> {
    const { log, limits, gate } = this.#parts;
    if (limits.limitsWrites) placement.admit(entries, limits, stream.id);
    const append = this.#appends.take();
    const underWay = gate.enter(stream.id);
    try {
      this.#addGroups(stream, placement, append);
      if (placement.refused < entries.length) {
        const usage = layOut(entries, placement, append, stream.encryptionType === 'KMS');
        await log.append(stream.id, append);
        this.#count(stream, placement, usage);
      }
      placement.keepAppended(append);
      return new Written(stream, placement, this.#giveBack);
    } catch (error) {
      throw fromLog(error, stream);
    } finally {
      gate.leave(underWay);
      this.#appends.give(append);
    }
  }

  #addGroups(stream: Stream, placement: Placement, append: Append): void {
    const state = this.#state(stream.id);
    const nowMs = this.#parts.clock.now();
    for (let group = 0; group < placement.groups; group++) {
      const shard = placement.shardOf(group);
      const records = placement.records[group]!;
      const timeMs = this.#latestAt(stream, shard, state, nowMs);
      if (records > 0) keepTime(state, shard.index, timeMs);
      append.addGroup(shard.index, timeMs, records, placement.bytes[group]!);
    }
  }

  /** Counts what was written, once it is durable. Of a stream deleted meanwhile nothing is kept any more. */
  #count(stream: Stream, placement: Placement, usage: Usage): void {
    if (this.#parts.directory.byId(stream.id) === undefined) return;
    const meter = this.#parts.meter.stream(stream.id);
    const traffic = this.#parts.traffic.stream(stream.id);
    meter.putPayloadUnits += usage.payloadUnits;
    meter.bytesIn += usage.billedBytes;
    for (let group = 0; group < placement.groups; group++) {
      const records = placement.records[group]!;
      if (records === 0) continue;
      const contentBytes = placement.bytes[group]! - records * RECORD_HEADER_BYTES;
      meter.recordsIn += records;
      meter.contentBytesIn += contentBytes;
      traffic.add(placement.shardOf(group).index, records, contentBytes);
    }
  }

  #state(streamId: string): StreamState {
    let state = this.#states.get(streamId);
    if (state === undefined) {
      this.#states.set(streamId, (state = { lastTimesMs: new Float64Array(SHARDS_EXPECTED), turn: 0 }));
    }
    return state;
  }
}

const SHARDS_EXPECTED = 64;

function keepTime(state: StreamState, index: number, timeMs: number): void {
  if (index >= state.lastTimesMs.length) {
    const grown = new Float64Array(index * 2);
    grown.set(state.lastTimesMs);
    state.lastTimesMs = grown;
  }
  state.lastTimesMs[index] = timeMs;
}
