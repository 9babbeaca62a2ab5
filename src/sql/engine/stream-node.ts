/**
 * An in-application stream: what its producers (an input, pumps) give, in the order of ROWTIME, goes to all its consumers (those who watch, then the
 * queries that read it, in the program's order).
 *
 * Where several read it, each is told a row's time before one of them gets the row. So a window that ends there is closed in all of them first, as it
 * would be by a bound, and what comes out does not depend on whether a bound came before the row.
 */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import type { Plain, Receiver, StateChanges } from './operator.ts';

export class StreamNode implements Receiver {
  readonly #consumers: Receiver[] = [];
  #timeMs = -Infinity;
  #savedMs = -Infinity;

  /** The highest ROWTIME or bound so far. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** Before the first row only. */
  addConsumer(consumer: Receiver): void {
    this.#consumers.push(consumer);
  }

  row(row: Row): void {
    const consumers = this.#consumers;
    const timeMs = row[ROWTIME_INDEX] as number;
    if (consumers.length > 1 && timeMs > this.#timeMs)
      for (let index = 0; index < consumers.length; index++) (consumers[index] as Receiver).bound(timeMs);
    if (timeMs > this.#timeMs) this.#timeMs = timeMs;
    for (let index = 0; index < consumers.length; index++) (consumers[index] as Receiver).row(row);
  }

  bound(timeMs: number): void {
    if (timeMs <= this.#timeMs) return;
    this.#timeMs = timeMs;
    for (const consumer of this.#consumers) consumer.bound(timeMs);
  }

  save(changes: StateChanges): void {
    if (this.#timeMs === this.#savedMs) return;
    this.#savedMs = this.#timeMs;
    changes.put('time', this.#timeMs);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const timeMs = cells.get('time');
    if (timeMs === undefined) return;
    this.#timeMs = timeMs as number;
    this.#savedMs = this.#timeMs;
  }
}
