/**
 * The way from the journal to the segments, in the background: what full journal files hold is taken from memory, sorted by log
 * and partition, written into segments and synced; then one manifest edit makes it count, and the journal files are free.
 * If anything fails, nothing counts: the same records are written again later, into new files.
 */
import type { Clock, Disk, TimerHandle } from '../../host/host.ts';
import { join } from 'node:path';
import type { Sealers } from '../../keys/sealing.ts';
import type { Journal } from './journal.ts';
import type { LogPartition, LogState } from './log-state.ts';
import type { ManifestEdit, ManifestSegment } from './manifest-state.ts';
import type { Manifest } from './manifest.ts';
import { segmentName, type SegmentRun } from './segment-format.ts';
import type { SealPlace } from './seal-plan.ts';
import type { SegmentReader } from './segment-reader.ts';
import type { GroupRow } from './group-row.ts';
import { SegmentWriter, type PartitionContent } from './segment-writer.ts';
import type { SegmentLogSizes } from './sizes.ts';
import { sortGroups } from './sort-groups.ts';
import type { Tail } from './tail.ts';
import type { Turns } from './turns.ts';

/** A segment is not continued more often: each time it gets its whole index anew. */
const FLUSHES_MAX = 64;
const RETRY_MS = 1000;
/** A waiting append tries again by itself, but not more often than this. */
const RETRY_MS_MIN = 100;

export type ReportFailure = (doing: string, error: unknown) => void;

type RewriterParts = {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly directory: string;
  readonly sealers: Sealers;
  readonly sealedAt: SealPlace;
  readonly sizes: SegmentLogSizes;
  readonly manifest: Manifest;
  readonly journal: Journal;
  readonly tail: Tail;
  readonly reader: SegmentReader;
  /** Whoever changes which segment files there are, one after another. */
  readonly turns: Turns;
  readonly onFailure: ReportFailure;
  /** Above every number that a segment file has. */
  readonly nextSegment: number;
};

export class Rewriter {
  readonly #parts: RewriterParts;
  readonly #writer: SegmentWriter;
  #nextSegment: number;
  /** Segments before this one are not continued: a failure left it unknown what is on disk beyond their length. */
  #continuedFrom = 0;
  #running: Promise<void> | undefined;
  #retry: TimerHandle | undefined;
  #failure: { readonly error: unknown; readonly atMs: number } | undefined;
  #closed = false;
  #bytesWritten = 0;

  constructor(parts: RewriterParts) {
    this.#parts = parts;
    this.#writer = new SegmentWriter(parts);
    this.#nextSegment = parts.nextSegment;
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Begins to rewrite what full journal files hold, if that is not under way. */
  start(): void {
    if (this.#closed) return;
    this.#retry?.cancel();
    this.#retry = undefined;
    this.#running ??= this.#run();
  }

  /** Resolves when the journal has less to rewrite than before; rejects with what prevents it. */
  async progress(): Promise<void> {
    const { clock } = this.#parts;
    const recent = this.#failure;
    if (
      this.#running === undefined &&
      recent !== undefined &&
      clock.monotonic() - recent.atMs < RETRY_MS_MIN
    ) {
      throw recent.error;
    }
    this.start();
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { journal, clock, onFailure, turns } = this.#parts;
    await undefined;
    try {
      while (!this.#closed && journal.rolledFiles > 0) {
        await turns.run(() => this.#rewrite(journal.rolledSequence));
      }
      this.#failure = undefined;
    } catch (error) {
      this.#continuedFrom = this.#nextSegment;
      this.#failure = { error, atMs: clock.monotonic() };
      onFailure('rewriting the journal into segments', error);
      if (!this.#closed) this.#retry = clock.timer(RETRY_MS, () => this.start(), { background: true });
    } finally {
      this.#running = undefined;
    }
  }

  async #rewrite(toSequence: number): Promise<void> {
    const { clock, manifest, journal, tail, disk, directory } = this.#parts;
    const pause = (): Promise<void> => clock.turn();
    const batches = tail.between(manifest.state.flushedSequence, toSequence);
    const written: { log: LogState; entry: ManifestSegment; fresh: boolean }[] = [];
    const edits: ManifestEdit[] = [];
    for (const [log, ofLog] of Map.groupBy(batches, (batch) => batch.log)) {
      if (log.dropped) continue;
      const partitions = await sortGroups(ofLog, pause);
      const result = await this.#writeLog(log, partitions);
      if (result !== undefined) {
        written.push({ log, ...result });
        edits.push({ kind: 'segment', log: log.number, ...result.entry });
      }
      for (const [partition, groups] of partitions) {
        edits.push({
          kind: 'reached',
          log: log.number,
          partition: partition.partition,
          next: partition.next,
          last: groups.last,
          lastTimeMs: groups.lastTimeMs,
        });
      }
    }
    if (written.some(({ fresh }) => fresh)) await disk.syncDirectory(directory);
    edits.push({ kind: 'flushed', sequence: toSequence });
    await manifest.commit(edits);
    for (const batch of batches) batch.log.unflushedBytes -= batch.recordBytes;
    for (const { log, entry } of written) {
      if (log.dropped) {
        await disk.remove(join(directory, segmentName(entry.segment))).catch(() => {});
      } else {
        log.segments = [...log.segments.filter((segment) => segment.segment !== entry.segment), entry];
      }
    }
    while (tail.evict(toSequence)) await pause();
    await journal.release(toSequence);
  }

  async #writeLog(
    log: LogState,
    partitions: ReadonlyMap<LogPartition, GroupRow>,
  ): Promise<{ entry: ManifestSegment; fresh: boolean } | undefined> {
    const { disk, directory, sealers, sizes, reader } = this.#parts;
    const content = this.#contentOf(log, partitions);
    if (content.every(({ groups }) => groups === undefined)) return undefined;
    const newest = log.segments.at(-1);
    const continued =
      newest !== undefined &&
      newest.segment >= this.#continuedFrom &&
      newest.length < sizes.segmentBytesMax &&
      newest.flushes < FLUSHES_MAX
        ? newest
        : undefined;
    const existing = continued && { entry: continued, runs: await runsOf(reader, continued) };
    const segment = continued?.segment ?? this.#nextSegment++;
    const target = { segment, log: log.number, logId: log.id, existing };
    const sealer = sealers.sealer(log.id);
    try {
      const result = await this.#writer.write(target, content, sealer);
      this.#bytesWritten += result.bytesWritten;
      return { entry: result.entry, fresh: existing === undefined };
    } catch (error) {
      // Whoever dropped it takes its key at any moment. What is there of the file counts nowhere.
      if (!log.dropped) throw error;
      if (existing === undefined) await disk.remove(join(directory, segmentName(segment))).catch(() => {});
      return undefined;
    }
  }

  /** How far every partition of the log has come in segments, with the records to write now. */
  #contentOf(log: LogState, partitions: ReadonlyMap<LogPartition, GroupRow>): PartitionContent[] {
    const reached = this.#parts.manifest.state.logs.get(log.number)?.partitions;
    const content: PartitionContent[] = [];
    for (const partition of log.partitions.values()) {
      const before = reached?.get(partition.partition);
      const groups = partitions.get(partition);
      const last = groups?.last ?? before?.last ?? 0;
      if (last === 0) continue;
      content.push({
        partition: partition.partition,
        last,
        lastTimeMs: groups?.lastTimeMs ?? before?.lastTimeMs ?? 0,
        groups: groups?.after(partition.trimmed),
      });
    }
    return content.toSorted((a, b) => a.partition - b.partition);
  }
}

async function runsOf(
  reader: SegmentReader,
  segment: ManifestSegment,
): Promise<Map<number, readonly SegmentRun[]>> {
  const runs = new Map<number, readonly SegmentRun[]>();
  for await (const indexed of reader.indexedPartitions(segment)) runs.set(indexed.partition, indexed.runs);
  return runs;
}
