/**
 * Writes records into a segment: runs of one partition after another, each sealed as one, then the index of all runs that the
 * segment has by now, then the trailer. Nothing of it counts until the manifest names the new length.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from '../../host/host.ts';
import { NONCE_BYTES, TAG_BYTES, type Sealer } from '../../keys/sealing.ts';
import { groupCount, groupDataBytes, groupFirst, groupTimeMs } from '../record-group.ts';
import type { GroupRow } from './group-row.ts';
import type { ManifestSegment } from './manifest-state.ts';
import {
  encodeSegmentHeader,
  encodeSegmentIndex,
  encodeSegmentTrailer,
  runAdditional,
  segmentName,
  type IndexedPartition,
  type SegmentRun,
} from './segment-format.ts';

const WRITE_BYTES = 1024 * 1024;

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

/** Writes and syncs the file; its name is durable once the caller has synced the directory. */
export async function writeSegment(
  disk: Disk,
  directory: string,
  target: SegmentTarget,
  content: readonly PartitionContent[],
  sealer: Sealer,
  runBytes: number,
): Promise<WrittenSegment> {
  const { segment, existing } = target;
  const path = join(directory, segmentName(segment));
  const file = await disk.open(path, existing === undefined ? 'create' : 'write');
  try {
    const start = existing?.entry.length ?? 0;
    const out = new SequentialWriter(file, start);
    if (existing === undefined) await out.write(encodeSegmentHeader(segment, target.log, target.logId));
    const indexed: IndexedPartition[] = [];
    let written = 0;
    for (const { partition, last, lastTimeMs, groups } of content) {
      const runs: SegmentRun[] = [...(existing?.runs.get(partition) ?? [])];
      for (const run of groups?.split(runBytes) ?? []) {
        const { entry, dataBytes } = await writeRun(out, target, partition, run, sealer);
        runs.push(entry);
        written += dataBytes;
      }
      indexed.push({ partition, last, lastTimeMs, runs });
    }
    await writeIndex(out, segment, indexed);
    await out.flush();
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

/** Writes another index behind what counts of a segment, for `millrace doctor --repair`; it counts once the manifest says so. */
export async function rewriteSegmentIndex(
  disk: Disk,
  directory: string,
  entry: ManifestSegment,
  indexed: readonly IndexedPartition[],
): Promise<ManifestSegment> {
  const file = await disk.open(join(directory, segmentName(entry.segment)), 'write');
  try {
    const out = new SequentialWriter(file, entry.length);
    await writeIndex(out, entry.segment, indexed);
    await out.flush();
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

/** Seals groups as one, so that a cipher call is cheap and a read is not much longer than what was asked for. */
async function writeRun(
  out: SequentialWriter,
  target: SegmentTarget,
  partition: number,
  row: GroupRow,
  sealer: Sealer,
): Promise<{ entry: SegmentRun; dataBytes: number }> {
  const plain: Uint8Array[] = [];
  let plainBytes = 0;
  let records = 0;
  let dataBytes = 0;
  for (let i = 0; i < row.length; i++) {
    const { bytes } = row.slabs[i]!;
    const start = row.starts[i]!;
    const size = row.bytesOf(i);
    plain.push(bytes.subarray(start, start + size));
    plainBytes += size;
    records += groupCount(bytes, start);
    dataBytes += groupDataBytes(bytes, start);
  }
  const sealedBytes = NONCE_BYTES + plainBytes + TAG_BYTES;
  const offset = out.position;
  const room = await out.reserve(sealedBytes);
  const { keyId } = sealer;
  const first = groupFirst(row.slabs[0]!.bytes, row.starts[0]!);
  const firstTimeMs = groupTimeMs(row.slabs[0]!.bytes, row.starts[0]!);
  const additional = runAdditional(target.logId, target.segment, partition, first);
  sealer.seal(plain, additional, room.bytes, room.offset);
  const crc = crc32(room.bytes.subarray(room.offset, room.offset + sealedBytes));
  const { last, lastTimeMs } = row;
  const entry = { offset, sealedBytes, crc, keyId, records, first, last, firstTimeMs, lastTimeMs };
  return { entry, dataBytes };
}

/** Gathers what is written one after another into large writes. */
class SequentialWriter {
  readonly #file: DiskFile;
  #buffer = Buffer.allocUnsafeSlow(WRITE_BYTES);
  #filled = 0;
  #written: number;

  constructor(file: DiskFile, position: number) {
    this.#file = file;
    this.#written = position;
  }

  get position(): number {
    return this.#written + this.#filled;
  }

  /** Room for exactly `count` bytes, which the caller fills before it asks for more. */
  async reserve(count: number): Promise<{ bytes: Buffer; offset: number }> {
    if (this.#filled + count > this.#buffer.length) {
      await this.flush();
      if (count > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(count);
    }
    const offset = this.#filled;
    this.#filled += count;
    return { bytes: this.#buffer, offset };
  }

  async write(bytes: Uint8Array): Promise<void> {
    const room = await this.reserve(bytes.length);
    room.bytes.set(bytes, room.offset);
  }

  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    await this.#file.write(this.#buffer, 0, this.#filled, this.#written);
    this.#written += this.#filled;
    this.#filled = 0;
  }
}
