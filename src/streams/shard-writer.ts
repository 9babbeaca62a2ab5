/**
 * The way of records into shards. For one call: hash every record's key, pick its open shard, ask the shard's limits, and hand
 * the log one append for all shards; when that is durable, derive the sequence numbers.
 *
 * Promises: a record goes to the shard that is open at the time of the append, also while a reshard is going on (see
 * write-gate.ts); arrival times never go back within a shard, whatever the clock does, and are never before the shard's
 * creation second; what is answered is durable.
 */
import { hashPartitionKey, newHashKey, parseHashKey } from '../base/hash-key.ts';
import type { Clock } from '../host/host.ts';
import type { Appended, RecordLog } from '../log/log.ts';
import type { Meter } from '../metering/meter.ts';
import type { TypeOf } from '../wire/shape/shape.ts';
import { encodeRecordHead, RECORD_HEADER_BYTES } from './record-codec.ts';
import { requireWritable, type Entry } from './record-rules.ts';
import { SEQUENCE_NUMBER_DIGITS, SequenceNumberWriter } from './sequence-number.ts';
import type { PutRecordsResultEntry } from './shapes.ts';
import type { ShardLimits } from './shard-limits.ts';
import { shardMapOf } from './shard-map.ts';
import { fromLog, rateExceeded } from './data-errors.ts';
import { streamNotFound } from './stream-errors.ts';
import type { Shard, Stream, StreamDirectory } from './stream.ts';
import type { TrafficCounter } from './traffic.ts';
import type { WriteGate } from './write-gate.ts';

type ResultEntry = TypeOf<typeof PutRecordsResultEntry>;

export type ShardWriterParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: StreamDirectory;
  readonly gate: WriteGate;
  readonly limits: ShardLimits;
  readonly traffic: TrafficCounter;
  readonly meter: Meter;
};

/** The records of a call: the entries, the bytes of their partition keys, and where each begins in the encoded bytes. */
type Batch = {
  readonly entries: readonly Entry[];
  readonly keyBytes: Int32Array;
  readonly encoded: Buffer;
  readonly starts: Int32Array;
};

/** What of a batch goes to one shard. */
type ShardGroup = {
  readonly slot: number;
  readonly shard: Shard;
  /** Indexes of its entries, and of those that the limits let pass. */
  readonly entries: number[];
  readonly admitted: number[];
  readonly records: Uint8Array[];
};

/** What is kept of a stream between its writes. */
type StreamState = {
  /** Arrival time of the last append, by shard index. */
  readonly lastTimesMs: Map<number, number>;
  /** Where the next record goes under distribution AUTO. */
  turn: number;
};

export class ShardWriter implements Disposable {
  readonly #parts: ShardWriterParts;
  readonly #states = new Map<string, StreamState>();
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
   * Puts checked records, each on its own: what a shard's limits refuse has an ErrorCode, the rest is durable. `keyBytes` is
   * what `checkRecords` gave. Throws ResourceNotFoundException when the stream goes away meanwhile,
   * InternalFailureException when the log could not write.
   */
  async put(given: Stream, entries: readonly Entry[], keyBytes: Int32Array): Promise<ResultEntry[]> {
    for (let stream = given; ;) {
      const batch = layOut(stream, entries, keyBytes);
      const groups = this.#place(stream, batch);
      const released = this.#parts.gate.held(stream.id, groups.keys());
      if (released === undefined) return this.#append(stream, batch, groups);
      await released;
      stream = this.#now(given);
    }
  }

  /** The greatest arrival time that the shard's records have, or may have by now. */
  latestTimeMs(stream: Stream, shard: Shard): number {
    const given = this.#state(stream.id).lastTimesMs.get(shard.index);
    const lastMs = given ?? this.#storedTimeMs(stream, shard);
    return Math.max(this.#parts.clock.now(), lastMs, shard.createdSeconds * 1000);
  }

  #storedTimeMs(stream: Stream, shard: Shard): number {
    try {
      return this.#parts.log.bounds(stream.id, shard.index).lastTimeMs;
    } catch (error) {
      throw fromLog(error, stream);
    }
  }

  /** The open shard of a record with this key. */
  shardOf(stream: Stream, entry: Entry, keyBytes: Int32Array): Shard {
    const [group] = this.#place(stream, layOut(stream, [entry], keyBytes)).values();
    return group!.shard;
  }

  #now(given: Stream): Stream {
    const stream = this.#parts.directory.byId(given.id);
    if (stream === undefined) throw streamNotFound(given.name, given.account);
    requireWritable(stream);
    return stream;
  }

  #place(stream: Stream, batch: Batch): Map<number, ShardGroup> {
    const map = shardMapOf(stream);
    const groups = new Map<number, ShardGroup>();
    const auto = stream.recordDistribution === 'AUTO' ? this.#state(stream.id) : undefined;
    for (let index = 0; index < batch.entries.length; index++) {
      const slot = auto === undefined ? map.find(hashKeyOf(batch, index)) : auto.turn++ % map.shards.length;
      const shard = map.shards[slot]!;
      const group = groups.get(shard.index);
      if (group !== undefined) group.entries.push(index);
      else groups.set(shard.index, { slot, shard, entries: [index], admitted: [], records: [] });
    }
    return groups;
  }

  async #append(stream: Stream, batch: Batch, groups: Map<number, ShardGroup>): Promise<ResultEntry[]> {
    const results: ResultEntry[] = [];
    const appends = [];
    for (const group of groups.values()) {
      this.#admit(stream, batch, group, results);
      if (group.records.length === 0) continue;
      const { shard, records } = group;
      appends.push({ partition: shard.index, timeMs: this.#arrival(stream, shard), records });
    }
    if (appends.length === 0) return results;
    const appending = this.#parts.log.append(stream.id, appends);
    this.#parts.gate.track(stream.id, appending);
    let appended: readonly Appended[];
    try {
      appended = await appending;
    } catch (error) {
      throw fromLog(error, stream);
    }
    numberRecords(stream, batch.entries.length, groups, appends, appended, results);
    this.#count(stream, batch, groups);
    return results;
  }

  #admit(stream: Stream, batch: Batch, group: ShardGroup, results: ResultEntry[]): void {
    const { entries, keyBytes, encoded, starts } = batch;
    const allowance = this.#parts.limits.writes(stream.id, group.shard.index);
    let refused: ResultEntry | undefined;
    for (const index of group.entries) {
      const data = entries[index]!.Data;
      if (allowance !== undefined && !allowance.admit(keyBytes[index]! + data.length)) {
        results[index] = refused ??= refusal(stream, group.shard);
        continue;
      }
      const start = starts[index]!;
      encoded.set(data, start + RECORD_HEADER_BYTES + keyBytes[index]!);
      group.admitted.push(index);
      group.records.push(encoded.subarray(start, starts[index + 1]!));
    }
  }

  #arrival(stream: Stream, shard: Shard): number {
    const timeMs = this.latestTimeMs(stream, shard);
    this.#state(stream.id).lastTimesMs.set(shard.index, timeMs);
    return timeMs;
  }

  /** Counts what was written, once it is durable. Units: docs/reference/metering.md. Of a stream deleted meanwhile nothing is kept any more. */
  #count(stream: Stream, batch: Batch, groups: Map<number, ShardGroup>): void {
    if (this.#parts.directory.byId(stream.id) === undefined) return;
    const meter = this.#parts.meter.stream(stream.id);
    for (const { shard, admitted } of groups.values()) {
      let bytes = 0;
      for (const index of admitted) {
        const size = batch.starts[index + 1]! - batch.starts[index]! - RECORD_HEADER_BYTES;
        meter.putPayloadUnits += Math.ceil(size / PAYLOAD_UNIT_BYTES);
        meter.bytesIn += Math.ceil(size / KIB) * KIB;
        bytes += size;
      }
      meter.recordsIn += admitted.length;
      meter.contentBytesIn += bytes;
      if (admitted.length > 0) this.#parts.traffic.add(stream.id, shard.index, admitted.length, bytes);
    }
  }

  #state(streamId: string): StreamState {
    let state = this.#states.get(streamId);
    if (state === undefined) this.#states.set(streamId, (state = { lastTimesMs: new Map(), turn: 0 }));
    return state;
  }
}

const KIB = 1024;
const PAYLOAD_UNIT_BYTES = 25 * KIB;

/** One buffer for all records, with their heads written: the keys are hashed where they lie. */
function layOut(stream: Stream, entries: readonly Entry[], keyBytes: Int32Array): Batch {
  const starts = new Int32Array(entries.length + 1);
  let end = 0;
  for (let index = 0; index < entries.length; index++) {
    end += RECORD_HEADER_BYTES + keyBytes[index]! + entries[index]!.Data.length;
    starts[index + 1] = end;
  }
  const encoded = Buffer.allocUnsafeSlow(end);
  const kms = stream.encryptionType === 'KMS';
  for (let index = 0; index < entries.length; index++) {
    encodeRecordHead(encoded, starts[index]!, entries[index]!.PartitionKey, keyBytes[index]!, kms);
  }
  return { entries, keyBytes, encoded, starts };
}

const hashKey = newHashKey();

function hashKeyOf(batch: Batch, index: number) {
  const explicit = batch.entries[index]!.ExplicitHashKey;
  if (explicit !== undefined) parseHashKey(explicit, hashKey);
  else {
    const keyAt = batch.starts[index]! + RECORD_HEADER_BYTES;
    hashPartitionKey(batch.encoded, keyAt, batch.keyBytes[index]!, hashKey);
  }
  return hashKey;
}

function refusal(stream: Stream, shard: Shard): ResultEntry {
  const { code, message } = rateExceeded(stream, shard);
  return { ErrorCode: code, ErrorMessage: message };
}

/** All numbers are written into one buffer and read from one text: two calls into native code, not one a record. */
function numberRecords(
  stream: Stream,
  entries: number,
  groups: Map<number, ShardGroup>,
  appends: readonly { readonly partition: number; readonly timeMs: number }[],
  appended: readonly Appended[],
  results: ResultEntry[],
): void {
  const map = shardMapOf(stream);
  const digits = Buffer.allocUnsafe(entries * SEQUENCE_NUMBER_DIGITS);
  for (let part = 0; part < appends.length; part++) {
    const { partition, timeMs } = appends[part]!;
    const { slot, admitted } = groups.get(partition)!;
    const { positions } = appended[part]!;
    const numbers = new SequenceNumberWriter(map.sequenceNumberBase(slot));
    for (let record = 0; record < admitted.length; record++) {
      numbers.write(digits, admitted[record]! * SEQUENCE_NUMBER_DIGITS, positions[record]!, timeMs);
    }
  }
  const text = digits.toString('latin1');
  for (const { shard, admitted } of groups.values()) {
    for (const index of admitted) {
      const at = index * SEQUENCE_NUMBER_DIGITS;
      results[index] = {
        SequenceNumber: text.slice(at, at + SEQUENCE_NUMBER_DIGITS),
        ShardId: shard.id,
      };
    }
  }
}
