/**
 * The partitions of one window of an `over`: for each, the entries of its frame and the running results. Partitions are linked in the order in which
 * they were last used, so that the idle ones are found at the front.
 */
import { ROWTIME_INDEX, type Row, type SqlValue } from '../value.ts';
import type { Entry, Frame, FrameResult } from './frame.ts';
import { KeyMap } from './key-map.ts';
import type { Plain, StateChanges } from './operator.ts';
import type { OverWindowParts } from './over.ts';
import { Queue } from './state/queue.ts';
import { Slots, type Cell, type Slotted } from './state/slots.ts';

/** Both ends of a range are inside. An end above zero ends the frame before the current row. Preceding is Infinity where it is unbounded. */
export type FrameBounds =
  | { readonly unit: 'RANGE'; readonly preceding: number; readonly end: number }
  | { readonly unit: 'ROWS'; readonly preceding: number; readonly end: number };

class Partition implements Slotted, Frame {
  cell!: Cell;
  slot = 0;
  /** Names its cells; never used twice. */
  readonly number: number;
  readonly keys: readonly SqlValue[];
  readonly entries = new Queue<Entry & Plain>();
  readonly results: readonly FrameResult[];
  end = 0;
  lastMs = -Infinity;
  before: Partition | undefined;
  after: Partition | undefined;

  constructor(number: number, keys: readonly SqlValue[], results: readonly FrameResult[]) {
    this.number = number;
    this.keys = keys;
    this.results = results;
  }
}

export class OverFrames {
  readonly #name: string;
  readonly #parts: OverWindowParts;
  readonly #index: KeyMap<Partition>;
  readonly #slots: Slots<Partition>;
  #oldest: Partition | undefined;
  #newest: Partition | undefined;
  #made = 0;
  #epoch: SqlValue = null;
  #isEpochDirty = false;
  /** Cells of partitions that were forgotten since the last save. */
  #goneCells: string[] = [];
  /** What `read` has read for `add`. */
  #entry: Entry = [];
  #found: Partition | undefined;

  constructor(name: string, parts: OverWindowParts) {
    this.#name = name;
    this.#parts = parts;
    this.#index = new KeyMap(parts.keys);
    this.#slots = new Slots(`${name}p`);
  }

  /** Throws the row errors of keys and arguments. */
  read(row: Row): void {
    this.expire(row[ROWTIME_INDEX] as number);
    const { epochOf } = this.#parts;
    if (epochOf !== undefined) this.#begin(epochOf(row));
    this.#entry = this.#parts.entryOf(row);
    this.#found = this.#index.find(row);
  }

  /** Takes in the row that was read, and appends the results. */
  add(row: Row, results: SqlValue[]): void {
    const partition = this.#found ?? this.#newPartition(row);
    const entry = this.#entry;
    const timeMs = entry[ROWTIME_INDEX] as number;
    partition.cell.isDirty = true;
    partition.lastMs = timeMs;
    this.#touch(partition);
    if (this.#parts.isRunning) {
      for (const result of partition.results) result.enter(entry, 0);
    } else {
      partition.entries.push(entry as Entry & Plain);
      this.#slide(partition, timeMs);
    }
    for (const result of partition.results) results.push(result.result(partition));
  }

  /** Forgets the partitions that no later row can look back at. */
  expire(timeMs: number): void {
    const { unit, preceding } = this.#parts.bounds;
    if (unit === 'ROWS') return;
    while (this.#oldest !== undefined && this.#oldest.lastMs < timeMs - preceding) this.#forget(this.#oldest);
  }

  save(changes: StateChanges): void {
    for (const cell of this.#goneCells) changes.drop(cell);
    this.#goneCells = [];
    if (this.#isEpochDirty) changes.put(`${this.#name}epoch`, this.#epoch as Plain);
    this.#isEpochDirty = false;
    this.#slots.save(changes, (partition) => [
      partition.number,
      partition.keys as Plain,
      partition.entries.save(this.#cellsOf(partition), changes),
      partition.end,
      partition.lastMs,
      partition.results.map((result) => result.save()),
    ]);
  }

  restore(cells: ReadonlyMap<string, Plain>): void {
    this.#epoch = (cells.get(`${this.#name}epoch`) as SqlValue | undefined) ?? null;
    this.#slots.restore(cells, (plain) => {
      const [number, keys, entries, end, lastMs, results] = plain as [
        number,
        SqlValue[],
        Plain,
        number,
        number,
        Plain[],
      ];
      const partition = new Partition(number, keys, this.#parts.results());
      partition.entries.restore(this.#cellsOf(partition), entries, cells);
      partition.end = end;
      partition.lastMs = lastMs;
      for (let entry = partition.entries.first; entry < end; entry++)
        for (const result of partition.results) result.enter(partition.entries.at(entry), entry);
      for (const [call, result] of partition.results.entries()) result.restore(results[call] as Plain);
      this.#index.set(keys, partition);
      this.#made = Math.max(this.#made, number + 1);
      return partition;
    });
    for (const partition of [...this.#slots].sort((left, right) => left.lastMs - right.lastMs))
      this.#link(partition);
  }

  #begin(epoch: SqlValue): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#isEpochDirty = true;
    while (this.#oldest !== undefined) this.#forget(this.#oldest);
  }

  #forget(partition: Partition): void {
    this.#unlink(partition);
    this.#index.delete(partition.keys);
    this.#slots.delete(partition);
    this.#goneCells.push(...partition.entries.keptCells(this.#cellsOf(partition)));
  }

  #cellsOf(partition: Partition): string {
    return `${this.#name}e${partition.number}.`;
  }

  #newPartition(row: Row): Partition {
    const keys = this.#index.valuesOf(row);
    const partition = new Partition(this.#made++, keys, this.#parts.results());
    this.#index.set(keys, partition);
    this.#slots.add(partition);
    this.#link(partition);
    return partition;
  }

  #slide(partition: Partition, timeMs: number): void {
    const { entries } = partition;
    const { unit, preceding, end } = this.#parts.bounds;
    if (unit === 'RANGE') {
      const startMs = timeMs - preceding;
      const endMs = timeMs - end;
      while (entries.length > 0 && timeOf(entries.at(entries.first)) < startMs) this.#leave(partition);
      while (partition.end < entries.end && timeOf(entries.at(partition.end)) <= endMs) enter(partition);
    } else {
      const start = entries.end - 1 - preceding;
      while (entries.first < start) this.#leave(partition);
      while (partition.end < entries.end - end) enter(partition);
    }
  }

  /** The first entry goes; it may still be waiting for a frame that ends before the current row. */
  #leave(partition: Partition): void {
    const { entries, results } = partition;
    const number = entries.first;
    const entry = entries.shift();
    if (number === partition.end) {
      partition.end++;
      return;
    }
    const isEmpty = partition.end === entries.first;
    for (const result of results)
      if (isEmpty) result.clear();
      else result.leave(entry, number);
  }

  #touch(partition: Partition): void {
    if (this.#newest === partition) return;
    this.#unlink(partition);
    this.#link(partition);
  }

  #link(partition: Partition): void {
    partition.before = this.#newest;
    partition.after = undefined;
    if (this.#newest === undefined) this.#oldest = partition;
    else this.#newest.after = partition;
    this.#newest = partition;
  }

  #unlink(partition: Partition): void {
    if (partition.before === undefined) this.#oldest = partition.after;
    else partition.before.after = partition.after;
    if (partition.after === undefined) this.#newest = partition.before;
    else partition.after.before = partition.before;
    partition.before = undefined;
    partition.after = undefined;
  }
}

const enter = (partition: Partition): void => {
  const number = partition.end++;
  const entry = partition.entries.at(number);
  for (const result of partition.results) result.enter(entry, number);
};

const timeOf = (entry: Entry): number => entry[ROWTIME_INDEX] as number;
