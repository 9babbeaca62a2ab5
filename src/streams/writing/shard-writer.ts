/**
 * The way of records into shards. For one call: hash every record's key, pick its open shard, ask the shard's limits, and hand
 * the log one append for all shards; when that is durable, derive the sequence numbers.
 *
 * Promises: a record goes to the shard that is open at the time of the append, also while a reshard is going on (see
 * write-gate.ts); arrival times never go back within a shard, whatever the clock does, and are never before the shard's
 * creation second; what is answered is durable.
 */
import { hashPartitionKey, newHashKey, parseHashKey } from '../../base/hash-key.ts';
import type { Clock } from '../../host/host.ts';
import { Append } from '../../log/append.ts';
import type { Position, RecordLog } from '../../log/log.ts';
import type { Meter } from '../../metering/meter.ts';
import { type BytesColumn, Packed, sourceOf, textAt } from '../../wire/shape/packed.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { bytesAt, columnsOf } from '../records/entries.ts';
import { encodeRecordHead, RECORD_HEADER_BYTES } from '../records/record-codec.ts';
import { requireWritable, type Entries } from '../records/record-rules.ts';
import { SEQUENCE_NUMBER_DIGITS, SequenceNumberWriter } from '../records/sequence-number.ts';
import type { PutRecordsResultEntry } from '../shapes.ts';
import type { ShardLimits, WriteAllowance } from '../limits/shard-limits.ts';
import { SHARD_ID_BYTES, shardMapOf } from '../records/shard-map.ts';
import { fromLog, rateExceeded } from '../records/data-errors.ts';
import { streamNotFound } from '../directory/stream-errors.ts';
import type { Shard, Stream, StreamDirectory } from '../directory/stream.ts';
import type { TrafficCounter } from './traffic.ts';
import type { WriteGate } from './write-gate.ts';

type ResultEntry = TypeOf<typeof PutRecordsResultEntry>;
/** One result for each record, in the order of the call. */
export type Results = readonly ResultEntry[] | Packed<ResultEntry>;

export type ShardWriterParts = {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly directory: StreamDirectory;
  readonly gate: WriteGate;
  readonly limits: ShardLimits;
  readonly traffic: TrafficCounter;
  readonly meter: Meter;
};

/** What of a call goes to one shard. */
type ShardGroup = {
  readonly slot: number;
  readonly shard: Shard;
  /** What the shard still lets in; undefined when it has no limits. */
  readonly allowance: WriteAllowance | undefined;
  /** Of the records let in: how many, and what they take with their heads. */
  records: number;
  bytes: number;
  /** Its number in the append; -1 when nothing of it was let in. */
  appended: number;
};

/** Where the records of a call go. */
type Placement = {
  readonly groups: readonly ShardGroup[];
  /** The group of each record. */
  readonly groupOf: Int32Array;
};

/** What the admitted records come to. Units: docs/reference/metering.md. */
type Usage = { readonly payloadUnits: number; readonly billedBytes: number };

/** What is kept of a stream between its writes. */
type StreamState = {
  /** Arrival time of the last append, by shard index. */
  readonly lastTimesMs: Map<number, number>;
  /** Where the next record goes under distribution AUTO. */
  turn: number;
};

/** For a few dozen large requests at once. */
const APPEND_BYTES_KEPT = 16 * 1024 * 1024;

export class ShardWriter implements Disposable {
  readonly #parts: ShardWriterParts;
  readonly #states = new Map<string, StreamState>();
  readonly #appends = new Appends(APPEND_BYTES_KEPT);
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
   * Puts checked records, each on its own: what a shard's limits refuse has an ErrorCode, the rest is durable. Throws
   * ResourceNotFoundException when the stream goes away meanwhile, InternalFailureException when the log could not write.
   */
  async put(given: Stream, entries: Entries): Promise<Results> {
    for (let stream = given; ;) {
      const placement = this.#place(stream, entries);
      const released = this.#parts.gate.held(stream.id, indexesOf(placement.groups));
      if (released === undefined) return this.#append(stream, entries, placement);
      await released;
      stream = this.#now(given);
    }
  }

  /** The greatest arrival time that the shard's records have, or may have by now. */
  latestTimeMs(stream: Stream, shard: Shard): number {
    return this.#latestAt(stream, shard, this.#state(stream.id), this.#parts.clock.now());
  }

  #latestAt(stream: Stream, shard: Shard, { lastTimesMs }: StreamState, nowMs: number): number {
    const lastMs = lastTimesMs.get(shard.index) ?? this.#storedTimeMs(stream, shard);
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
    return this.#place(stream, entries).groups[0]!.shard;
  }

  #now(given: Stream): Stream {
    const stream = this.#parts.directory.byId(given.id);
    if (stream === undefined) throw streamNotFound(given.name, given.account);
    requireWritable(stream);
    return stream;
  }

  #place(stream: Stream, entries: Entries): Placement {
    const map = shardMapOf(stream);
    const { keys, hashKeys } = columnsOf(entries);
    const auto = stream.recordDistribution === 'AUTO' ? this.#state(stream.id) : undefined;
    const groups: ShardGroup[] = [];
    const groupOf = new Int32Array(entries.length);
    const { groupOfSlot } = map;
    for (let index = 0; index < entries.length; index++) {
      const slot =
        auto === undefined ? map.find(hashKeyOf(keys, hashKeys, index)) : auto.turn++ % map.shards.length;
      let group = groupOfSlot[slot]! - 1;
      if (group === -1) {
        const shard = map.shards[slot]!;
        const allowance = this.#parts.limits.writes(stream.id, shard.index);
        group = groups.push({ slot, shard, allowance, records: 0, bytes: 0, appended: -1 }) - 1;
        groupOfSlot[slot] = group + 1;
      }
      groupOf[index] = group;
    }
    for (const { slot } of groups) groupOfSlot[slot] = 0;
    return { groups, groupOf };
  }

  async #append(stream: Stream, entries: Entries, placement: Placement): Promise<Results> {
    const refused = admit(entries, placement);
    const append = this.#appends.take();
    try {
      this.#addGroups(stream, placement, append);
      if (append.groups > 0) {
        const usage = layOut(stream, entries, placement, append);
        const appending = this.#parts.log.append(stream.id, append);
        this.#parts.gate.track(stream.id, appending);
        await appending;
        this.#count(stream, placement.groups, usage);
      }
      const numbers = numbersOf(stream, placement, append);
      return refused === 0 ? results(stream, placement, numbers) : mixedResults(stream, placement, numbers);
    } catch (error) {
      throw fromLog(error, stream);
    } finally {
      this.#appends.give(append);
    }
  }

  #addGroups(stream: Stream, { groups }: Placement, append: Append): void {
    const state = this.#state(stream.id);
    const nowMs = this.#parts.clock.now();
    for (const group of groups) {
      const { shard, records, bytes } = group;
      if (records === 0) continue;
      const timeMs = this.#latestAt(stream, shard, state, nowMs);
      state.lastTimesMs.set(shard.index, timeMs);
      group.appended = append.addGroup(shard.index, timeMs, records, bytes);
    }
  }

  /** Counts what was written, once it is durable. Units: docs/reference/metering.md. Of a stream deleted meanwhile nothing is kept any more. */
  #count(stream: Stream, groups: readonly ShardGroup[], usage: Usage): void {
    if (this.#parts.directory.byId(stream.id) === undefined) return;
    const meter = this.#parts.meter.stream(stream.id);
    meter.putPayloadUnits += usage.payloadUnits;
    meter.bytesIn += usage.billedBytes;
    for (const { shard, records, bytes } of groups) {
      if (records === 0) continue;
      const contentBytes = bytes - records * RECORD_HEADER_BYTES;
      meter.recordsIn += records;
      meter.contentBytesIn += contentBytes;
      this.#parts.traffic.add(stream.id, shard.index, records, contentBytes);
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

function* indexesOf(groups: readonly ShardGroup[]): Generator<number, void, void> {
  for (const { shard } of groups) yield shard.index;
}

const hashKey = newHashKey();

function hashKeyOf(keys: BytesColumn | undefined, hashKeys: BytesColumn | undefined, index: number) {
  const explicit = textAt(hashKeys, index);
  if (explicit !== undefined) parseHashKey(explicit, hashKey);
  else hashPartitionKey(sourceOf(keys!, index), keys!.starts[index]!, bytesAt(keys, index), hashKey);
  return hashKey;
}

/** Asks the shards' limits, record by record. What is refused has no group any more; gives how many. */
function admit(entries: Entries, { groups, groupOf }: Placement): number {
  const { keys, data } = columnsOf(entries);
  let refused = 0;
  for (let index = 0; index < entries.length; index++) {
    const group = groups[groupOf[index]!]!;
    const bytes = bytesAt(keys, index) + bytesAt(data, index);
    if (group.allowance !== undefined && !group.allowance.admit(bytes)) {
      groupOf[index] = REFUSED - groupOf[index]!;
      refused++;
      continue;
    }
    group.records++;
    group.bytes += RECORD_HEADER_BYTES + bytes;
  }
  return refused;
}

/** A refused record of group g has the group `REFUSED - g`. */
const REFUSED = -1;

/** Writes the records to their places in the append. */
function layOut(stream: Stream, entries: Entries, { groups, groupOf }: Placement, append: Append): Usage {
  append.lay();
  const { bytes: target, view: targetView } = append;
  let viewed: Uint8Array = NO_BYTES;
  let view = targetView;
  const { keys, data } = columnsOf(entries);
  const kms = stream.encryptionType === 'KMS';
  let payloadUnits = 0;
  let billedBytes = 0;
  for (let index = 0; index < entries.length; index++) {
    const group = groupOf[index]!;
    if (group < 0) continue;
    const dataBytes = bytesAt(data, index);
    const size = bytesAt(keys, index) + dataBytes;
    const at = append.place(groups[group]!.appended, RECORD_HEADER_BYTES + size);
    const keyStart = keys === undefined ? -1 : keys.starts[index]!;
    const keySource = keys === undefined ? NO_BYTES : sourceOf(keys, index);
    const keyEnd = keys === undefined ? -1 : keys.ends[index]!;
    const dataAt = encodeRecordHead(target, at, keySource, keyStart, keyEnd, kms);
    if (data !== undefined) {
      const source = sourceOf(data, index);
      const start = data.starts[index]!;
      if (dataBytes >= NATIVE_FROM_BYTES) target.set(source.subarray(start, start + dataBytes), dataAt);
      else {
        if (source !== viewed) [viewed, view] = [source, viewOf(source)];
        copyBytes(view, start, dataBytes, targetView, dataAt);
      }
    }
    payloadUnits += Math.ceil(size / PAYLOAD_UNIT_BYTES);
    billedBytes += Math.ceil(size / KIB) * KIB;
  }
  return { payloadUnits, billedBytes };
}

const NO_BYTES = new Uint8Array(0);
/** Fewer bytes are copied here, because a call into the runtime costs more. */
const NATIVE_FROM_BYTES = 256;
const WORD_BYTES = 4;

function copyBytes(source: DataView, start: number, count: number, target: DataView, at: number): void {
  let done = 0;
  for (; done <= count - WORD_BYTES; done += WORD_BYTES) {
    target.setUint32(at + done, source.getUint32(start + done));
  }
  for (; done < count; done++) target.setUint8(at + done, source.getUint8(start + done));
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** What writes the sequence number of a record of the call. */
type WriteNumber = (target: Uint8Array, at: number, index: number) => void;

function numbersOf(stream: Stream, { groups, groupOf }: Placement, append: Append): WriteNumber {
  const map = shardMapOf(stream);
  const writers: SequenceNumberWriter[] = [];
  const nextOf: number[] = [];
  const timeOf: number[] = [];
  for (const { slot, appended } of groups) {
    writers.push(new SequenceNumberWriter(map.sequenceNumberBase(slot)));
    nextOf.push(append.firsts[appended]!);
    timeOf.push(append.timesMs[appended]!);
  }
  const positionOf = new Float64Array(groupOf.length);
  for (let index = 0; index < groupOf.length; index++) {
    const group = groupOf[index]!;
    if (group >= 0) positionOf[index] = nextOf[group]!++;
  }
  return (target, at, index) => {
    const group = groupOf[index]!;
    writers[group]!.write(target, at, positionOf[index]! as Position, timeOf[group]!);
  };
}

/** When every record was let in: columns, from the numbers and the shards' ids. */
function results(stream: Stream, { groups, groupOf }: Placement, write: WriteNumber): Results {
  const { length } = groupOf;
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  for (let index = 0; index < length; index++) {
    const start = groups[groupOf[index]!]!.slot * SHARD_ID_BYTES;
    starts[index] = start;
    ends[index] = start + SHARD_ID_BYTES;
  }
  return new Packed<ResultEntry>(length, {
    SequenceNumber: { kind: 'written', bytes: SEQUENCE_NUMBER_DIGITS, write },
    ShardId: { kind: 'text', sources: [shardMapOf(stream).ids], starts, ends },
  });
}

function mixedResults(stream: Stream, { groups, groupOf }: Placement, write: WriteNumber): Results {
  return Array.from(groupOf, (group, index) => {
    if (group < 0) return refusal(stream, groups[REFUSED - group]!.shard);
    const digits = Buffer.alloc(SEQUENCE_NUMBER_DIGITS);
    write(digits, 0, index);
    return { SequenceNumber: digits.toString('latin1'), ShardId: groups[group]!.shard.id };
  });
}

function refusal(stream: Stream, shard: Shard): ResultEntry {
  const { code, message } = rateExceeded(stream, shard);
  return { ErrorCode: code, ErrorMessage: message };
}

/** Appends that were used and will be again, with their memory. */
class Appends {
  readonly #keptBytesMax: number;
  readonly #kept: Append[] = [];
  #keptBytes = 0;

  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  take(): Append {
    const append = this.#kept.pop();
    if (append === undefined) return new Append();
    this.#keptBytes -= append.bytes.length;
    append.reset();
    return append;
  }

  give(append: Append): void {
    if (this.#keptBytes + append.bytes.length > this.#keptBytesMax) return;
    this.#keptBytes += append.bytes.length;
    this.#kept.push(append);
  }
}
