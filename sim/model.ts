/**
 * A model of Kinesis as its clients may see it: of every answer it says whether it may be. A stream (`StreamModel`) has shards that
 * share out the hash keys, and a shard (`ShardModel`) has records. What has one value at a time, a setting or a tag, is in `facts.ts`.
 *
 * After an answer that was lost more than one thing may be true; then the model allows all of them until an answer tells. Moments are
 * counted in lines of the history: what was known (acknowledged or read) before a question was asked must be in its answer.
 * Sequence numbers are compared as text: all have the same number of digits.
 */
import { createHash } from 'node:crypto';
import type { ListedShard, ReadRecord } from './answers.ts';
import { Facts } from './facts.ts';
import { label, Violation } from './history.ts';

const HASH_KEYS = 2n ** 128n;
const HOUR_MS = 3_600_000;
/** Before all sequence numbers, and after them. */
const [FIRST, LAST] = ['', '~'];

/** The wall clock: now, and the latest time that it has ever shown. In milliseconds. */
export type Wall = { now(): number; highest(): number };

/** A record that a client tried to put, by its data, which no other has. */
type Attempt = {
  readonly key: string;
  readonly hash: bigint;
  readonly firstSentAt: number;
  /** How often it was sent and not refused; it may be there no more often, because each answer that is lost may have been a yes. */
  tries: number;
  places: number;
};

/** A power cut that may have taken records of a shard, the newest: nothing that it took may stand before what it left. */
type Cut = { readonly at: number; kept: string; lost: string };

/** A record that was acknowledged or read. */
type Known = {
  readonly number: string;
  readonly data: string;
  readonly knownAt: number;
  /** May have taken it: nobody has looked since. */
  doubt: Cut | undefined;
  /** When it was seen to be missing, rightly. */
  goneAt: number;
};

/** What a reader was told of what follows: there may be more, there is nothing more yet, or there never will be. */
export type End = 'more' | 'latest' | 'closed';

/** Where a reader stands, and what it must be given from there on. */
export type Cursor = {
  readonly shard: ShardModel;
  /** Nothing up to this sequence number may come. */
  readonly after: string;
  /** Only what was first sent from this moment on must come (LATEST). */
  readonly sentFrom: number;
  /** What arrived before this time may not come, if it was known when the iterator was asked for (AT_TIMESTAMP). */
  readonly fromMs: number;
  readonly madeAt: number;
};

export class StreamModel {
  readonly name: string;
  readonly wall: Wall;
  readonly facts: Facts;
  readonly attempts = new Map<string, Attempt>();
  readonly shards = new Map<string, ShardModel>();
  /** It was seen ACTIVE, and nobody has asked to delete it. */
  exists = false;
  /** ARNs of consumers that were seen ACTIVE and that nobody has asked to remove. */
  consumers: string[] = [];
  cutAt = -1;
  #horizonMs = -Infinity;

  constructor(name: string, wall: Wall) {
    this.name = name;
    this.wall = wall;
    this.facts = new Facts(name);
  }

  shard(id: string): ShardModel {
    let shard = this.shards.get(id);
    if (shard === undefined) this.shards.set(id, (shard = new ShardModel(this, id)));
    return shard;
  }

  /** A put is sent: perhaps again. */
  attempt(data: string, key: string, explicitHash: string | undefined, now: number): void {
    const hash = BigInt(explicitHash ?? `0x${createHash('md5').update(key).digest('hex')}`);
    const known = this.attempts.get(data) ?? { key, hash, firstSentAt: now, tries: 0, places: 0 };
    known.tries++;
    this.attempts.set(data, known);
  }

  /** It was refused: nothing was written. */
  refused(data: string): void {
    this.attempts.get(data)!.tries--;
  }

  /** What arrived until then may have been trimmed by now. To be asked before the retention's possible values change. */
  horizonMs(): number {
    const hours = Math.min(...[...this.facts.possible('retention')].map(Number));
    this.#horizonMs = Math.max(this.#horizonMs, this.wall.highest() - hours * HOUR_MS);
    return this.#horizonMs;
  }

  mayHaveTrimmed(timeMs: number): boolean {
    return timeMs <= this.horizonMs();
  }

  powerCut(now: number): void {
    this.cutAt = now;
    for (const shard of this.shards.values()) shard.powerCut(now);
  }

  /** The wall clock was set: what is closed from now on is closed at this time. */
  clockSet(nowMs: number): void {
    for (const shard of this.shards.values())
      if (shard.isOpen) shard.closedMs = Math.min(shard.closedMs, nowMs);
  }

  /** Checks a whole answer of ListShards; returns the open shards, which share out the hash keys, in the keys' order. */
  describe(listed: readonly ListedShard[]): readonly ListedShard[] {
    const byId = new Map(listed.map((shard) => [shard.ShardId, shard]));
    for (const [id, shard] of this.shards)
      if (!byId.has(id) && shard.listed !== undefined && !shard.mayHaveExpired())
        throw shard.violation('is not listed any more');
    for (const shard of listed) this.shard(shard.ShardId).describe(shard, byId);
    const open = listed
      .filter((shard) => shard.SequenceNumberRange.EndingSequenceNumber === undefined)
      .map((shard) => ({ shard, from: BigInt(shard.HashKeyRange.StartingHashKey) }))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1));
    let next = 0n;
    for (const { shard, from } of open) {
      if (from !== next) throw this.shard(shard.ShardId).violation(`begins at ${from}, not at ${next}`);
      next = BigInt(shard.HashKeyRange.EndingHashKey) + 1n;
    }
    if (next !== HASH_KEYS) throw new Violation(`${this.name}'s shards end at ${next}`);
    return open.map(({ shard }) => shard);
  }
}

export class ShardModel {
  readonly id: string;
  readonly stream: StreamModel;
  /** By sequence number, in its order. */
  readonly known: Known[] = [];
  /** While it is open: the earliest time at which it may have been closed since. */
  closedMs: number;
  /** As it was listed last. */
  listed: ListedShard | undefined;
  /** The last. */
  #cut: Cut;
  /** A reader who had everything up to here was told that the shard had ended. */
  #endedAfter = LAST;

  constructor(stream: StreamModel, id: string) {
    this.stream = stream;
    this.id = id;
    this.closedMs = stream.wall.now();
    this.#cut = { at: stream.cutAt, kept: FIRST, lost: LAST };
  }

  /** As far as anybody was told. */
  get isOpen(): boolean {
    return this.listed?.SequenceNumberRange.EndingSequenceNumber === undefined;
  }

  /** A closed shard goes when its whole retention has passed. */
  mayHaveExpired(): boolean {
    return this.stream.mayHaveTrimmed(this.closedMs);
  }

  /** What it is does not change but for its end, which comes once; it is above its parents, which have ended. */
  describe(listed: ListedShard, all: ReadonlyMap<string, ListedShard>): void {
    const { StartingSequenceNumber: start, EndingSequenceNumber: end } = listed.SequenceNumberRange;
    const had = this.listed;
    if (had !== undefined && identity(had, end) !== identity(listed))
      throw this.violation(`was ${identity(had)} and is ${identity(listed)}`);
    for (const parent of [listed.ParentShardId, listed.AdjacentParentShardId]) {
      const its = all.get(parent ?? '')?.SequenceNumberRange;
      if (its !== undefined && (its.EndingSequenceNumber ?? LAST) >= start)
        throw this.violation(`begins before its parent ${parent} ends`);
    }
    this.closedMs = end === undefined ? this.stream.wall.now() : arrivalMs(end);
    this.listed = listed;
    for (const { number, data } of this.known) this.#checkPlace(number, this.stream.attempts.get(data)!);
  }

  /** A put was acknowledged: above all that was known when it was sent, unless that is where it was seen already. */
  acknowledge(number: string, data: string, sentAt: number, now: number): void {
    const greatest = this.#greatestAt(sentAt);
    if (number <= greatest && !this.known.some((one) => one.number === number))
      throw this.violation(`acknowledges ${number} to ${label(data)}, though ${greatest} was known before`);
    this.#learn(number, data, sentAt, now);
  }

  /** A record is at a sequence number: for ever, alone, in its hash key's shard, and no more often than it was sent. */
  #learn(number: string, data: string, askedAt: number, now: number): Known {
    const attempt = this.stream.attempts.get(data);
    if (attempt === undefined) throw this.violation(`has ${label(data)} at ${number}, which nobody put`);
    const at = this.known.findLastIndex((one) => one.number <= number);
    const before = this.known[at];
    if (before?.number === number) {
      if (before.data === data) return before;
      throw this.violation(`gives ${number} to ${label(data)}, which named ${label(before.data)}`);
    }
    const known = { number, data, knownAt: now, doubt: this.#cutSince(askedAt), goneAt: Infinity };
    this.known.splice(at + 1, 0, known);
    if (++attempt.places > attempt.tries)
      throw this.violation(`has ${label(data)} ${attempt.places} times, put ${attempt.tries} times`);
    const excused = known.doubt !== undefined || this.stream.mayHaveTrimmed(arrivalMs(number));
    if (number > this.#endedAfter && !excused)
      throw this.violation(`has ${number}, and was said to end after ${this.#endedAfter}`);
    this.#checkPlace(number, attempt);
    return known;
  }

  #checkPlace(number: string, { hash }: Attempt): void {
    if (this.listed === undefined) return;
    const { HashKeyRange: keys, SequenceNumberRange: numbers } = this.listed;
    if (hash < BigInt(keys.StartingHashKey) || hash > BigInt(keys.EndingHashKey))
      throw this.violation(`holds ${number}, whose hash key ${hash} is not its own`);
    if (number <= numbers.StartingSequenceNumber || number > (numbers.EndingSequenceNumber ?? LAST))
      throw this.violation(`holds ${number}, outside its sequence numbers`);
  }

  /** The cursor of a new iterator. `askedAt` and `now` are the moments around its making. */
  cursor(type: string, at: { number?: string; timestampMs?: number }, askedAt: number, now: number): Cursor {
    const from = { shard: this, after: FIRST, sentFrom: -Infinity, fromMs: -Infinity, madeAt: askedAt };
    if (type === 'AFTER_SEQUENCE_NUMBER') return { ...from, after: at.number! };
    if (type === 'AT_SEQUENCE_NUMBER') return { ...from, after: String(BigInt(at.number!) - 1n) };
    if (type === 'AT_TIMESTAMP') return { ...from, fromMs: at.timestampMs! };
    if (type === 'LATEST') return { ...from, after: this.#greatestAt(askedAt), sentFrom: now };
    return from;
  }

  /** A read gave the records that come next, in their order. Returns where its reader stands then. */
  read(cursor: Cursor, records: readonly ReadRecord[], end: End, askedAt: number, now: number): Cursor {
    const given = new Set<Known>();
    let last = cursor.after;
    for (const record of records) {
      const { SequenceNumber: number, PartitionKey: key, ApproximateArrivalTimestamp: seconds } = record;
      const data = Buffer.from(record.Data, 'base64').toString();
      if (number <= last) throw this.violation(`gives ${number} after ${last}`);
      const known = this.#learn(number, data, askedAt, now);
      if (Math.round(seconds * 1000) < cursor.fromMs && known.knownAt < cursor.madeAt)
        throw this.violation(`gives ${number}, which is older than was asked for`);
      if (this.stream.attempts.get(data)!.key !== key)
        throw this.violation(`gives ${label(data)} with the partition key ${key}`);
      if (known.goneAt < askedAt) throw this.violation(`gives ${number} again, which was gone`);
      if (this.#cutSince(askedAt) === undefined) this.#settle(known, 'kept');
      given.add(known);
      last = number;
    }
    for (const one of this.known) {
      if (end === 'more' && one.number > last) break;
      if (one.number > cursor.after && !given.has(one)) this.#missing(one, cursor, askedAt, now);
    }
    // Who began at the newest record and was given none stands somewhere behind what is known: a recovered record may lie between.
    const stands = records.length > 0 || (cursor.sentFrom === -Infinity && last !== FIRST);
    if (end === 'closed' && stands && last < this.#endedAfter) this.#endedAfter = last;
    return records.length === 0 ? cursor : { ...cursor, after: last, sentFrom: -Infinity };
  }

  /** A read left out what is known: it need not have been asked for, and retention or a power cut may have taken it. */
  #missing(one: Known, { sentFrom, fromMs }: Cursor, askedAt: number, now: number): void {
    const { number, data, knownAt, goneAt } = one;
    const { firstSentAt } = this.stream.attempts.get(data)!;
    const asked = firstSentAt >= sentFrom && arrivalMs(number) >= fromMs;
    if (!asked || knownAt >= askedAt || goneAt < Infinity) return;
    if (!this.stream.mayHaveTrimmed(arrivalMs(number))) {
      if (one.doubt === undefined || this.#cutSince(askedAt) !== undefined)
        throw this.violation(`lacks ${label(data)} at ${number}`);
      this.#settle(one, 'lost');
    }
    one.goneAt = now;
  }

  /** What is known may be gone. What was in doubt before stays in that doubt, but what seemed kept may have been lost now. */
  powerCut(now: number): void {
    this.#cut = { at: now, kept: FIRST, lost: LAST };
    for (const one of this.known) {
      if (one.doubt !== undefined) one.doubt.kept = FIRST;
      else if (one.goneAt === Infinity) one.doubt = this.#cut;
    }
  }

  /** What was asked then may have fallen to this power cut, though its answer came through. */
  #cutSince(askedAt: number): Cut | undefined {
    return askedAt <= this.#cut.at ? this.#cut : undefined;
  }

  #settle(one: Known, what: 'kept' | 'lost'): void {
    const { doubt: cut, number } = one;
    if (cut === undefined) return;
    one.doubt = undefined;
    if (what === 'kept' ? number > cut.kept : number < cut.lost) cut[what] = number;
    if (cut.lost < cut.kept) throw this.violation(`lost ${cut.lost} and kept ${cut.kept}, which is newer`);
  }

  /** The greatest number that was known before a moment. */
  #greatestAt(at: number): string {
    return this.known.findLast((one) => one.knownAt < at)?.number ?? FIRST;
  }

  violation(what: string): Violation {
    return new Violation(`${this.stream.name} ${this.id} ${what}`);
  }
}

/** All that does not change of a shard; with its end, when it has one or is given one. */
function identity({ SequenceNumberRange: numbers, ...rest }: ListedShard, end?: string): string {
  const { StartingSequenceNumber: from, EndingSequenceNumber: to = end } = numbers;
  return JSON.stringify([rest, from, to]);
}

/** A sequence number holds the second of its record's arrival. */
function arrivalMs(number: string): number {
  return Number((BigInt(number) >> 36n) & 0xf_ffff_ffffn) * 1000;
}
