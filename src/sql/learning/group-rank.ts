/**
 * GROUP_RANK: ranks the rows of one ROWTIME by a column, and gives them when the time has passed, in the order of their ranks. Equal values have equal
 * ranks, and the next rank counts them all, as RANK() does. Nulls rank behind all values.
 *
 * `maxIdle` releases a group that waits too long on AWS; here a bound does, which comes as soon as the time has passed, so it has nothing left to do.
 */
import type { Operator, Plain, Receiver, StateChanges } from '../engine/operator.ts';
import { Queue } from '../engine/state/queue.ts';
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';

export type GroupRankFunction = {
  /** Of the column to rank by, in the row. */
  readonly index: number;
  readonly isBefore: (left: never, right: never) => boolean;
  readonly isDescending: boolean;
  readonly isOutputDescending: boolean;
  /** 0: all. */
  readonly outputMax: number;
};

export class GroupRank implements Operator, Receiver {
  readonly inputs = [this];
  readonly #parts: GroupRankFunction;
  readonly #out: Receiver;
  readonly #group = new Queue<Row & Plain>();
  #isDirty = false;

  constructor(parts: GroupRankFunction, out: Receiver) {
    this.#parts = parts;
    this.#out = out;
  }

  row(row: Row): void {
    this.#release(row[ROWTIME_INDEX] as number);
    this.#group.push(row as Row & Plain);
    this.#isDirty = true;
    this.#out.bound(row[ROWTIME_INDEX] as number);
  }

  bound(timeMs: number): void {
    this.#release(timeMs);
    const [first] = this.#group.length === 0 ? [Infinity] : this.#group.at(this.#group.first);
    this.#out.bound(Math.min(timeMs, first as number));
  }

  save(changes: StateChanges): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('group', this.#group.save('row', changes));
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('group');
    if (state !== undefined) this.#group.restore('row', state, cells);
  }

  /** Gives the group if its time is before this one. */
  #release(timeMs: number): void {
    if (this.#group.length === 0) return;
    if ((this.#group.at(this.#group.first)[ROWTIME_INDEX] as number) >= timeMs) return;
    this.#isDirty = true;
    const rows: Row[] = [];
    while (this.#group.length > 0) rows.push(this.#group.shift());
    rows.sort((left, right) => this.#compare(left, right));
    const ranked: Row[] = [];
    let rank = 0;
    for (const [index, row] of rows.entries()) {
      const previous = rows[index - 1];
      if (previous === undefined || this.#compare(previous, row) !== 0) rank = index + 1;
      ranked.push([...row, rank]);
    }
    if (this.#parts.isOutputDescending)
      ranked.sort((left, right) => (right.at(-1) as number) - (left.at(-1) as number));
    const { outputMax } = this.#parts;
    for (const row of outputMax === 0 ? ranked : ranked.slice(0, outputMax)) this.#out.row(row);
  }

  #compare(leftRow: Row, rightRow: Row): number {
    const { index, isBefore, isDescending } = this.#parts;
    const [left, right] = [leftRow[index] as SqlValue, rightRow[index] as SqlValue];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const order = isBefore(left as never, right as never)
      ? -1
      : isBefore(right as never, left as never)
        ? 1
        : 0;
    return isDescending ? -order : order;
  }
}
