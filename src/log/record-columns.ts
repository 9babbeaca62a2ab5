/** What a read found, as columns: a page of ten thousand small records without an object for each. */
import type { LogRecord, Position, ReadColumns, ReadResult } from './log.ts';
import type { Slab } from './slab.ts';

const CAPACITY_MIN = 64;
/** Columns of at least this capacity are used again. */
const LARGE_CAPACITY = 4096;
const FREE_MAX = 4;

type Columns = {
  readonly sources: Uint8Array[];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly positions: Float64Array;
  readonly timesMs: Float64Array;
};

/** Of large reads that were released. */
const free: Columns[] = [];
const NO_BYTES = new Uint8Array(0);
const NONE = columnsFor(0);

function columnsFor(capacity: number): Columns {
  return {
    sources: [],
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
    positions: new Float64Array(capacity),
    timesMs: new Float64Array(capacity),
  };
}

/**
 * Record i is the bytes from `starts[i]` to `ends[i]` of `sources[i]`, which stay valid and unchanged until `release`. Whoever is done
 * with the records says so, and their memory is used again; who never does is served as well, and the collector has more to do.
 */
export class RecordColumns {
  length = 0;
  /** May have more than there are records. */
  sources: Uint8Array[] = [];
  starts: Int32Array = NONE.starts;
  ends: Int32Array = NONE.ends;
  positions: Float64Array = NONE.positions;
  timesMs: Float64Array = NONE.timesMs;
  readonly #held: Slab[] = [];
  readonly #lengthMax: number;

  /** No more records than `lengthMax` are added. */
  constructor(lengthMax = Number.POSITIVE_INFINITY) {
    this.#lengthMax = lengthMax;
    this.#use(columnsFor(CAPACITY_MIN));
  }

  /** Keeps the slab, which records that are about to be added lie in, from being used again. */
  hold(slab: Slab): void {
    if (this.#held.at(-1) === slab) return;
    slab.hold();
    this.#held.push(slab);
  }

  /** The records are not looked at any more. Doing it again does no harm. */
  release(): void {
    for (const slab of this.#held) slab.letGo();
    this.#held.length = 0;
    if (this.starts.length < LARGE_CAPACITY) return;
    const { sources, starts, ends, positions, timesMs } = this;
    if (free.length < FREE_MAX) {
      for (let index = 0; index < this.length; index++) sources[index] = NO_BYTES;
      free.push({ sources, starts, ends, positions, timesMs });
    }
    this.#use(NONE);
  }

  add(source: Uint8Array, start: number, end: number, position: number, timeMs: number): void {
    this.makeRoom(1);
    const index = this.length++;
    this.sources[index] = source;
    this.starts[index] = start;
    this.ends[index] = end;
    this.positions[index] = position;
    this.timesMs[index] = timeMs;
  }

  /** Forgets the records after `position`. */
  cut(position: Position): void {
    while (this.length > 0 && this.lastPosition > position) this.length--;
  }

  /** 0 when there is none. */
  get lastPosition(): Position {
    return (this.length === 0 ? 0 : this.positions[this.length - 1]!) as Position;
  }

  /** For so many more records, which may then be set in the columns, and `length` behind them. */
  makeRoom(count: number): void {
    const needed = this.length + count;
    if (needed <= this.starts.length) return;
    const capacity = Math.max(needed, Math.min(this.starts.length * 4, this.#lengthMax));
    const reused = capacity < LARGE_CAPACITY ? undefined : free.pop();
    const fits = reused !== undefined && reused.starts.length >= capacity;
    const grown = fits ? reused : columnsFor(capacity);
    for (let index = 0; index < this.length; index++) grown.sources[index] = this.sources[index]!;
    grown.starts.set(this.starts);
    grown.ends.set(this.ends);
    grown.positions.set(this.positions);
    grown.timesMs.set(this.timesMs);
    this.#use(grown);
  }

  #use({ sources, starts, ends, positions, timesMs }: Columns): void {
    this.sources = sources;
    this.starts = starts;
    this.ends = ends;
    this.positions = positions;
    this.timesMs = timesMs;
  }
}

/** The same with an object for each record. */
export function asRecords({ records, after, atEnd }: ReadColumns): ReadResult {
  const list = Array.from({ length: records.length }, (_, index): LogRecord => {
    const position = records.positions[index]! as Position;
    const bytes = records.sources[index]!.subarray(records.starts[index], records.ends[index]);
    return { position, timeMs: records.timesMs[index]!, bytes };
  });
  return { records: list, after, atEnd };
}

export function asColumns({ records, after, atEnd }: ReadResult): ReadColumns {
  const columns = new RecordColumns();
  for (const { bytes, position, timeMs } of records) columns.add(bytes, 0, bytes.length, position, timeMs);
  return { records: columns, after, atEnd };
}
