/** Gives the disk back: removes segments whose records are all trimmed or dropped, and everything of dropped logs. */
import { join } from 'node:path';
import type { Disk } from '../../host/host.ts';
import { errorCode } from './damage.ts';
import type { LogState } from './log-state.ts';
import type { ManifestSegment } from './manifest-state.ts';
import type { Manifest } from './manifest.ts';
import type { ReportFailure } from './rewriter.ts';
import { segmentName } from './segment-format.ts';
import type { SegmentReader } from './segment-reader.ts';
import type { Turns } from './turns.ts';

type ReclaimerParts = {
  readonly disk: Disk;
  readonly directory: string;
  readonly manifest: Manifest;
  readonly reader: SegmentReader;
  readonly turns: Turns;
  readonly onFailure: ReportFailure;
};

export class Reclaimer {
  readonly #parts: ReclaimerParts;
  readonly #toLookAt = new Set<LogState>();
  #keepers = 0;
  /** Files whose removal waits for a backup to end. */
  #kept: number[] = [];

  constructor(parts: ReclaimerParts) {
    this.#parts = parts;
  }

  /** Looks, soon, whether the log's oldest segments can go. */
  look(log: LogState): void {
    if (this.#toLookAt.has(log)) return;
    this.#toLookAt.add(log);
    this.#inTurn('removing trimmed segments', async () => {
      this.#toLookAt.delete(log);
      await this.#removeTrimmed(log);
      await this.#parts.manifest.restoreReserve();
    });
  }

  /** Removes all files of a log that the manifest no longer knows. */
  removeAll(log: LogState): void {
    this.#inTurn('removing a dropped log', async () => {
      await this.#remove(log.segments);
      log.segments = [];
      await this.#parts.manifest.restoreReserve();
    });
  }

  /** No segment file is removed until it is disposed of. */
  keepFiles(): Disposable {
    this.#keepers++;
    return {
      [Symbol.dispose]: () => {
        this.#keepers--;
        if (this.#keepers > 0 || this.#kept.length === 0) return;
        this.#inTurn('removing segments after a backup', async () => {
          const kept = this.#kept;
          this.#kept = [];
          for (const segment of kept) await this.#removeFile(segment);
        });
      },
    };
  }

  async close(): Promise<void> {
    await this.#parts.turns.idle();
  }

  #inTurn(doing: string, task: () => Promise<void>): void {
    this.#parts.turns.run(task).catch((error: unknown) => this.#parts.onFailure(doing, error));
  }

  async #removeTrimmed(log: LogState): Promise<void> {
    const { manifest } = this.#parts;
    if (log.dropped) return;
    let count = 0;
    for (const segment of log.segments) {
      if (!(await this.#isTrimmed(log, segment))) break;
      count++;
    }
    const gone = log.segments.slice(0, count);
    if (gone.length === 0) return;
    await manifest.commit(gone.map(({ segment }) => ({ kind: 'segmentRemoved', log: log.number, segment })));
    log.segments = log.segments.slice(count);
    await this.#remove(gone);
  }

  async #isTrimmed(log: LogState, segment: ManifestSegment): Promise<boolean> {
    for await (const { partition, runs } of this.#parts.reader.indexedPartitions(segment)) {
      const newest = runs.at(-1);
      const kept = log.partitions.get(partition);
      if (newest !== undefined && kept !== undefined && newest.last > kept.trimmed) return false;
    }
    return true;
  }

  async #remove(segments: readonly ManifestSegment[]): Promise<void> {
    for (const segment of segments) {
      await this.#parts.reader.forget(segment.segment);
      await this.#removeFile(segment.segment);
    }
  }

  async #removeFile(segment: number): Promise<void> {
    if (this.#keepers > 0) {
      this.#kept.push(segment);
      return;
    }
    try {
      await this.#parts.disk.remove(join(this.#parts.directory, segmentName(segment)));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}
