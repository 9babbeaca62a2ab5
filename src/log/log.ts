/**
 * The record log: partitions of records that are only ever appended, read in order, and trimmed from the front.
 * It knows nothing of Kinesis: a record is a position, a time and bytes. One contract suite
 * (`log/contract.ts`) runs over every engine.
 *
 * Promises:
 * - `append` resolves when the records are as durable as the engine is configured to make them; nothing is
 *   visible to `read`, `bounds`, `positionAt` or `wait` before that.
 * - Appends to one partition become visible in the order of the calls; positions grow, with gaps allowed.
 * - A position that was returned never names another record, also after an unclean stop.
 * - A trim never moves back.
 */

import type { Append } from './append.ts';
import type { RecordColumns } from './record-columns.ts';

/**
 * Where a record stands in its partition: a safe integer that grows; records of one group of an append have positions that follow one
 * another, and nobody outside `log/` adds to one otherwise. The smallest is 1; `0` stands for "before the first".
 */
export type Position = number & { readonly position: unique symbol };

/** A log's name: stable, never reused (streams use the stream's creation id). */
export type LogId = string;

export type LogRecord = {
  readonly position: Position;
  readonly timeMs: number;
  /** A view that stays valid and unchanged; the receiver must not write to it. */
  readonly bytes: Uint8Array;
};

export type ReadResult = {
  readonly records: readonly LogRecord[];
  /** Continue a read after this position: past the last record returned, or past a gap or trimmed part. */
  readonly after: Position;
  /** True when there was nothing durable beyond the last record returned. */
  readonly atEnd: boolean;
};

/** The same, its records as columns. */
export type ReadColumns = Omit<ReadResult, 'records'> & { readonly records: RecordColumns };

export type Bounds = {
  /** Records at or before this position are trimmed away. 0 when nothing was. */
  readonly trimmed: Position;
  /** Position of the newest durable record, 0 when there never was one. */
  readonly last: Position;
  /** Time of the newest durable record (it survives its trimming); 0 when there never was one. */
  readonly lastTimeMs: number;
};

export interface RecordLog extends AsyncDisposable {
  /** Durable on return. Idempotent for the same partitions. */
  createLog(log: LogId, partitions: readonly number[]): Promise<void>;
  /** Adds partitions to a log. Durable on return, idempotent. */
  addPartitions(log: LogId, partitions: readonly number[]): Promise<void>;
  /** Removes everything of a log and frees its disk soon. Idempotent. Pending appends fail with `LogGoneError`. Works on a full disk. */
  dropLog(log: LogId): Promise<void>;
  /** Removes partitions (their retention has passed). Idempotent. */
  dropPartitions(log: LogId, partitions: readonly number[]): Promise<void>;
  /** All logs that exist, with their partitions: lets the start remove what the catalog does not know. */
  logs(): ReadonlyMap<LogId, readonly number[]>;

  /**
   * Appends to several partitions of one log; all or nothing. The answer is `append.firsts`. The caller never lets a partition's time
   * go back, and leaves `append` alone until this settles. Throws `LogFullError` when the disk is full, `LogFailedError` when a
   * write or sync failed, `LogGoneError` when the log or a partition is absent.
   */
  append(log: LogId, append: Append): Promise<void>;
  /**
   * Records after `after`, oldest first: at most `recordsMax`, and at most `bytesMax` of record bytes, but at least one
   * record when there is one. Position 0 reads from the oldest record that is kept.
   */
  read(
    log: LogId,
    partition: number,
    after: Position,
    recordsMax: number,
    bytesMax: number,
  ): Promise<ReadResult>;

  /** The same read, without an object for each record. */
  readColumns(
    log: LogId,
    partition: number,
    after: Position,
    recordsMax: number,
    bytesMax: number,
  ): Promise<ReadColumns>;

  /** The greatest position whose record has a time before `timeMs` (so reading after it starts at the first record at or after the time); 0 when there is none. Trimmed records may count as none. */
  positionBefore(log: LogId, partition: number, timeMs: number): Promise<Position>;

  /** From memory, synchronous: asked for on every read. */
  bounds(log: LogId, partition: number): Bounds;

  /** Forgets records at or before `position`. Durable soon; never moves back. Works on a full disk. */
  trim(log: LogId, partition: number, position: Position): Promise<void>;

  /** Calls back (synchronously after the commit) whenever records of the partition became durable, or it was dropped. */
  watch(log: LogId, partition: number, onAppended: () => void): Disposable;

  /** Copies a consistent image of everything durable at some moment during the call into a new directory, while appends go on. Engines without a disk throw. */
  backup(toDirectory: string): Promise<void>;

  /** Bytes of record data durable and not yet trimmed, approximate: of one log (0 when it is absent), or of all. For metrics and metering. */
  storedBytes(log?: LogId): number;
}

export class LogGoneError extends Error {
  override readonly name = 'LogGoneError';
}
/** Nothing of the append was kept, and appends resume by themselves once there is room. */
export class LogFullError extends Error {
  override readonly name = 'LogFullError';
}
/** It is not known whether the append was kept; it was not acknowledged, and its positions are never given again. */
export class LogFailedError extends Error {
  override readonly name = 'LogFailedError';
}
/** What is stored cannot be read: it is damaged, or the disk fails. Says which file, for the operator. Other records may be read. */
export class LogUnreadableError extends Error {
  override readonly name: string = 'LogUnreadableError';
}
