/**
 * Writes records into a segment: runs of one partition after another, each sealed as one, then the index of all runs that the
 * segment has by now, then the trailer. Nothing of it counts until the manifest names the new length.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from '../../host/host.ts';
import { NONCE_BYTES, type SealTicket, TAG_BYTES } from '../../base/seal-job.ts';
import type { Sealer } from '../../keys/sealing.ts';
import { sharedBytes } from '../slab.ts';
import type { GroupRow } from './group-row.ts';
import type { ManifestSegment } from './manifest-state.ts';
import { SealPlan, type SealPlace } from './seal-plan.ts';
import {
  encodeSegmentHeader,
  encodeSegmentIndex,
  encodeSegmentTrailer,
  runAdditional,
  segmentName,
  type IndexedPartition,
  type SegmentRun,
} from './segment-format.ts';
import type { SegmentLogSizes } from './sizes.ts';

/** Every write is a turn or two of a busy event loop, so there are few. */
const WRITE_BYTES = 4 * 1024 * 1024;

export type SegmentTarget = {
  readonly segment: number;
  readonly log: number;
  readonly logId: string;
  /** What the segment has already, when it is continued. */
  readonly existing:
    | { readonly entry: ManifestSegment; readonly runs: ReadonlyMap<number, readonly SegmentRun[]> }
    | undefined;
};

/** How far each partition of the log has come, with these groups; and the groups to write, if any. */
export type PartitionContent = {
  readonly partition: number;
  readonly last: number;
  readonly lastTimeMs: number;
  readonly groups: GroupRow | undefined;
};

export type WrittenSegment = { readonly entry: ManifestSegment; readonly bytesWritten: number };

type SegmentWriterParts = {
  readonly disk: Disk;
  readonly directory: string;
  readonly sealedAt: SealPlace;
  readonly sizes: Pick<SegmentLogSizes, 'runBytes' | 'segmentBytesMax'>;
};

export class SegmentWriter {
  readonly #parts: SegmentWriterParts;
  /** Made for the first segment, and used again from one to the next. */
  #buffers: [Buffer, Buffer] | undefined;

  constructor(parts: SegmentWriterParts) {
    this.#parts = parts;
  }

  /** Writes and syncs the file; its name is durable once the caller has synced the directory. One at a time. */
  async write(
    target: SegmentTarget,
    content: readonly PartitionContent[],
    sealer: Sealer,
  ): Promise<WrittenSegment> {
    const { disk, directory, sealedAt, sizes } = this.#parts;
    const { segment, existing } = target;
    const path = join(directory, segmentName(segment));
    const file = await disk.open(path, existing === undefined ? 'create' : 'write');
    try {
      const start = existing?.entry.length ?? 0;
      const bytes = Math.min(WRITE_BYTES, sizes.segmentBytesMax);
      this.#buffers ??= [sharedBytes(bytes), sharedBytes(bytes)];
      await using out = new SequentialWriter(file, start, this.#buffers, sealedAt);
      if (existing === undefined) await out.write(encodeSegmentHeader(segment, target.log, target.logId));
      const indexed: IndexedPartition[] = [];
      let written = 0;
      for (const { partition, last, lastTimeMs, groups } of content) {
        const runs: SegmentRun[] = [...(existing?.runs.get(partition) ?? [])];
        for (const run of groups?.split(sizes.runBytes) ?? []) {
          runs.push(await writeRun(out, target, partition, run, sealer));
          written += run.dataBytes;
        }
        indexed.push({ partition, last, lastTimeMs, runs });
      }
      await out.flush();
      await writeIndex(out, segment, indexed);
      await out.finish();
      await file.sync();
      return {
        entry: {
          segment,
          length: out.position,
          dataBytes: (existing?.entry.dataBytes ?? 0) + written,
          flushes: (existing?.entry.flushes ?? 0) + 1,
        },
        bytesWritten: out.position - start,
      };
    } finally {
      await file.close();
    }
  }
}

/** Writes another index behind what counts of a segment, for `millrace doctor --repair`; it counts once the manifest says so. */
export async function rewriteSegmentIndex(
  disk: Disk,
  directory: string,
  entry: ManifestSegment,
  indexed: readonly IndexedPartition[],
): Promise<ManifestSegment> {
  const file = await disk.open(join(directory, segmentName(entry.segment)), 'write');
  try {
    const buffers: [Buffer, Buffer] = [sharedBytes(WRITE_BYTES), sharedBytes(WRITE_BYTES)];
    await using out = new SequentialWriter(file, entry.length, buffers, { thread: undefined, bytesMin: 0 });
    await writeIndex(out, entry.segment, indexed);
    await out.finish();
    await file.sync();
    return { ...entry, length: out.position };
  } finally {
    await file.close();
  }
}

/** The pages, their directory, the trailer. */
async function writeIndex(
  out: SequentialWriter,
  segment: number,
  indexed: readonly IndexedPartition[],
): Promise<void> {
  const { pages, directory } = encodeSegmentIndex(indexed, out.position);
  for (const page of pages) await out.write(page);
  const trailer = encodeSegmentTrailer({
    segment,
    directoryOffset: out.position,
    directoryBytes: directory.length,
    directoryCrc: crc32(directory),
  });
  await out.write(directory);
  await out.write(trailer);
}

/** Seals groups as one, so that a cipher call is cheap and a read is not much longer than what was asked for. Its checksum is there once `out` is flushed. */
async function writeRun(
  out: SequentialWriter,
  target: SegmentTarget,
  partition: number,
  row: GroupRow,
  sealer: Sealer,
): Promise<SegmentRun> {
  const { first, last, firstTimeMs, lastTimeMs, records } = row;
  const sealedBytes = NONCE_BYTES + row.bytes + TAG_BYTES;
  await out.makeRoom(sealedBytes);
  const ticket = sealer.ticket();
  const offset = out.position;
  const run = {
    offset,
    sealedBytes,
    crc: 0,
    keyId: ticket.keyId,
    records,
    first,
    last,
    firstTimeMs,
    lastTimeMs,
  };
  out.seal(ticket, runAdditional(target.logId, target.segment, partition, first), row, run);
  return run;
}

/** Gathers what is written one after another into large writes; while one is under way, the next is sealed. */
class SequentialWriter implements AsyncDisposable {
  readonly #file: DiskFile;
  readonly #sealedAt: SealPlace;
  #buffer: Buffer;
  /** Of the write under way, or of the one after this. */
  #other: Buffer;
  #filled = 0;
  #flushed: number;
  #writing: Promise<void> = Promise.resolve();
  #plan = new SealPlan();
  /** Who gets the plan's checksums. */
  #summed: { crc: number }[] = [];

  constructor(file: DiskFile, position: number, buffers: readonly [Buffer, Buffer], sealedAt: SealPlace) {
    this.#file = file;
    this.#flushed = position;
    [this.#buffer, this.#other] = buffers;
    this.#sealedAt = sealedAt;
  }

  get position(): number {
    return this.#flushed + this.#filled;
  }

  /** So that the next `count` bytes go into one write. */
  async makeRoom(count: number): Promise<void> {
    if (this.#filled + count <= this.#buffer.length) return;
    await this.flush();
    if (count > this.#buffer.length) this.#buffer = sharedBytes(count);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** There is room. The groups stay where they are until it is flushed, when `run` gets the checksum. */
  seal(ticket: SealTicket, additional: Uint8Array, row: GroupRow, run: { crc: number }): void {
    const start = this.#filled;
    this.#filled += this.#plan.seal(ticket, additional, row.pieces(), start);
    this.#plan.sum(start, this.#filled);
    this.#summed.push(run);
  }

  /** Seals what was gathered and begins to write it, after the write before it. */
  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    const checksums = await this.#plan.run(this.#buffer, this.#sealedAt);
    this.#summed.forEach((run, i) => (run.crc = checksums[i]!));
    this.#plan = new SealPlan();
    this.#summed = [];
    await this.#writing;
    this.#writing = this.#file.write(this.#buffer, 0, this.#filled, this.#flushed);
    // Whoever waits for it next is told.
    this.#writing.catch(() => {});
    [this.#buffer, this.#other] = [this.#other, this.#buffer];
    this.#flushed += this.#filled;
    this.#filled = 0;
  }

  /** Everything is in the file. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#writing;
  }

  /** After a failure a write may still be under way: neither its file nor its buffer is free before it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => {});
  }
}
