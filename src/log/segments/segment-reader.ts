/**
 * Reads segments: an index and a run at a time, each checked, kept in caches bounded by bytes. Which segment holds a position is
 * found by a binary search over the segments' indexes, because each index says of every partition how far it had come; so
 * nothing is read at the start, and memory does not grow with the data.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from '../../host/host.ts';
import type { Sealers } from '../../keys/sealing.ts';
import { decodeGroups, lastPosition, type RecordGroup } from '../record-group.ts';
import { ByteCache } from './byte-cache.ts';
import { LogDamagedError } from './damage.ts';
import type { LogState } from './log-state.ts';
import type { ManifestSegment } from './manifest-state.ts';
import {
  decodeSegmentTrailer,
  runAdditional,
  SegmentIndex,
  segmentName,
  SEGMENT_TRAILER_BYTES,
  type SegmentRun,
} from './segment-format.ts';

/** Decoded groups cost more than their bytes. */
const GROUP_OVERHEAD_BYTES = 120;

export class SegmentReader {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #sealers: Sealers;
  readonly #indexes: ByteCache<SegmentIndex>;
  readonly #runs: ByteCache<readonly RecordGroup[]>;

  constructor(options: {
    disk: Disk;
    directory: string;
    sealers: Sealers;
    indexCacheBytes: number;
    runCacheBytes: number;
  }) {
    this.#disk = options.disk;
    this.#directory = options.directory;
    this.#sealers = options.sealers;
    this.#indexes = new ByteCache(options.indexCacheBytes);
    this.#runs = new ByteCache(options.runCacheBytes);
  }

  get cachedBytes(): number {
    return this.#indexes.bytes + this.#runs.bytes;
  }

  /** The groups of the first run of a partition that reaches beyond `after`; undefined when no segment has one. */
  async runAfter(
    log: LogState,
    partition: number,
    after: number,
  ): Promise<readonly RecordGroup[] | undefined> {
    const { segments } = log;
    let at = await this.#firstSegment(segments, partition, (reached) => reached.last > after);
    for (; at < segments.length; at++) {
      const segment = segments[at]!;
      const runs = (await this.index(segment)).partition(partition)?.runs ?? [];
      const run = runs.find((candidate) => candidate.last > after);
      if (run !== undefined) return this.#run(log, segment, partition, run);
    }
    return undefined;
  }

  /** The newest position of a partition in segments whose time is before `timeMs`, or 0. */
  async positionBefore(log: LogState, partition: number, timeMs: number): Promise<number> {
    const { segments } = log;
    const at = await this.#firstSegment(segments, partition, (reached) => reached.lastTimeMs >= timeMs);
    const segment = segments[at];
    if (segment !== undefined) {
      const runs = (await this.index(segment)).partition(partition)?.runs ?? [];
      const next = runs.findIndex((run) => run.lastTimeMs >= timeMs);
      const run = runs[next];
      if (run !== undefined && run.firstTimeMs < timeMs) {
        const groups = await this.#run(log, segment, partition, run);
        const before = groups.findLast((group) => group.timeMs < timeMs);
        if (before !== undefined) return lastPosition(before);
      }
      const earlier = runs.at(next === -1 ? -1 : next - 1);
      if (next !== 0 && earlier !== undefined) return earlier.last;
    }
    const previous = segments[at - 1];
    if (previous === undefined) return 0;
    return (await this.index(previous)).partition(partition)?.last ?? 0;
  }

  async index(segment: ManifestSegment): Promise<SegmentIndex> {
    const name = indexName(segment);
    const cached = this.#indexes.get(name);
    if (cached !== undefined) return cached;
    const index = await this.#withFile(segment.segment, (file) => readIndex(file, segment));
    this.#indexes.set(name, index, index.bytes.length);
    return index;
  }

  /** Forgets what is cached of a segment's index, when it is removed. */
  forget(segment: ManifestSegment): void {
    this.#indexes.delete(indexName(segment));
  }

  /** Index of the first segment that has come as far with the partition as `reached` asks; the count when none has. */
  async #firstSegment(
    segments: readonly ManifestSegment[],
    partition: number,
    reached: (progress: { last: number; lastTimeMs: number }) => boolean,
  ): Promise<number> {
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const indexed = (await this.index(segments[middle]!)).partition(partition);
      if (indexed !== undefined && reached(indexed)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  async #run(
    log: LogState,
    { segment }: ManifestSegment,
    partition: number,
    run: SegmentRun,
  ): Promise<readonly RecordGroup[]> {
    const name = `${segment}:${run.offset}`;
    const cached = this.#runs.get(name);
    if (cached !== undefined) return cached;
    const plain = await this.#withFile(segment, async (file) => {
      const sealed = await readExactly(file, run.offset, run.sealedBytes);
      if (sealed === undefined || crc32(sealed) !== run.crc) {
        throw new LogDamagedError(
          file.path,
          `the checksum of the ${run.sealedBytes} bytes at byte ${run.offset} does not match`,
          `${run.records} records of partition ${partition} of log ${log.id}, positions ${run.first} to ${run.last},`,
        );
      }
      const additional = runAdditional(log.id, segment, partition, run.first);
      return this.#sealers.sealer(log.id).open(run.keyId, sealed, additional);
    });
    const groups = [...decodeGroups(plain, 0, plain.length)];
    this.#runs.set(name, groups, plain.length + groups.length * GROUP_OVERHEAD_BYTES);
    return groups;
  }

  async #withFile<Result>(segment: number, use: (file: DiskFile) => Promise<Result>): Promise<Result> {
    const file = await this.#disk.open(join(this.#directory, segmentName(segment)), 'read');
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
}

/** Reads and checks the index that a segment's counted length ends with. */
export async function readIndex(file: DiskFile, segment: ManifestSegment): Promise<SegmentIndex> {
  const damaged = (found: string) =>
    new LogDamagedError(file.path, found, `${segment.dataBytes} bytes of records`);
  const end = segment.length - SEGMENT_TRAILER_BYTES;
  const bytes = await readExactly(file, end, SEGMENT_TRAILER_BYTES);
  const trailer = bytes && decodeSegmentTrailer(bytes);
  if (trailer === undefined || trailer.segment !== segment.segment) {
    throw damaged(`there is no valid trailer at byte ${end}`);
  }
  const index = await readExactly(file, trailer.indexOffset, trailer.indexBytes);
  if (index === undefined || crc32(index) !== trailer.indexCrc) {
    throw damaged(`the checksum of the index at byte ${trailer.indexOffset} does not match`);
  }
  return new SegmentIndex(index);
}

/** Undefined when the file ends before. */
export async function readExactly(
  file: DiskFile,
  position: number,
  length: number,
): Promise<Buffer | undefined> {
  if (position < 0) return undefined;
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(bytes, filled, length - filled, position + filled);
    if (count === 0) return undefined;
    filled += count;
  }
  return bytes;
}

function indexName(segment: ManifestSegment): string {
  return `${segment.segment}:${segment.length}`;
}
