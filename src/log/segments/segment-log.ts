/**
 * The embedded engine: the record log's contract over the journal, the segments and the manifest. Made by `openSegmentLog`.
 */
import type { Host } from '../../host/host.ts';
import type { Sealers } from '../../keys/sealing.ts';
import {
  LogFailedError,
  LogFullError,
  LogGoneError,
  type Bounds,
  type LogId,
  type Position,
  type ReadColumns,
  type ReadResult,
  type RecordLog,
} from '../log.ts';
import type { Append } from '../append.ts';
import { asRecords, RecordColumns } from '../record-columns.ts';
import { groupLast, takeRecords } from '../record-group.ts';
import { writeBackup } from './backup.ts';
import { Committer } from './committer.ts';
import { errorCode, isFull } from './damage.ts';
import type { Journal } from './journal.ts';
import { addPartition, type LogPartition, type LogState, type LogTable, partitionOf } from './log-state.ts';
import type { ManifestEdit, ManifestSegment } from './manifest-state.ts';
import type { Manifest } from './manifest.ts';
import { Reclaimer } from './reclaimer.ts';
import { Rewriter, type ReportFailure } from './rewriter.ts';
import { SegmentReader } from './segment-reader.ts';
import type { SegmentLogSizes } from './sizes.ts';
import type { Tail } from './tail.ts';
import { Watchers } from '../watchers.ts';
import { Turns } from './turns.ts';

/** A partition that comes back begins this far after a dropped one: more than can be appended while the drop is written. */
const DROP_JUMP = 0x100_0000;

export type SegmentLogParts = {
  readonly host: Pick<Host, 'clock' | 'disk' | 'dice' | 'sealing'>;
  readonly directory: string;
  readonly sealers: Sealers;
  readonly sizes: SegmentLogSizes;
  readonly synced: boolean;
  readonly onFailure: ReportFailure;
  readonly manifest: Manifest;
  readonly journal: Journal;
  readonly table: LogTable;
  readonly tail: Tail;
  readonly nextSequence: number;
};

export type SegmentLogStats = {
  /** Bytes of all records appended since the start. */
  readonly appendedBytes: number;
  /** Bytes written to the disk since the start: journal, its zeros, segments and manifest. */
  readonly writtenBytes: number;
  /** Memory held by the newest records and by what was read of segments. */
  readonly tailBytes: number;
  readonly cachedBytes: number;
  readonly segments: number;
};

export class SegmentLog implements RecordLog {
  readonly #parts: SegmentLogParts;
  readonly #reader: SegmentReader;
  readonly #rewriter: Rewriter;
  readonly #reclaimer: Reclaimer;
  readonly #committer: Committer;
  readonly #turns = new Turns();
  readonly #creating = new Map<LogId, Promise<void>>();
  #closed = false;

  constructor(parts: SegmentLogParts) {
    this.#parts = parts;
    const { host, directory, sealers, sizes, manifest, journal, tail, onFailure } = parts;
    const { clock, disk } = host;
    const turns = this.#turns;
    const { indexCacheBytes, runCacheBytes } = sizes;
    const sealedAt = { thread: host.sealing, bytesMin: sizes.asideBytesMin, patient: false };
    const reader = new SegmentReader({ disk, directory, sealers, indexCacheBytes, runCacheBytes });
    this.#reader = reader;
    this.#rewriter = new Rewriter({
      ...{
        clock,
        disk,
        directory,
        sealers,
        sealedAt: { ...sealedAt, patient: true },
        sizes,
        manifest,
        journal,
        tail,
        reader,
        turns,
        onFailure,
      },
      nextSegment: manifest.state.nextSegment,
    });
    this.#reclaimer = new Reclaimer({ disk, directory, manifest, reader, turns, onFailure });
    this.#committer = new Committer({
      ...{ clock, sealers, sealedAt, journal, rewriter: this.#rewriter, tail, onFailure },
      backlogBytesMax: sizes.journalBacklogBytesMax,
      framesAtOnce: sizes.framesAtOnce,
      companyAppends: sizes.companyAppends,
      flushedSequence: () => manifest.state.flushedSequence,
      sequence: parts.nextSequence,
    });
    // Small rests of earlier starts are left in the journal until there are several of them.
    if (journal.rolledFiles >= 2 || journal.rolledBytes >= sizes.journalFileBytesMin) this.#rewriter.start();
  }

  async createLog(id: LogId, partitions: readonly number[]): Promise<void> {
    if (!this.#parts.table.byId.has(id)) {
      let creating = this.#creating.get(id);
      if (creating === undefined) {
        creating = this.#create(id, partitions).finally(() => this.#creating.delete(id));
        this.#creating.set(id, creating);
      }
      await creating;
    }
    await this.addPartitions(id, partitions);
  }

  async addPartitions(id: LogId, partitions: readonly number[]): Promise<void> {
    const { table, manifest } = this.#parts;
    const log = table.log(id);
    const { floor } = manifest.state.logs.get(log.number)!;
    const fresh = partitions.filter((partition) => !log.partitions.has(partition));
    if (fresh.length === 0) return;
    await this.#commit(added(log.number, floor, fresh));
    for (const partition of fresh) {
      const values = manifest.state.logs.get(log.number)?.partitions.get(partition);
      if (values !== undefined && !log.partitions.has(partition)) addPartition(log, partition, values);
    }
  }

  async dropLog(id: LogId): Promise<void> {
    const { table } = this.#parts;
    const log = table.byId.get(id);
    if (log === undefined) return;
    await this.#commit([{ kind: 'logDropped', log: log.number }]);
    if (log.dropped) return;
    table.remove(log);
    for (const partition of log.partitions.values()) dropPartition(partition);
    this.#reclaimer.removeAll(log);
  }

  async dropPartitions(id: LogId, partitions: readonly number[]): Promise<void> {
    const log = this.#parts.table.byId.get(id);
    if (log === undefined) return;
    const present = partitions.filter((partition) => log.partitions.has(partition));
    if (present.length === 0) return;
    const edits = present.map((partition): ManifestEdit => {
      const floor = log.partitions.get(partition)!.next + DROP_JUMP;
      return { kind: 'partitionDropped', log: log.number, partition, floor };
    });
    await this.#commit(edits);
    for (const partition of present) {
      const dropped = log.partitions.get(partition);
      log.partitions.delete(partition);
      if (dropped === undefined) continue;
      log.drops++;
      dropPartition(dropped);
    }
    this.#reclaimer.look(log);
  }

  logs(): ReadonlyMap<LogId, readonly number[]> {
    const logs = this.#parts.table.byId;
    return new Map([...logs].map(([id, log]) => [id, [...log.partitions.keys()]]));
  }

  async append(id: LogId, append: Append): Promise<void> {
    const log = this.#parts.table.log(id);
    const partitions = [];
    for (let group = 0; group < append.groups; group++) {
      partitions.push(partitionOf(log, append.partitions[group]!));
    }
    return this.#committer.append(log, partitions, append);
  }

  async read(...from: Parameters<RecordLog['read']>): Promise<ReadResult> {
    return asRecords(await this.readColumns(...from));
  }

  async readColumns(
    id: LogId,
    number: number,
    after: Position,
    recordsMax: number,
    bytesMax: number,
  ): Promise<ReadColumns> {
    const log = this.#parts.table.log(id);
    const partition = this.#parts.table.partition(id, number);
    const records = new RecordColumns(recordsMax);
    const allowance = { records: recordsMax, bytes: bytesMax };
    let at = Math.max(after, partition.trimmed);
    let atEnd: boolean | undefined;
    while (atEnd === undefined) {
      if (at >= partition.memoryAfter) {
        atEnd = partition.groups.take(at, allowance, records);
        break;
      }
      const run = await this.#fromSegments(log, partition, (reader) => reader.runAfter(log, number, at));
      if (run === undefined) {
        at = Math.max(at, partition.memoryAfter);
        continue;
      }
      const { slab, starts } = run;
      const { bytes } = slab;
      records.hold(slab);
      slab.letGo();
      for (const start of starts) {
        if (!takeRecords(bytes, start, at, allowance, records)) {
          atEnd = false;
          break;
        }
        at = Math.max(at, groupLast(bytes, start));
      }
    }
    return { records, after: records.length > 0 ? records.lastPosition : (at as Position), atEnd };
  }

  async positionBefore(id: LogId, number: number, timeMs: number): Promise<Position> {
    const log = this.#parts.table.log(id);
    const partition = this.#parts.table.partition(id, number);
    const inMemory = partition.groups.positionBefore(timeMs);
    if (inMemory > 0) return inMemory as Position;
    const found = await this.#fromSegments(log, partition, (reader) =>
      reader.positionBefore(log, number, timeMs),
    );
    return found as Position;
  }

  bounds(id: LogId, number: number): Bounds {
    const { trimmed, last, lastTimeMs } = this.#parts.table.partition(id, number);
    return { trimmed: trimmed as Position, last: last as Position, lastTimeMs };
  }

  async trim(id: LogId, number: number, position: Position): Promise<void> {
    const log = this.#parts.table.log(id);
    const partition = this.#parts.table.partition(id, number);
    const trimmed = Math.min(position, partition.last);
    if (trimmed <= partition.trimmed) return;
    await this.#commit([{ kind: 'trimmed', log: log.number, partition: number, position: trimmed }]);
    partition.trimmed = Math.max(partition.trimmed, trimmed);
    this.#reclaimer.look(log);
  }

  watch(id: LogId, partition: number, onAppended: () => void): Disposable {
    const watched = this.#parts.table.partition(id, partition);
    return (watched.watchers ??= new Watchers()).add(onAppended);
  }

  async backup(toDirectory: string): Promise<void> {
    const { host, directory, sealers, manifest, tail, table } = this.#parts;
    using _kept = this.#reclaimer.keepFiles();
    await writeBackup({ host, directory, toDirectory, sealers, state: manifest.state, tail, table });
  }

  storedBytes(id?: LogId): number {
    const { byId } = this.#parts.table;
    let total = 0;
    for (const log of id === undefined ? byId.values() : [byId.get(id)]) {
      total += log?.unflushedBytes ?? 0;
      for (const segment of log?.segments ?? []) total += segment.dataBytes;
    }
    return total;
  }

  stats(): SegmentLogStats {
    const { journal, manifest, tail, table } = this.#parts;
    let segments = 0;
    for (const log of table.byId.values()) segments += log.segments.length;
    return {
      appendedBytes: tail.appendedBytes,
      writtenBytes: journal.bytesWritten + manifest.bytesWritten + this.#rewriter.bytesWritten,
      tailBytes: tail.bytes,
      cachedBytes: this.#reader.cachedBytes,
      segments,
    };
  }

  /** Commits what is waiting, syncs, and marks the stop as clean, so that the next start need not jump. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { journal, manifest, onFailure } = this.#parts;
    await this.#committer.close();
    await this.#rewriter.close();
    await this.#reclaimer.close();
    await this.#reader.close();
    try {
      await journal.syncAll();
      await manifest.commitAfresh([{ kind: 'stopped', sequence: this.#committer.lastSequence }]);
    } catch (error) {
      // The next start takes it for an unclean stop, which loses nothing.
      onFailure('marking a clean stop', error);
    } finally {
      await manifest.close();
      await journal.close();
    }
  }

  /** Reads segments; when one was removed meanwhile, it looks again for what is there now. */
  async #fromSegments<Result>(
    log: LogState,
    partition: LogPartition,
    read: (reader: SegmentReader) => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      const before: readonly ManifestSegment[] = log.segments;
      try {
        return await read(this.#reader);
      } catch (error) {
        if (log.dropped || partition.dropped) throw new LogGoneError(`Log ${log.id} was dropped.`);
        if (errorCode(error) !== 'ENOENT' || before === log.segments) throw error;
      }
    }
  }

  async #create(id: LogId, partitions: readonly number[]): Promise<void> {
    const { table, manifest } = this.#parts;
    const log = manifest.state.nextLog;
    // Taken at once, so that a log created meanwhile gets another number.
    manifest.state.nextLog = log + 1;
    await this.#commit([{ kind: 'logCreated', log, floor: 1, id }, ...added(log, 1, partitions)]);
    table.add(log, manifest.state.logs.get(log)!);
  }

  async #commit(edits: readonly ManifestEdit[]): Promise<void> {
    if (this.#closed) throw new LogFailedError('The log is closed.');
    try {
      await this.#parts.manifest.commit(edits);
    } catch (cause) {
      const { message } = cause as Error;
      this.#parts.onFailure('writing the manifest', cause);
      if (isFull(cause)) throw new LogFullError(`The disk is full: ${message}`, { cause });
      throw new LogFailedError(`The disk failed: ${message}`, { cause });
    }
  }
}

function added(log: number, floor: number, partitions: readonly number[]): ManifestEdit[] {
  return partitions.map((partition) => ({
    kind: 'partition',
    log,
    partition,
    next: floor,
    trimmed: floor - 1,
    last: 0,
    lastTimeMs: 0,
  }));
}

function dropPartition(partition: LogPartition): void {
  partition.dropped = true;
  partition.watchers?.notify();
}
