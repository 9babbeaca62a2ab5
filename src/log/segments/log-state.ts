/** What is known in memory of every log and partition: a fixed number of fields each, however many records there are. */
import { GroupQueue } from '../group-queue.ts';
import { LogGoneError, type LogId } from '../log.ts';
import type { Watchers } from '../watchers.ts';
import type { ManifestLog, ManifestPartition, ManifestSegment } from './manifest-state.ts';

export type LogPartition = {
  readonly partition: number;
  /** The next position to give: above `last` by what is being committed, or by a jump. */
  next: number;
  trimmed: number;
  /** Newest durable record, and its time. */
  last: number;
  lastTimeMs: number;
  /** All records after this position are in `groups`; those up to it are in segments, or trimmed. */
  memoryAfter: number;
  readonly groups: GroupQueue;
  /** Undefined until somebody watches: mostly nobody does. */
  watchers: Watchers | undefined;
  dropped: boolean;
};

export type LogState = {
  readonly number: number;
  readonly id: LogId;
  readonly partitions: Map<number, LogPartition>;
  /** Oldest first. */
  segments: readonly ManifestSegment[];
  /** Bytes of records that are in no segment yet. */
  unflushedBytes: number;
  dropped: boolean;
  /** How often it or any of its partitions was dropped. */
  drops: number;
};

export class LogTable {
  readonly byId = new Map<LogId, LogState>();
  readonly byNumber = new Map<number, LogState>();

  add(number: number, manifest: ManifestLog): LogState {
    const log: LogState = {
      number,
      id: manifest.id,
      partitions: new Map(),
      segments: [...manifest.segments.values()].toSorted((a, b) => a.segment - b.segment),
      unflushedBytes: 0,
      dropped: false,
      drops: 0,
    };
    this.byId.set(log.id, log);
    this.byNumber.set(number, log);
    for (const [partition, values] of manifest.partitions) addPartition(log, partition, values);
    return log;
  }

  remove(log: LogState): void {
    log.dropped = true;
    log.drops++;
    this.byId.delete(log.id);
    this.byNumber.delete(log.number);
  }

  log(id: LogId): LogState {
    const log = this.byId.get(id);
    if (log === undefined) throw new LogGoneError(`There is no log ${id}.`);
    return log;
  }

  partition(id: LogId, partition: number): LogPartition {
    return partitionOf(this.log(id), partition);
  }
}

export function partitionOf(log: LogState, partition: number): LogPartition {
  const found = log.partitions.get(partition);
  if (found === undefined) throw new LogGoneError(`There is no partition ${partition} in log ${log.id}.`);
  return found;
}

export function addPartition(log: LogState, partition: number, values: ManifestPartition): void {
  log.partitions.set(partition, {
    partition,
    ...values,
    memoryAfter: Math.max(values.last, values.trimmed),
    groups: new GroupQueue(),
    watchers: undefined,
    dropped: false,
  });
}
