/**
 * Brings the rows of several inputs into the order of their ROWTIMEs: a row waits until every other input has reached its time. Rows of equal times
 * keep the order in which they came. It is what a stream with several pumps, UNION ALL and a join between two streams have in common.
 */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import type { Plain, Receiver, StateChanges } from './operator.ts';
import { Queue } from './state/queue.ts';

/** Its number among all arrivals, which decides between equal times, and the row. */
type Waiting = readonly [number, Row];

export class InOrder {
  readonly inputs: readonly Receiver[];
  readonly #take: (input: number, row: Row) => void;
  readonly #pass: (timeMs: number) => void;
  readonly #bounds: number[];
  readonly #queues: readonly Queue<Waiting>[];
  #waiting = 0;
  #arrivals = 0;
  #passedMs = -Infinity;
  #isDirty = false;

  /** `take` gets the rows in order; `pass` is told what time all inputs have reached, after the rows up to there. */
  constructor(count: number, take: (input: number, row: Row) => void, pass: (timeMs: number) => void) {
    this.#take = take;
    this.#pass = pass;
    this.#bounds = Array.from({ length: count }, () => -Infinity);
    this.#queues = Array.from({ length: count }, () => new Queue<Waiting>());
    this.inputs = Array.from({ length: count }, (_, input) => ({
      row: (row: Row): void => this.#row(input, row),
      bound: (timeMs: number): void => this.#bound(input, timeMs),
    }));
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('order', [
      [...this.#bounds],
      this.#arrivals,
      this.#queues.map((queue, input) => queue.save(`order${input}.`, changes)),
    ]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('order') as [number[], number, Plain[]] | undefined;
    if (state === undefined) return;
    const [bounds, arrivals, queues] = state;
    this.#arrivals = arrivals;
    for (const [input, queue] of this.#queues.entries()) {
      this.#bounds[input] = bounds[input] as number;
      queue.restore(`order${input}.`, queues[input] as Plain, cells);
      this.#waiting += queue.length;
    }
    this.#passedMs = Math.min(...this.#bounds);
  }

  #row(input: number, row: Row): void {
    this.#isDirty = true;
    const timeMs = row[ROWTIME_INDEX] as number;
    if (timeMs > (this.#bounds[input] as number)) this.#bounds[input] = timeMs;
    const reachedMs = this.#reached();
    if (this.#waiting === 0 && timeMs <= reachedMs) {
      this.#passedMs = Math.max(this.#passedMs, timeMs);
      this.#take(input, row);
      return;
    }
    this.#queues[input]?.push([this.#arrivals++, row]);
    this.#waiting++;
    this.#drain(reachedMs);
  }

  #bound(input: number, timeMs: number): void {
    if (timeMs <= (this.#bounds[input] as number)) return;
    this.#isDirty = true;
    this.#bounds[input] = timeMs;
    this.#drain(this.#reached());
  }

  #reached(): number {
    let reachedMs = Infinity;
    for (const boundMs of this.#bounds) if (boundMs < reachedMs) reachedMs = boundMs;
    return reachedMs;
  }

  #drain(reachedMs: number): void {
    while (this.#waiting > 0) {
      const input = this.#next();
      const queue = this.#queues[input] as Queue<Waiting>;
      if (((queue.at(queue.first)[1] as Row)[ROWTIME_INDEX] as number) > reachedMs) break;
      this.#waiting--;
      this.#take(input, queue.shift()[1]);
    }
    if (reachedMs > this.#passedMs) {
      this.#passedMs = reachedMs;
      this.#pass(reachedMs);
    }
  }

  /** The input whose first row comes first. */
  #next(): number {
    let next = -1;
    let nextMs = Infinity;
    let nextArrival = Infinity;
    for (const [input, queue] of this.#queues.entries()) {
      if (queue.length === 0) continue;
      const [arrival, row] = queue.at(queue.first);
      const timeMs = row[ROWTIME_INDEX] as number;
      if (timeMs < nextMs || (timeMs === nextMs && arrival < nextArrival)) {
        next = input;
        nextMs = timeMs;
        nextArrival = arrival;
      }
    }
    return next;
  }
}
