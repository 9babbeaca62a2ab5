/**
 * What the clients of a run know: what they asked for and what was acknowledged, refused or left open by a kill. Whatever a
 * restarted server says is held against it, and what it cannot have said is a `Fault`.
 */
import { Fault } from './fault.ts';
import { SETTINGS } from './settings.ts';

/** A value of which the clients know what it may be: more than one thing while a change was not answered. */
export class Uncertain<T extends string | number> {
  #possible: readonly T[];

  constructor(value: T) {
    this.#possible = [value];
  }

  get possible(): readonly T[] {
    return this.#possible;
  }

  /** undefined while it may be several. */
  get certain(): T | undefined {
    return this.#possible.length === 1 ? this.#possible[0] : undefined;
  }

  /** `call` asks for the change. When it is refused the value is as before; when it is not answered, either. */
  async change(
    value: T,
    call: () => Promise<unknown>,
    isRefusal: (error: unknown) => boolean,
  ): Promise<void> {
    const before = this.#possible;
    this.#possible = [...before, value];
    try {
      await call();
      this.#possible = [value];
    } catch (error) {
      if (isRefusal(error)) this.#possible = before;
      throw error;
    }
  }

  /** It may have changed by itself. */
  accept(value: T): void {
    this.#possible = [value];
  }

  /** `alias` stands for the value when all that is known is of what kind it is. */
  observe(value: T, what: string, alias: T = value): void {
    if (!this.#possible.includes(value) && !this.#possible.includes(alias)) {
      throw new Fault(`${what} is ${value}, but can only be ${this.#possible.join(' or ')}`);
    }
    this.#possible = [value];
  }
}

export type Written = {
  readonly id: string;
  /** When it was sent, at the latest, by the server's clock. */
  readonly sentMs: number;
  /** The number and shard that an answer or a read has shown. From then on it must be there. */
  place: { readonly sequenceNumber: string; readonly shardId: string } | undefined;
  refused: boolean;
};

export type KnownShard = {
  readonly lineage: string;
  endingSequenceNumber: string | undefined;
  /** When it was last seen open, by the server's clock. */
  openMs: number;
};

/** A stream, from its creation to its deletion. Another of the same name is another stream. */
export class StreamModel {
  readonly name: string;
  readonly incarnation: string;
  readonly retentionHours = new Uncertain<number>(24);
  /** By the names of `SETTINGS`. */
  readonly settings = new Map(SETTINGS.map(({ name, values }) => [name, new Uncertain(values[0]!)]));
  /** The hash key ranges of its open shards, in order; or `anyLayout` of their number. */
  readonly layout: Uncertain<string>;
  /** It may be, or has been since the last check, an on-demand stream, which reshards itself. */
  scalesItself = false;
  readonly tags = new Map<string, Uncertain<string>>();
  readonly consumers = new Map<string, Uncertain<'there' | 'gone'>>();
  readonly shards = new Map<string, KnownShard>();
  readonly records = new Map<string, Written>();
  /** Nothing that was sent later may be missing. Only grows. */
  horizonMs = 0;

  constructor(name: string, incarnation: string, shards: number) {
    this.name = name;
    this.incarnation = incarnation;
    this.layout = new Uncertain(uniformLayout(shards));
  }

  /** To be called whenever its retention changes, and before anything is said to be missing. */
  noteHorizon(nowMs: number): void {
    const hours = Math.min(...this.retentionHours.possible);
    this.horizonMs = Math.max(this.horizonMs, nowMs - hours * HOUR_MS);
    for (const [id, { sentMs }] of this.records) {
      // Far beyond its retention nothing is checked any more.
      if (sentMs > this.horizonMs - 24 * HOUR_MS) break;
      this.records.delete(id);
    }
  }
}

export class Ledger {
  readonly #numbers = new Map<string, Map<string, string>>();
  /** What may exist under each name; undefined stands for nothing. */
  readonly #streams = new Map<string, readonly (StreamModel | undefined)[]>();
  #incarnations = 0;
  /** The account's minimum throughput billing commitment. */
  readonly commitment = new Uncertain<'on' | 'off'>('off');
  readonly counts = { acknowledged: 0, refused: 0, unanswered: 0, unansweredFound: 0 };

  names(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /** Streams that are there for certain. */
  streams(): readonly StreamModel[] {
    return [...this.#streams.values()].flatMap((possible) =>
      possible.length === 1 ? (possible[0] ?? []) : [],
    );
  }

  possible(name: string): readonly (StreamModel | undefined)[] {
    return this.#streams.get(name) ?? [undefined];
  }

  async create(
    name: string,
    shards: number,
    call: () => Promise<unknown>,
    isRefusal: (error: unknown) => boolean,
  ): Promise<void> {
    const model = new StreamModel(name, `${name}#${this.#incarnations++}`, shards);
    await this.#replace(name, model, call, isRefusal);
  }

  async delete(
    name: string,
    call: () => Promise<unknown>,
    isRefusal: (error: unknown) => boolean,
  ): Promise<void> {
    await this.#replace(name, undefined, call, isRefusal);
  }

  async #replace(
    name: string,
    next: StreamModel | undefined,
    call: () => Promise<unknown>,
    isRefusal: (error: unknown) => boolean,
  ): Promise<void> {
    const before = this.possible(name);
    this.#streams.set(name, [...before, next]);
    try {
      await call();
      this.#streams.set(name, [next]);
    } catch (error) {
      if (isRefusal(error)) this.#streams.set(name, before);
      throw error;
    }
  }

  /** A settled server has the stream, or has it not. Returns the one that it is. */
  observe(name: string, exists: boolean): StreamModel | undefined {
    const possible = this.possible(name);
    const found = possible.filter((model) => (model !== undefined) === exists);
    if (found.length === 0)
      throw new Fault(`stream ${name} ${exists ? 'is there' : 'is gone'}, against what was acknowledged`);
    this.#streams.set(name, [found[0]]);
    return found[0];
  }

  sent(model: StreamModel, id: string, sentMs: number): Written {
    const written: Written = { id, sentMs, place: undefined, refused: false };
    model.records.set(id, written);
    return written;
  }

  /** An answer or a read shows a record's number. */
  place(model: StreamModel, written: Written, sequenceNumber: string, shardId: string): void {
    const { id, place } = written;
    if (place !== undefined && (place.sequenceNumber !== sequenceNumber || place.shardId !== shardId)) {
      throw new Fault(
        `record ${id} is ${sequenceNumber} in ${shardId}, and was ${place.sequenceNumber} in ${place.shardId}`,
      );
    }
    written.place ??= { sequenceNumber, shardId };
    let numbers = this.#numbers.get(model.name);
    if (numbers === undefined) this.#numbers.set(model.name, (numbers = new Map()));
    const named = numbers.get(sequenceNumber);
    if (named === undefined) numbers.set(sequenceNumber, id);
    else if (named !== id)
      throw new Fault(`number ${sequenceNumber} of ${model.name} names ${named} and ${id}`);
  }

  /** A record was read. */
  saw(model: StreamModel, shardId: string, id: string, sequenceNumber: string): Written {
    const written = model.records.get(id);
    if (written === undefined)
      throw new Fault(`${model.name} ${shardId} has ${id}, which nobody wrote there`);
    if (written.refused) throw new Fault(`${model.name} ${shardId} has ${id}, which was refused`);
    if (written.place === undefined) this.counts.unansweredFound++;
    this.place(model, written, sequenceNumber, shardId);
    return written;
  }
}

/** No value at all, in a model of tags. */
export const NO_TAG = '(none)';
export const HOUR_MS = 3_600_000;
export const HASH_KEYS = 1n << 128n;

function uniformLayout(shards: number): string {
  const starts = Array.from({ length: shards }, (_, index) => (HASH_KEYS / BigInt(shards)) * BigInt(index));
  return layoutOf(starts.map((start, index) => [start, (starts[index + 1] ?? HASH_KEYS) - 1n]));
}

/** So many open shards, wherever their borders are. */
export function anyLayout(shards: number): string {
  return `any ${shards}`;
}

export function layoutOf(ranges: readonly (readonly [bigint, bigint])[]): string {
  const sorted = ranges.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([start, end]) => `${start}-${end}`).join(' ');
}

/** undefined when the borders are not known. */
export function rangesOf(layout: string): [bigint, bigint][] | undefined {
  if (layout.startsWith('any')) return undefined;
  return layout.split(' ').map((range) => range.split('-').map(BigInt) as [bigint, bigint]);
}
