/**
 * The record log in memory, for durability `memory`: it promises everything that the contract says except that anything
 * survives the process. Only trimming and dropping bound it.
 */
import {
  LogGoneError,
  type Bounds,
  type LogId,
  type Position,
  type ReadColumns,
  type ReadResult,
  type RecordLog,
} from '../log.ts';
import { GroupQueue } from '../group-queue.ts';
import type { Append } from '../append.ts';
import { groupDataBytes, groupLast } from '../record-group.ts';
import { Slab } from '../slab.ts';
import { asRecords, RecordColumns } from '../record-columns.ts';
import { Watchers } from '../watchers.ts';

type Partition = {
  readonly groups: GroupQueue;
  readonly watchers: Watchers;
  next: number;
  trimmed: number;
  last: number;
  lastTimeMs: number;
  storedBytes: number;
};

type Log = {
  readonly partitions: Map<number, Partition>;
  /** Where a partition that is added begins: above every position of a dropped one, so that none is given twice. */
  floor: number;
};

export function openMemoryLog(): RecordLog {
  return new MemoryLog();
}

class MemoryLog implements RecordLog {
  readonly #logs = new Map<LogId, Log>();

  async createLog(log: LogId, partitions: readonly number[]): Promise<void> {
    if (!this.#logs.has(log)) this.#logs.set(log, { partitions: new Map(), floor: 1 });
    await this.addPartitions(log, partitions);
  }

  async addPartitions(log: LogId, partitions: readonly number[]): Promise<void> {
    const state = this.#log(log);
    for (const partition of partitions) {
      if (!state.partitions.has(partition)) {
        state.partitions.set(partition, newPartition(state.floor));
      }
    }
  }

  async dropLog(log: LogId): Promise<void> {
    const state = this.#logs.get(log);
    this.#logs.delete(log);
    for (const partition of state?.partitions.values() ?? []) partition.watchers.notify();
  }

  async dropPartitions(log: LogId, partitions: readonly number[]): Promise<void> {
    const state = this.#logs.get(log);
    for (const number of partitions) {
      const partition = state?.partitions.get(number);
      if (state === undefined || partition === undefined) continue;
      state.partitions.delete(number);
      state.floor = Math.max(state.floor, partition.next);
      partition.watchers.notify();
    }
  }

  logs(): ReadonlyMap<LogId, readonly number[]> {
    return new Map([...this.#logs].map(([id, log]) => [id, [...log.partitions.keys()]]));
  }

  async append(log: LogId, append: Append): Promise<void> {
    const { groups, partitions: numbers } = append;
    // Every partition is looked up before the first record is kept: all or nothing.
    const partitions = Array.from({ length: groups }, (_, group) => this.#partition(log, numbers[group]!));
    const slab = new Slab(Buffer.allocUnsafeSlow(append.end));
    append.bytes.copy(slab.bytes, 0, 0, append.end);
    partitions.forEach((partition, group) => addGroup(partition, append, group, slab));
    for (const partition of new Set(partitions)) partition.watchers.notify();
  }

  async read(...from: Parameters<RecordLog['read']>): Promise<ReadResult> {
    return asRecords(await this.readColumns(...from));
  }

  async readColumns(
    log: LogId,
    number: number,
    after: Position,
    recordsMax: number,
    bytesMax: number,
  ): Promise<ReadColumns> {
    const partition = this.#partition(log, number);
    const from = Math.max(after, partition.trimmed);
    const records = new RecordColumns();
    const atEnd = partition.groups.take(from, { records: recordsMax, bytes: bytesMax }, records);
    return { records, after: records.length > 0 ? records.lastPosition : (from as Position), atEnd };
  }

  async positionBefore(log: LogId, partition: number, timeMs: number): Promise<Position> {
    return this.#partition(log, partition).groups.positionBefore(timeMs) as Position;
  }

  bounds(log: LogId, partition: number): Bounds {
    const { trimmed, last, lastTimeMs } = this.#partition(log, partition);
    return { trimmed: trimmed as Position, last: last as Position, lastTimeMs };
  }

  async trim(log: LogId, number: number, position: Position): Promise<void> {
    const partition = this.#partition(log, number);
    partition.trimmed = Math.max(partition.trimmed, Math.min(position, partition.last));
    while (!partition.groups.empty) {
      const { slab, start } = partition.groups.oldest();
      if (groupLast(slab.bytes, start) > partition.trimmed) return;
      partition.storedBytes -= groupDataBytes(slab.bytes, start);
      partition.groups.dropOldest();
    }
  }

  watch(log: LogId, partition: number, onAppended: () => void): Disposable {
    return this.#partition(log, partition).watchers.add(onAppended);
  }

  async backup(): Promise<void> {
    throw new Error('There is nothing on disk to back up: the server runs with --durability memory.');
  }

  storedBytes(id?: LogId): number {
    let total = 0;
    for (const log of id === undefined ? this.#logs.values() : [this.#logs.get(id)]) {
      for (const partition of log?.partitions.values() ?? []) total += partition.storedBytes;
    }
    return total;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#logs.clear();
  }

  #log(log: LogId): Log {
    const state = this.#logs.get(log);
    if (state === undefined) throw new LogGoneError(`There is no log ${log}.`);
    return state;
  }

  #partition(log: LogId, partition: number): Partition {
    const state = this.#log(log).partitions.get(partition);
    if (state === undefined) {
      throw new LogGoneError(`There is no partition ${partition} in log ${log}.`);
    }
    return state;
  }
}

function newPartition(floor: number): Partition {
  return {
    groups: new GroupQueue(),
    watchers: new Watchers(),
    next: floor,
    trimmed: floor - 1,
    last: 0,
    lastTimeMs: 0,
    storedBytes: 0,
  };
}

function addGroup(partition: Partition, append: Append, number: number, slab: Slab): void {
  if (append.counts[number] === 0) return;
  const start = append.startOf(number);
  append.giveFirst(number, partition.next, slab.bytes, start);
  partition.groups.push(slab, start);
  partition.next += append.counts[number]!;
  partition.last = partition.next - 1;
  partition.lastTimeMs = append.timesMs[number]!;
  partition.storedBytes += groupDataBytes(slab.bytes, start);
}
