import { label, Violation } from './history.ts';

/** One record that a client tried to put, by its data, which no other record has. */
export type Attempt = {
  readonly key: string;
  readonly hash: bigint;
  /** How often it was sent and not refused: so often it may be there. */
  tries: number;
  readonly places: Set<string>;
};

/** A record that was acknowledged or read. */
type Known = {
  readonly number: string;
  readonly data: string;
  /** When its put was sent, if this was the answer to a put. */
  readonly sentAt: number;
  readonly knownAt: number;
  /** The power cut that may have taken it; 0 when none may. */
  doubt: number;
  /** When it was seen to be gone. */
  goneAt: number;
};

export type ReadRecord = {
  readonly SequenceNumber: string;
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ApproximateArrivalTimestamp: number;
};

/** What a reader was told of what follows: there may be more, there is nothing more yet, or there never will be. */
export type End = 'more' | 'latest' | 'closed';

/** Where a reader stands, and what it must be given from there on. */
export type Cursor = {
  readonly shard: ShardModel;
  /** Nothing up to this sequence number may come. */
  readonly after: string;
  /** Only what was sent from this moment on must come (LATEST). */
  readonly sentFrom: number;
  /** What arrived before this time may not come, if it was known when the iterator was asked for (AT_TIMESTAMP). */
  readonly fromMs: number;
  readonly madeAt: number;
};

/** What a shard asks of its stream. */
type Owner = {
  readonly name: string;
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly wall: Wall;
  /** The power cut that what was asked at this moment may have fallen to, though its answer came through; 0 for none. */
  cutSince(askedAt: number): number;
  mayBeTrimmed(number: string): boolean;
};

/** The records of a shard, and what its readers may be given. */
export class ShardModel {
  readonly id: string;
  readonly stream: Owner;
  /** By sequence number, in its order. */
  readonly known: Known[] = [];
  /** The greatest number known at a moment, by moments. */
  readonly #greatest: { readonly at: number; readonly number: string }[] = [];
  readonly #kept = new Map<number, string>();
  readonly #lost = new Map<number, string>();
  /** A reader who had everything up to here was told that the shard had ended. */
  #endedAfter = '~';
  description: ShardDescription | undefined;
  /** While it is open: the earliest time at which it may have been closed since. */
  closedMs: number;

  constructor(stream: Owner, id: string) {
    this.stream = stream;
    this.id = id;
    this.closedMs = stream.wall.now();
  }

  /** What is known may be gone. What was in doubt before stays in that doubt: it may have been lost then. */
  doubt(cut: number): void {
    for (const one of this.known) if (one.goneAt === Infinity && one.doubt === 0) one.doubt = cut;
    this.#kept.clear();
  }

  /** A record is at a sequence number: for ever, alone, and no more often than it was sent. */
  learn(number: string, data: string, sentAt: number, askedAt: number, now: number): Known {
    const { attempts } = this.stream;
    const attempt = attempts.get(data);
    if (attempt === undefined)
      throw this.violation(`has a record that nobody put: ${label(data)}`, number, data);
    const at = this.#indexAfter(number);
    const before = this.known[at - 1];
    if (before?.number === number) {
      if (before.data !== data)
        throw this.violation(
          `gives ${number} to ${label(data)}, which named ${label(before.data)}`,
          number,
          data,
        );
      return before;
    }
    const known = {
      number,
      data,
      sentAt,
      knownAt: now,
      doubt: this.stream.cutSince(askedAt),
      goneAt: Infinity,
    };
    this.known.splice(at, 0, known);
    const greatest = this.greatestAt(now);
    this.#greatest.push({ at: now, number: number > greatest ? number : greatest });
    attempt.places.add(`${this.id} ${number}`);
    if (attempt.places.size > attempt.tries)
      throw this.violation(
        `${label(data)} was put ${attempt.tries} times and is there ${attempt.places.size} times`,
        data,
      );
    this.#checkPlace(number, attempt.hash);
    return known;
  }

  /** An acknowledgement: above all that was known when it was sent. */
  acknowledge(number: string, data: string, sentAt: number, now: number): void {
    const greatest = this.greatestAt(sentAt);
    if (number <= greatest && !this.known.some((one) => one.number === number && one.data === data))
      throw this.violation(
        `acknowledges ${number}, though ${greatest} was known when ${label(data)} was sent`,
        number,
        data,
      );
    this.learn(number, data, sentAt, sentAt, now);
  }

  /** Checks what a read gave and says where its reader stands then. */
  read(cursor: Cursor, records: readonly ReadRecord[], end: End, askedAt: number, now: number): Cursor {
    let last = cursor.after;
    for (const record of records) {
      const { SequenceNumber: number, PartitionKey: key, ApproximateArrivalTimestamp: seconds } = record;
      const data = Buffer.from(record.Data, 'base64').toString();
      if (number <= last) throw this.violation(`gives ${number} after ${last}`, number, data);
      const known = this.learn(number, data, -1, askedAt, now);
      if (Math.round(seconds * 1000) < cursor.fromMs && known.knownAt < cursor.madeAt)
        throw this.violation(`gives ${number}, which is older than was asked for`, number, data);
      if (this.stream.attempts.get(data)!.key !== key)
        throw this.violation(`gives ${label(data)} with the partition key ${key}`, data);
      if (known.goneAt < askedAt) throw this.violation(`gives ${number} again, which was gone`, number, data);
      if (this.stream.cutSince(askedAt) === 0) this.#settle(known, this.#kept, (one, other) => one > other);
      last = number;
    }
    this.#checkGaps(
      cursor,
      new Set(records.map((record) => record.SequenceNumber)),
      end === 'more' ? last : undefined,
      askedAt,
      now,
    );
    if (end === 'closed' && last !== '') this.#endedAfter = last < this.#endedAfter ? last : this.#endedAfter;
    if (records.length === 0) return cursor;
    return { ...cursor, after: last, sentFrom: 0 };
  }

  /** What was known when the read was sent must be in it, unless retention or a power cut may have taken it. */
  #checkGaps(
    cursor: Cursor,
    given: ReadonlySet<string>,
    last: string | undefined,
    askedAt: number,
    now: number,
  ): void {
    for (let at = this.#indexAfter(cursor.after); at < this.known.length; at++) {
      const one = this.known[at]!;
      if (last !== undefined && one.number > last) return;
      const wanted =
        one.knownAt < askedAt &&
        one.sentAt >= cursor.sentFrom &&
        secondsOf(one.number) * 1000 >= cursor.fromMs;
      if (!wanted || given.has(one.number) || one.goneAt < Infinity) continue;
      if (!this.stream.mayBeTrimmed(one.number)) {
        if (one.doubt === 0 || this.stream.cutSince(askedAt) > 0)
          throw this.violation(`lacks ${label(one.data)} at ${one.number}`, one.number, one.data);
        this.#settle(one, this.#lost, (left, right) => left < right);
      }
      one.goneAt = now;
    }
  }

  /** A power cut takes the newest: nothing that was lost may stand before anything that was kept. */
  #settle(one: Known, side: Map<number, string>, beyond: (left: string, right: string) => boolean): void {
    const { doubt, number } = one;
    if (doubt === 0) return;
    one.doubt = 0;
    const furthest = side.get(doubt);
    if (furthest === undefined || beyond(number, furthest)) side.set(doubt, number);
    const [lost, kept] = [this.#lost.get(doubt), this.#kept.get(doubt)];
    if (lost !== undefined && kept !== undefined && lost < kept)
      throw this.violation(`lost ${lost} and kept ${kept}, which is newer`, lost, kept);
  }

  /** The cursor of a new iterator. `askedAt` and `now` are the moments around its making. */
  cursor(type: string, at: { number?: string; timestampMs?: number }, askedAt: number, now: number): Cursor {
    const from = { shard: this, after: '', sentFrom: 0, fromMs: 0, madeAt: askedAt };
    if (type === 'AFTER_SEQUENCE_NUMBER') return { ...from, after: at.number! };
    if (type === 'AT_SEQUENCE_NUMBER') return { ...from, after: String(BigInt(at.number!) - 1n) };
    if (type === 'AT_TIMESTAMP') return { ...from, fromMs: at.timestampMs! };
    if (type === 'LATEST') return { ...from, after: this.greatestAt(askedAt), sentFrom: now };
    return from;
  }

  /** Everything before `at` is known to be up to this number. */
  greatestAt(at: number): string {
    for (let index = this.#greatest.length - 1; index >= 0; index--) {
      if (this.#greatest[index]!.at < at) return this.#greatest[index]!.number;
    }
    return '';
  }

  describe(described: ShardDescription): void {
    const had = this.description;
    const same =
      had === undefined || JSON.stringify({ ...had, end: described.end }) === JSON.stringify(described);
    if (!same || (had?.end !== undefined && had.end !== described.end))
      throw this.violation(`was ${JSON.stringify(had)} and is ${JSON.stringify(described)}`);
    this.closedMs = described.end === undefined ? this.stream.wall.now() : secondsOf(described.end) * 1000;
    this.description = described;
    for (const { number, data } of this.known) this.#checkPlace(number, this.stream.attempts.get(data)!.hash);
  }

  #checkPlace(number: string, hash: bigint): void {
    if (this.description === undefined) return;
    const { from, to, start, end } = this.description;
    if (hash < BigInt(from) || hash > BigInt(to))
      throw this.violation(`holds ${number}, whose hash key ${hash} is not its own`, number);
    if (number <= start || (end !== undefined && number > end))
      throw this.violation(`holds ${number}, outside its sequence numbers`, number);
  }

  #indexAfter(number: string): number {
    let [low, high] = [0, this.known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.known[middle]!.number <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  violation(what: string, ...words: readonly string[]): Violation {
    return new Violation(`${this.stream.name} ${this.id} ${what}`, [
      ...words,
      `${this.stream.name} ${this.id}`,
    ]);
  }
}

/** A shard as ListShards describes it. */
export type ShardDescription = {
  readonly parents: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly start: string;
  readonly end: string | undefined;
};

/** The wall clock: now, and the latest time that it has ever shown. In milliseconds. */
export type Wall = { now(): number; highest(): number };

/** The second of a record's arrival, which its sequence number holds. */
export function secondsOf(number: string): number {
  return Number((BigInt(number) >> 36n) & 0xf_ffff_ffffn);
}
