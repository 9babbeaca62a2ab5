/**
 * ORDER BY … WITHIN: brings late rows into order. A row waits until one has come whose time is later by the whole interval; a row that comes after what
 * lies behind it has been given is late, and goes to the error stream. The key becomes the ROWTIME. What time it is elsewhere says nothing here: bounds
 * are not looked at, but for the end of all input. A row whose key is null is dropped (AWS's page "T-sorting Stream Input").
 */
import { ROWTIME_INDEX, type Row } from '../value.ts';
import type { Operator, Plain, Receiver, StateChanges } from './operator.ts';
import { lateRow } from './retime.ts';
import { rowErrorOf, type RowErrors } from './row-errors.ts';
import { Slots, type Cell, type Slotted } from './state/slots.ts';

class Waiting implements Slotted {
  cell!: Cell;
  slot = 0;
  readonly timeMs: number;
  readonly number: number;
  readonly row: Row;

  constructor(timeMs: number, number: number, row: Row) {
    this.timeMs = timeMs;
    this.number = number;
    this.row = row;
  }
}

export class TimeSort implements Operator, Receiver {
  readonly inputs = [this];
  readonly #key: (row: Row) => number | null;
  readonly #withinMs: number;
  readonly #errors: RowErrors;
  readonly #out: Receiver;
  readonly #slots = new Slots<Waiting>('r');
  /** A binary heap: the first is the next. */
  #heap: Waiting[] = [];
  #highMs = -Infinity;
  #count = 0;
  #isDirty = false;

  constructor(key: (row: Row) => number | null, withinMs: number, errors: RowErrors, out: Receiver) {
    this.#key = key;
    this.#withinMs = withinMs;
    this.#errors = errors;
    this.#out = out;
  }

  row(row: Row): void {
    let timeMs: number | null;
    try {
      timeMs = this.#key(row);
      if (timeMs === null) return;
      if (timeMs < this.#highMs - this.#withinMs) throw lateRow(timeMs, this.#highMs - this.#withinMs);
    } catch (error) {
      this.#errors(rowErrorOf(error), row);
      return;
    }
    this.#isDirty = true;
    const waiting = new Waiting(timeMs, this.#count++, row);
    this.#slots.add(waiting);
    push(this.#heap, waiting);
    if (timeMs > this.#highMs) this.#highMs = timeMs;
    this.#giveUpTo(this.#highMs - this.#withinMs);
  }

  bound(timeMs: number): void {
    if (timeMs === Infinity) this.#giveUpTo(timeMs);
  }

  save(changes: StateChanges): void {
    this.#slots.save(changes, ({ timeMs, number, row }) => [timeMs, number, row as Plain]);
    if (!this.#isDirty) return;
    this.#isDirty = false;
    changes.put('high', [this.#highMs, this.#count]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    const state = cells.get('high') as [number, number] | undefined;
    if (state === undefined) return;
    [this.#highMs, this.#count] = state;
    this.#slots.restore(cells, (plain) => {
      const [timeMs, number, row] = plain as [number, number, Row];
      return new Waiting(timeMs, number, row);
    });
    // A sorted array is a heap.
    this.#heap = [...this.#slots].sort((left, right) => (isBefore(left, right) ? -1 : 1));
  }

  #giveUpTo(timeMs: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.timeMs > timeMs) break;
      shift(this.#heap);
      this.#slots.delete(next);
      this.#out.row(next.row[ROWTIME_INDEX] === next.timeMs ? next.row : [next.timeMs, ...next.row.slice(1)]);
    }
    this.#out.bound(timeMs);
  }
}

const isBefore = (left: Waiting, right: Waiting): boolean =>
  left.timeMs < right.timeMs || (left.timeMs === right.timeMs && left.number < right.number);

const push = (heap: Waiting[], item: Waiting): void => {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Waiting;
    if (!isBefore(item, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
};

/** Takes the first away. */
const shift = (heap: Waiting[]): void => {
  const item = heap.pop() as Waiting;
  if (heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = index * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Waiting, heap[child] as Waiting)) child++;
    if (!isBefore(heap[child] as Waiting, item)) break;
    heap[index] = heap[child] as Waiting;
    index = child;
  }
  heap[index] = item;
};
