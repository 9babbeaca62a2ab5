/**
 * The bytes of a segment: a header, the sealed runs, an index of all runs in pages, a directory of the pages, a trailer. A run is a
 * row of record groups of one partition, sealed as one. The pages keep a look-up cheap when a log has thousands of partitions. A segment that is written again later gets more runs, and a whole new index and trailer after
 * them; the manifest says which trailer counts. FORMAT.md describes it to the byte.
 */
import { crc32 } from 'node:zlib';
import { readU32, readU64, writeU32, writeU64 } from '../little-endian.ts';
import { ByteWriter } from './byte-writer.ts';

const FILE_MAGIC = Buffer.from('MRSEGM01');
const TRAILER_MAGIC = Buffer.from('MRSEGEND');
const RUN_MAGIC = Buffer.from('MRSEGRUN');
export const SEGMENT_TRAILER_BYTES = 64;
const INDEX_PAGE_PARTITIONS = 64;
const INDEX_HEADER_BYTES = 8;
const INDEX_PARTITION_BYTES = 32;
const INDEX_RUN_BYTES = 64;
const DIRECTORY_ENTRY_BYTES = 24;

export function segmentName(segment: number): string {
  return `segment-${String(segment).padStart(12, '0')}`;
}

/** The number in a segment's name, or undefined for another file's. */
export function segmentOfName(name: string): number | undefined {
  const match = /^segment-(\d{12,})$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** magic 8 · segment u64 · log u32 · log id length u32 · log id · CRC-32 of all before it u32 */
export function encodeSegmentHeader(segment: number, log: number, logId: string): Uint8Array {
  const writer = new ByteWriter().bytes(FILE_MAGIC).u64(segment).u32(log).text(logId);
  return writer.u32(crc32(writer.written())).written();
}

/** What ties a sealed run to its place: its log, segment, partition and first position. */
export function runAdditional(
  logId: string,
  segment: number,
  partition: number,
  firstPosition: number,
): Uint8Array {
  const writer = new ByteWriter(128).bytes(RUN_MAGIC).u64(segment).u32(partition).u64(firstPosition);
  return writer.text(logId).written();
}

/** A run as its index entry describes it. */
export type SegmentRun = {
  readonly offset: number;
  readonly sealedBytes: number;
  /** CRC-32 of the sealed bytes. */
  readonly crc: number;
  readonly keyId: number;
  readonly records: number;
  readonly first: number;
  readonly last: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
};

/** What an index says of one partition. */
export type IndexedPartition = {
  readonly partition: number;
  /** The partition's newest position in this or any earlier segment, and its time. */
  readonly last: number;
  readonly lastTimeMs: number;
  /** Its runs in this segment, oldest first. */
  readonly runs: readonly SegmentRun[];
};

/** Where a page of the index is, and which partition it begins with. */
export type IndexPageEntry = {
  readonly firstPartition: number;
  readonly bytes: number;
  readonly offset: number;
  readonly crc: number;
};

/** The pages and their directory, for partitions in the order of their numbers. The first page stands at `offset` of the file. */
export function encodeSegmentIndex(
  partitions: readonly IndexedPartition[],
  offset: number,
): { pages: Uint8Array[]; directory: Uint8Array } {
  const pages: Uint8Array[] = [];
  const directory = new ByteWriter();
  for (let i = 0; i < partitions.length; i += INDEX_PAGE_PARTITIONS) {
    const page = encodeIndexPage(partitions.slice(i, i + INDEX_PAGE_PARTITIONS));
    pages.push(page);
    directory.u32(partitions[i]!.partition).u32(page.length).u64(offset).u32(crc32(page)).u32(0);
    offset += page.length;
  }
  return { pages, directory: directory.written() };
}

export function decodeDirectory(bytes: Uint8Array): IndexPageEntry[] {
  const entries: IndexPageEntry[] = [];
  for (let at = 0; at + DIRECTORY_ENTRY_BYTES <= bytes.length; at += DIRECTORY_ENTRY_BYTES) {
    entries.push({
      firstPartition: readU32(bytes, at),
      bytes: readU32(bytes, at + 4),
      offset: readU64(bytes, at + 8),
      crc: readU32(bytes, at + 16),
    });
  }
  return entries;
}

function encodeIndexPage(partitions: readonly IndexedPartition[]): Uint8Array {
  const runCount = partitions.reduce((total, partition) => total + partition.runs.length, 0);
  const bytes = new Uint8Array(
    INDEX_HEADER_BYTES + partitions.length * INDEX_PARTITION_BYTES + runCount * INDEX_RUN_BYTES,
  );
  writeU32(bytes, 0, partitions.length);
  writeU32(bytes, 4, runCount);
  let at = INDEX_HEADER_BYTES;
  let firstRun = 0;
  for (const { partition, last, lastTimeMs, runs } of partitions) {
    writeU32(bytes, at, partition);
    writeU32(bytes, at + 4, firstRun);
    writeU32(bytes, at + 8, runs.length);
    writeU64(bytes, at + 16, last);
    writeU64(bytes, at + 24, lastTimeMs);
    at += INDEX_PARTITION_BYTES;
    firstRun += runs.length;
  }
  for (const { runs } of partitions) {
    for (const run of runs) {
      writeU64(bytes, at, run.offset);
      writeU32(bytes, at + 8, run.sealedBytes);
      writeU32(bytes, at + 12, run.crc);
      writeU64(bytes, at + 16, run.keyId);
      writeU32(bytes, at + 24, run.records);
      writeU64(bytes, at + 32, run.first);
      writeU64(bytes, at + 40, run.last);
      writeU64(bytes, at + 48, run.firstTimeMs);
      writeU64(bytes, at + 56, run.lastTimeMs);
      at += INDEX_RUN_BYTES;
    }
  }
  return bytes;
}

/** A page of the index as it lies in the file, searched without being unpacked. */
export class IndexPage {
  readonly bytes: Uint8Array;
  readonly #partitionCount: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#partitionCount = readU32(bytes, 0);
  }

  partition(partition: number): IndexedPartition | undefined {
    let low = 0;
    let high = this.#partitionCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (readU32(this.bytes, partitionAt(middle)) < partition) low = middle + 1;
      else high = middle;
    }
    if (low === this.#partitionCount || readU32(this.bytes, partitionAt(low)) !== partition) return undefined;
    return this.#decode(low);
  }

  *partitions(): Generator<IndexedPartition, void, void> {
    for (let i = 0; i < this.#partitionCount; i++) yield this.#decode(i);
  }

  #decode(index: number): IndexedPartition {
    const at = partitionAt(index);
    const runs: SegmentRun[] = [];
    const firstRun = readU32(this.bytes, at + 4);
    const end = firstRun + readU32(this.bytes, at + 8);
    for (let run = firstRun; run < end; run++) {
      runs.push(this.#decodeRun(partitionAt(this.#partitionCount) + run * INDEX_RUN_BYTES));
    }
    return {
      partition: readU32(this.bytes, at),
      last: readU64(this.bytes, at + 16),
      lastTimeMs: readU64(this.bytes, at + 24),
      runs,
    };
  }

  #decodeRun(at: number): SegmentRun {
    return {
      offset: readU64(this.bytes, at),
      sealedBytes: readU32(this.bytes, at + 8),
      crc: readU32(this.bytes, at + 12),
      keyId: readU64(this.bytes, at + 16),
      records: readU32(this.bytes, at + 24),
      first: readU64(this.bytes, at + 32),
      last: readU64(this.bytes, at + 40),
      firstTimeMs: readU64(this.bytes, at + 48),
      lastTimeMs: readU64(this.bytes, at + 56),
    };
  }
}

function partitionAt(index: number): number {
  return INDEX_HEADER_BYTES + index * INDEX_PARTITION_BYTES;
}

export type SegmentTrailer = {
  readonly segment: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly directoryCrc: number;
};

/** magic 8 · segment u64 · directory offset u64 · its bytes u32 · its CRC-32 u32 · zeros · CRC-32 of all before it u32 */
export function encodeSegmentTrailer(trailer: SegmentTrailer): Uint8Array {
  const bytes = Buffer.alloc(SEGMENT_TRAILER_BYTES);
  bytes.set(TRAILER_MAGIC);
  writeU64(bytes, 8, trailer.segment);
  writeU64(bytes, 16, trailer.directoryOffset);
  writeU32(bytes, 24, trailer.directoryBytes);
  writeU32(bytes, 28, trailer.directoryCrc);
  writeU32(bytes, 60, crc32(bytes.subarray(0, 60)));
  return bytes;
}

export function decodeSegmentTrailer(bytes: Buffer): SegmentTrailer | undefined {
  if (bytes.length !== SEGMENT_TRAILER_BYTES) return undefined;
  if (bytes.compare(TRAILER_MAGIC, 0, 8, 0, 8) !== 0) return undefined;
  if (crc32(bytes.subarray(0, 60)) !== readU32(bytes, 60)) return undefined;
  return {
    segment: readU64(bytes, 8),
    directoryOffset: readU64(bytes, 16),
    directoryBytes: readU32(bytes, 24),
    directoryCrc: readU32(bytes, 28),
  };
}
