/**
 * Writes records into a segment: runs of one partition after another, each sealed as one, then the index of all runs that the
 * segment has by now, then the trailer. Nothing of it counts until the manifest names the new length.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Clock, Disk, DiskFile } from '../../host/host.ts';
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

const WRITE_BYTES = 2 * 1024 * 1024;
const WRITES_AT_ONCE = 4;
/** After so many the file is synced, while more is written: the device does not take turns, and a commit waits until it is done with what was handed to it before. */
const WRITES_UNSYNCED = 2;
/** So many are laid out before others are let go on. */
const RUNS_AT_ONCE = 256;

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
  readonly clock: Clock;
  readonly disk: Disk;
  readonly directory: string;
  readonly sealedAt: SealPlace;
  readonly sizes: Pick<SegmentLogSizes, 'runBytes' | 'segmentBytesMax'>;
};

export class SegmentWriter {
  readonly #parts: SegmentWriterParts;
  /** Made for the first segment, and used again from one to the next. */
  #buffers: readonly Buffer[] | undefined;

  constructor(parts: SegmentWriterParts) {
    this.#parts = parts;
  }

  /** Writes and syncs the file; its name is durable once the caller has synced the directory. One at a time. */
  async write(
    target: SegmentTarget,
    content: readonly PartitionContent[],
    sealer: Sealer,
  ): Promise<WrittenSegment> {
    const { clock, disk, directory, sealedAt, sizes } = this.#parts;
    const { segment, existing } = target;
    const path = join(directory, segmentName(segment));
    const file = await disk.open(path, existing === undefined ? 'create' : 'write');
    try {
      const start = existing?.entry.length ?? 0;
      const bytes = Math.min(WRITE_BYTES, sizes.segmentBytesMax);
      this.#buffers ??= Array.from({ length: WRITES_AT_ONCE }, () => sharedBytes(bytes));
      await using out = new SequentialWriter(file, start, this.#buffers, sealedAt);
      if (existing === undefined) await out.write(encodeSegmentHeader(segment, target.log, target.logId));
      const indexed: IndexedPartition[] = [];
      let written = 0;
      let count = 0;
      for (const { partition, last, lastTimeMs, groups } of content) {
        const runs: SegmentRun[] = [...(existing?.runs.get(partition) ?? [])];
        for (const run of groups?.split(sizes.runBytes) ?? []) {
          runs.push(await writeRun(out, target, partition, run, sealer));
          written += run.dataBytes;
          // With thousands of partitions there are as many runs.
          if (++count % RUNS_AT_ONCE === 0) await clock.turn();
        }
        indexed.push({ partition, last, lastTimeMs, runs });
      }
      // The index has the checksums.
      await out.finish();
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
    const buffers = [sharedBytes(WRITE_BYTES)];
    await using out = new SequentialWriter(file, entry.length, buffers, {
      ...{ thread: undefined, bytesMin: 0, patient: true },
    });
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

/** Seals groups as one, so that a cipher call is cheap and a read is not much longer than what was asked for. Its checksum is there once `out` is finished. */
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

/**
 * Gathers what is written one after another into large writes. Each is sealed and then written while the next are gathered, as many at once as
 * there are buffers: every step waits for a turn of a busy event loop.
 */
class SequentialWriter implements AsyncDisposable {
  readonly #file: DiskFile;
  readonly #sealedAt: SealPlace;
  #buffer: Buffer;
  /** The others, in the order in which they will be free, each with the write that it is in. */
  readonly #others: { readonly buffer: Buffer; readonly written: Promise<void> }[];
  #filled = 0;
  #flushed: number;
  #unsynced = 0;
  readonly #unsyncedMax: number;
  #plan = new SealPlan();
  /** Who gets the plan's checksums. */
  #summed: { crc: number }[] = [];

  constructor(file: DiskFile, position: number, buffers: readonly Buffer[], sealedAt: SealPlace) {
    this.#file = file;
    this.#flushed = position;
    this.#buffer = buffers[0]!;
    this.#others = buffers.slice(1).map((buffer) => ({ buffer, written: Promise.resolve() }));
    this.#sealedAt = sealedAt;
    this.#unsyncedMax = WRITES_UNSYNCED * this.#buffer.length;
  }

  get position(): number {
    return this.#flushed + this.#filled;
  }

  /** So that the next `count` bytes go into one write. */
  async makeRoom(count: number): Promise<void> {
    if (this.#filled + count <= this.#buffer.length) return;
    await this.#flush();
    if (count > this.#buffer.length) this.#buffer = sharedBytes(count);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** There is room. The groups stay where they are until all is `finish`ed, when `run` has the checksum. */
  seal(ticket: SealTicket, additional: Uint8Array, row: GroupRow, run: { crc: number }): void {
    const start = this.#filled;
    this.#filled += this.#plan.seal(ticket, additional, row.pieces(), start);
    this.#plan.sum(start, this.#filled);
    this.#summed.push(run);
  }

  /** Everything is in the file. */
  async finish(): Promise<void> {
    await this.#flush();
    await Promise.all(this.#others.map(({ written }) => written));
  }

  /** After a failure writes may still be under way: neither their file nor their buffers are free before they have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#others.map(({ written }) => written));
  }

  /** Has what was gathered sealed and written; resolves when there is a buffer for more. */
  async #flush(): Promise<void> {
    if (this.#filled === 0) return;
    const written = this.#sealAndWrite(this.#buffer, this.#filled, this.#flushed);
    // Whoever waits for it next is told.
    written.catch(() => {});
    this.#others.push({ buffer: this.#buffer, written });
    this.#flushed += this.#filled;
    this.#filled = 0;
    this.#plan = new SealPlan();
    this.#summed = [];
    const next = this.#others[0]!;
    await next.written;
    this.#others.shift();
    this.#buffer = next.buffer;
  }

  async #sealAndWrite(buffer: Buffer, length: number, at: number): Promise<void> {
    const summed = this.#summed;
    const checksums = await this.#plan.run(buffer, this.#sealedAt);
    summed.forEach((run, i) => (run.crc = checksums[i]!));
    await this.#file.write(buffer, 0, length, at);
    this.#unsynced += length;
    if (this.#unsynced < this.#unsyncedMax) return;
    this.#unsynced = 0;
    await this.#file.sync();
  }
}
