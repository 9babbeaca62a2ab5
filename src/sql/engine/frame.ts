/**
 * What an analytic function sees of its partition: the entries between the frame's ends, in the order in which they came. An entry is
 * [rowtime, ...arguments of all calls].
 */
import type { Accumulator } from '../functions/function.ts';
import type { SqlValue } from '../value.ts';
import type { Plain } from './operator.ts';
import type { Queue } from './state/queue.ts';

export type Entry = readonly SqlValue[];

export type Frame = {
  readonly entries: Queue<Entry & Plain>;
  /** Entries up to this number (without it) are in the frame; those behind it still wait for a frame that ends before the current row. */
  end: number;
};

/** One call over one partition. */
export interface FrameResult {
  enter(entry: Entry, number: number): void;
  leave(entry: Entry, number: number): void;
  /** The frame has become empty: forget all that rounding may have left. */
  clear(): void;
  result(frame: Frame): SqlValue;
  /** What cannot be made again from the entries; null if nothing. */
  save(): Plain;
  /** After all entries of the frame have been entered again. */
  restore(state: Plain): void;
}

/** Where a call's arguments stand in an entry. */
export type Arguments = { readonly from: number; readonly count: number };

/** SUM, COUNT, AVG and their like: what leaves is taken back. */
export class RemovableResult implements FrameResult {
  readonly #make: () => Accumulator;
  readonly #args: Arguments;
  readonly #values: SqlValue[];
  #accumulator: Accumulator;

  constructor(make: () => Accumulator, args: Arguments) {
    this.#make = make;
    this.#args = args;
    this.#values = Array.from({ length: args.count }, () => null);
    this.#accumulator = make();
  }

  enter(entry: Entry): void {
    this.#accumulator.add(this.#argumentsOf(entry));
  }

  leave(entry: Entry): void {
    this.#accumulator.remove(this.#argumentsOf(entry));
  }

  clear(): void {
    this.#accumulator = this.#make();
  }

  result(): SqlValue {
    return this.#accumulator.result();
  }

  save(): Plain {
    return this.#accumulator.save() as Plain;
  }

  restore(state: Plain): void {
    this.#accumulator = this.#make();
    this.#accumulator.restore(state);
  }

  #argumentsOf(entry: Entry): SqlValue[] {
    const { from, count } = this.#args;
    for (let index = 0; index < count; index++) this.#values[index] = entry[from + index] as SqlValue;
    return this.#values;
  }
}

/** Where nothing ever leaves the frame. */
export class RunningResult implements FrameResult {
  readonly #args: Arguments;
  readonly #accumulator: Accumulator;

  constructor(make: () => Accumulator, args: Arguments) {
    this.#args = args;
    this.#accumulator = make();
  }

  enter(entry: Entry): void {
    this.#accumulator.add(entry.slice(this.#args.from, this.#args.from + this.#args.count));
  }

  leave(): void {
    // Nothing leaves.
  }

  clear(): void {
    // Nothing leaves.
  }

  result(): SqlValue {
    return this.#accumulator.result();
  }

  save(): Plain {
    return this.#accumulator.save() as Plain;
  }

  restore(state: Plain): void {
    this.#accumulator.restore(state);
  }
}

/** A function from which nothing can be taken back: computed anew from the frame for each row. */
export class RecomputedResult implements FrameResult {
  readonly #make: () => Accumulator;
  readonly #args: Arguments;

  constructor(make: () => Accumulator, args: Arguments) {
    this.#make = make;
    this.#args = args;
  }

  enter(): void {
    // The entries are looked at when the result is asked for.
  }

  leave(): void {
    // The entries are looked at when the result is asked for.
  }

  clear(): void {
    // Keeps nothing.
  }

  result({ entries, end }: Frame): SqlValue {
    const { from, count } = this.#args;
    const accumulator = this.#make();
    for (let number = entries.first; number < end; number++)
      accumulator.add(entries.at(number).slice(from, from + count));
    return accumulator.result();
  }

  save(): Plain {
    return null;
  }

  restore(): void {
    // Keeps nothing.
  }
}

/** MIN and MAX: a queue of those entries that can still become the result, the best one first. Nulls are not looked at. */
export class ExtremeResult implements FrameResult {
  readonly #index: number;
  readonly #isBetter: (left: never, right: never) => boolean;
  #numbers: number[] = [];
  #values: SqlValue[] = [];
  #head = 0;

  constructor(args: Arguments, isBetter: (left: never, right: never) => boolean) {
    this.#index = args.from;
    this.#isBetter = isBetter;
  }

  enter(entry: Entry, number: number): void {
    const value = entry[this.#index] as SqlValue;
    if (value === null) return;
    while (this.#values.length > this.#head && this.#isBetter(value as never, this.#values.at(-1) as never)) {
      this.#values.pop();
      this.#numbers.pop();
    }
    this.#values.push(value);
    this.#numbers.push(number);
  }

  leave(_: Entry, number: number): void {
    if (this.#numbers[this.#head] !== number) return;
    this.#head++;
    if (this.#head < 32 || this.#head * 2 < this.#numbers.length) return;
    this.#numbers = this.#numbers.slice(this.#head);
    this.#values = this.#values.slice(this.#head);
    this.#head = 0;
  }

  clear(): void {
    this.#numbers = [];
    this.#values = [];
    this.#head = 0;
  }

  result(): SqlValue {
    return this.#values[this.#head] ?? null;
  }

  save(): Plain {
    return null;
  }

  restore(): void {
    // Entering the entries again has made the queue.
  }
}

/** An aggregate of the distinct values: only the first of equal values is added, and only the last one is taken back. */
export class DistinctResult implements FrameResult {
  readonly #inner: FrameResult;
  readonly #index: number;
  readonly #counts = new Map<unknown, number>();

  constructor(inner: FrameResult, args: Arguments) {
    this.#inner = inner;
    this.#index = args.from;
  }

  enter(entry: Entry, number: number): void {
    const value = entry[this.#index] as SqlValue;
    const count = this.#counts.get(value) ?? 0;
    this.#counts.set(value, count + 1);
    if (count === 0) this.#inner.enter(entry, number);
  }

  leave(entry: Entry, number: number): void {
    const value = entry[this.#index] as SqlValue;
    const count = this.#counts.get(value) as number;
    if (count > 1) this.#counts.set(value, count - 1);
    else {
      this.#counts.delete(value);
      this.#inner.leave(entry, number);
    }
  }

  clear(): void {
    this.#counts.clear();
    this.#inner.clear();
  }

  result(frame: Frame): SqlValue {
    return this.#inner.result(frame);
  }

  save(): Plain {
    return this.#inner.save();
  }

  restore(state: Plain): void {
    this.#inner.restore(state);
  }
}
