/**
 * Reads segments: an index and a run at a time, each checked, kept in caches bounded by bytes. Which segment holds a position is
 * found by a binary search over the segments' indexes, because each index says of every partition how far it had come; so
 * nothing is read at the start, and memory does not grow with the data.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Arenas, roomIn } from '../../base/arena.ts';
import type { Disk, DiskFile } from '../../host/host.ts';
import type { Sealers } from '../../keys/sealing.ts';
import { groupLast, groupStarts, groupTimeMs } from '../record-group.ts';
import { Slab } from '../slab.ts';
import { ByteCache } from './byte-cache.ts';
import { LogUnreadableError } from '../log.ts';
import { errorCode, LogDamagedError } from './damage.ts';
import { OpenFiles } from './open-files.ts';
import type { LogState } from './log-state.ts';
import type { ManifestSegment } from './manifest-state.ts';
import {
  decodeDirectory,
  decodeSegmentTrailer,
  IndexPage,
  runAdditional,
  segmentName,
  SEGMENT_TRAILER_BYTES,
  type IndexedPartition,
  type IndexPageEntry,
  type SegmentRun,
} from './segment-format.ts';

/** What is kept of a run beside the memory that its bytes lie in. */
const GROUP_OVERHEAD_BYTES = 8;
const DIRECTORY_ENTRY_COST_BYTES = 80;
const OPEN_FILES_MAX = 64;
const SEALED_BYTES_KEPT = 2 * 1024 * 1024;
const PLAIN_BYTES_KEPT = 4 * 1024 * 1024;
const LARGE_READ_BYTES = 1024 * 1024;
/** The memory that large runs are read and opened to: a full run's, and a little. It is used again. */
const RUN_ROOM_BYTES = 264 * 1024;
const LARGE_RUN_BYTES = RUN_ROOM_BYTES / 2;

/** A run's groups: they begin at `starts` of the slab, which whoever got the run holds and has to let go of. */
export type PlainRun = { readonly slab: Slab; readonly starts: readonly number[] };

const NO_ROOM = Buffer.alloc(0);

export class SegmentReader {
  readonly #directory: string;
  readonly #sealers: Sealers;
  readonly #files: OpenFiles;
  readonly #directories: ByteCache<readonly IndexPageEntry[]>;
  readonly #pages: ByteCache<IndexPage>;
  readonly #runs: ByteCache<PlainRun>;
  /** Where runs are read to, to be opened at once. */
  readonly #sealedRuns = new Arenas(SEALED_BYTES_KEPT);
  /** Where they are opened to. */
  readonly #plainRuns = new Arenas(PLAIN_BYTES_KEPT);

  constructor(options: {
    disk: Disk;
    directory: string;
    sealers: Sealers;
    indexCacheBytes: number;
    runCacheBytes: number;
  }) {
    this.#files = new OpenFiles(options.disk, OPEN_FILES_MAX);
    this.#directory = options.directory;
    this.#sealers = options.sealers;
    this.#directories = new ByteCache(options.indexCacheBytes / 4);
    this.#pages = new ByteCache((options.indexCacheBytes / 4) * 3);
    this.#runs = new ByteCache(options.runCacheBytes, ({ slab }) => slab.letGo());
  }

  get cachedBytes(): number {
    return this.#directories.bytes + this.#pages.bytes + this.#runs.bytes;
  }

  /** The first run of a partition that reaches beyond `after`; undefined when no segment has one. */
  async runAfter(log: LogState, partition: number, after: number): Promise<PlainRun | undefined> {
    const { segments } = log;
    let at = await this.#firstSegment(segments, partition, (reached) => reached.last > after);
    for (; at < segments.length; at++) {
      const segment = segments[at]!;
      const runs = (await this.#indexed(segment, partition))?.runs ?? [];
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
      const runs = (await this.#indexed(segment, partition))?.runs ?? [];
      const next = runs.findIndex((run) => run.lastTimeMs >= timeMs);
      const run = runs[next];
      if (run !== undefined && run.firstTimeMs < timeMs) {
        const { slab, starts } = await this.#run(log, segment, partition, run);
        const before = starts.findLast((start) => groupTimeMs(slab.bytes, start) < timeMs);
        const last = before === undefined ? undefined : groupLast(slab.bytes, before);
        slab.letGo();
        if (last !== undefined) return last;
      }
      const earlier = runs.at(next === -1 ? -1 : next - 1);
      if (next !== 0 && earlier !== undefined) return earlier.last;
    }
    const previous = segments[at - 1];
    if (previous === undefined) return 0;
    return (await this.#indexed(previous, partition))?.last ?? 0;
  }

  /** Everything that a segment's index says, page by page, past the cache. */
  async *indexedPartitions(segment: ManifestSegment): AsyncGenerator<IndexedPartition, void, void> {
    for (const entry of await this.#directoryOf(segment)) {
      const page = await this.#withFile(segment.segment, (file) => readPage(file, segment, entry));
      yield* page.partitions();
    }
  }

  async #indexed(segment: ManifestSegment, partition: number): Promise<IndexedPartition | undefined> {
    const directory = await this.#directoryOf(segment);
    const entry = directory.findLast(({ firstPartition }) => firstPartition <= partition);
    if (entry === undefined) return undefined;
    const name = `${segment.segment}:${entry.offset}`;
    let page = this.#pages.get(name);
    if (page === undefined) {
      page = await this.#withFile(segment.segment, (file) => readPage(file, segment, entry));
      this.#pages.set(name, page, page.bytes.length);
    }
    return page.partition(partition);
  }

  async #directoryOf(segment: ManifestSegment): Promise<readonly IndexPageEntry[]> {
    const name = `${segment.segment}:${segment.length}`;
    const cached = this.#directories.get(name);
    if (cached !== undefined) return cached;
    const directory = await this.#withFile(segment.segment, (file) => readDirectory(file, segment));
    this.#directories.set(name, directory, 64 + directory.length * DIRECTORY_ENTRY_COST_BYTES);
    return directory;
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
      const indexed = await this.#indexed(segments[middle]!, partition);
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
  ): Promise<PlainRun> {
    const name = `${segment}:${run.offset}`;
    const cached = this.#runs.get(name);
    if (cached !== undefined) {
      cached.slab.hold();
      return cached;
    }
    const slab = await this.#withFile(segment, async (file) => {
      const arena = this.#sealedRuns.take();
      try {
        const room = roomIn(arena, roomBytes(run));
        const sealed = await readExactly(file, run.offset, run.sealedBytes, room);
        return this.#open(file, log, segment, partition, run, sealed);
      } finally {
        this.#sealedRuns.give(arena);
      }
    });
    const opened = { slab, starts: groupStarts(slab.bytes, 0, slab.bytes.length) };
    slab.hold();
    slab.hold();
    const keptBytes = slab.bytes.buffer.byteLength + opened.starts.length * GROUP_OVERHEAD_BYTES;
    this.#runs.set(name, opened, keptBytes);
    return opened;
  }

  /** What opens is what was sealed, so its checksum is asked for only when it does not: it tells damage from a wrong key. */
  #open(
    file: DiskFile,
    log: LogState,
    segment: number,
    partition: number,
    run: SegmentRun,
    sealed: Buffer | undefined,
  ): Slab {
    // What is small is kept for long in memory of its own.
    const arena = run.sealedBytes < LARGE_RUN_BYTES ? undefined : this.#plainRuns.take();
    try {
      if (sealed === undefined) throw new RangeError('the file ends before');
      const additional = runAdditional(log.id, segment, partition, run.first);
      const room = arena === undefined ? undefined : roomIn(arena, roomBytes(run));
      const plain = this.#sealers.sealer(log.id).open(run.keyId, sealed, additional, room);
      return new Slab(Buffer.from(plain.buffer, plain.byteOffset, plain.length), () => {
        if (arena !== undefined) this.#plainRuns.give(arena);
      });
    } catch (cause) {
      if (arena !== undefined) this.#plainRuns.give(arena);
      const where = `the ${run.sealedBytes} bytes at byte ${run.offset}`;
      if (sealed === undefined || crc32(sealed) !== run.crc) {
        throw new LogDamagedError(
          file.path,
          `the checksum of ${where} does not match`,
          `${run.records} records of partition ${partition} of log ${log.id}, positions ${run.first} to ${run.last},`,
        );
      }
      const found = `${where} have the right checksum, but do not open with their key`;
      const damage = new LogDamagedError(file.path, found, `${run.records} records`);
      damage.cause = cause;
      throw damage;
    }
  }

  async #withFile<Result>(segment: number, use: (file: DiskFile) => Promise<Result>): Promise<Result> {
    const path = join(this.#directory, segmentName(segment));
    try {
      const opened = await this.#files.take(path);
      try {
        return await use(opened.file);
      } finally {
        await this.#files.giveBack(opened);
      }
    } catch (cause) {
      const code = errorCode(cause);
      if (code === undefined) throw cause;
      // With its code: a segment that is removed just now is looked for anew.
      throw Object.assign(new LogUnreadableError(`${path} cannot be read (${code}).`, { cause }), { code });
    }
  }

  /** Closes the file of a segment that is removed; who reads it now ends undisturbed. */
  async forget(segment: number): Promise<void> {
    await this.#files.forget(join(this.#directory, segmentName(segment)));
  }

  async close(): Promise<void> {
    await this.#files.close();
  }
}

/** Large runs are nearly of one length: memory of just one's would not do for the next. */
function roomBytes({ sealedBytes }: SegmentRun): number {
  if (sealedBytes < LARGE_RUN_BYTES) return sealedBytes;
  return Math.max(RUN_ROOM_BYTES, Math.min(sealedBytes, LARGE_READ_BYTES));
}

/** Reads and checks the directory of index pages that a segment's counted length ends with. */
export async function readDirectory(
  file: DiskFile,
  segment: ManifestSegment,
): Promise<readonly IndexPageEntry[]> {
  const end = segment.length - SEGMENT_TRAILER_BYTES;
  const bytes = await readExactly(file, end, SEGMENT_TRAILER_BYTES);
  const trailer = bytes && decodeSegmentTrailer(bytes);
  if (trailer === undefined || trailer.segment !== segment.segment) {
    throw indexDamaged(file, segment, `there is no valid trailer at byte ${end}`);
  }
  const directory = await readExactly(file, trailer.directoryOffset, trailer.directoryBytes);
  if (directory === undefined || crc32(directory) !== trailer.directoryCrc) {
    const found = `the checksum of the index directory at byte ${trailer.directoryOffset} does not match`;
    throw indexDamaged(file, segment, found);
  }
  return decodeDirectory(directory);
}

export async function readPage(
  file: DiskFile,
  segment: ManifestSegment,
  entry: IndexPageEntry,
): Promise<IndexPage> {
  const bytes = await readExactly(file, entry.offset, entry.bytes);
  if (bytes === undefined || crc32(bytes) !== entry.crc) {
    const found = `the checksum of the index page at byte ${entry.offset} does not match`;
    throw indexDamaged(file, segment, found);
  }
  return new IndexPage(bytes);
}

function indexDamaged(file: DiskFile, segment: ManifestSegment, found: string): LogDamagedError {
  return new LogDamagedError(file.path, found, `up to ${segment.dataBytes} bytes of records`);
}

/** Reads into `room`, when it is given and large enough, else into memory of its own. Undefined when the file ends before. */
export async function readExactly(
  file: DiskFile,
  position: number,
  length: number,
  room: Buffer = NO_ROOM,
): Promise<Buffer | undefined> {
  if (position < 0) return undefined;
  // A length that is no length of the file's must not cost gigabytes before that is noticed.
  if (length > LARGE_READ_BYTES && position + length > (await file.size())) return undefined;
  const bytes = room.length >= length ? room.subarray(0, length) : Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(bytes, filled, length - filled, position + filled);
    if (count === 0) return undefined;
    filled += count;
  }
  return bytes;
}
