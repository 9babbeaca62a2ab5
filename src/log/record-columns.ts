/** What a read found, as columns: a page of ten thousand small records without an object for each. */
import type { LogRecord, Position, ReadColumns, ReadResult } from './log.ts';
import type { Slab } from './slab.ts';

const CAPACITY_MIN = 64;
/** Columns of at least this capacity are used again. */
const LARGE_CAPACITY = 4096;
const FREE_MAX = 4;

type NumberColumns = {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly positions: Float64Array;
  readonly timesMs: Float64Array;
};

/** Of large reads that were released. */
const free: NumberColumns[] = [];
const NONE = numberColumns(0);

function numberColumns(capacity: number): NumberColumns {
  return {
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
  readonly sources: Uint8Array[] = [];
  starts: Int32Array = new Int32Array(CAPACITY_MIN);
  ends: Int32Array = new Int32Array(CAPACITY_MIN);
  positions: Float64Array = new Float64Array(CAPACITY_MIN);
  timesMs: Float64Array = new Float64Array(CAPACITY_MIN);
  readonly #held: Slab[] = [];
  readonly #lengthMax: number;

  /** No more records than `lengthMax` are added. */
  constructor(lengthMax = Number.POSITIVE_INFINITY) {
    this.#lengthMax = lengthMax;
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
    const { starts, ends, positions, timesMs } = this;
    if (free.length < FREE_MAX) free.push({ starts, ends, positions, timesMs });
    this.#use(NONE);
  }

  add(source: Uint8Array, start: number, end: number, position: number, timeMs: number): void {
    const index = this.length++;
    if (index === this.starts.length) this.#grow();
    this.sources.push(source);
    this.starts[index] = start;
    this.ends[index] = end;
    this.positions[index] = position;
    this.timesMs[index] = timeMs;
  }

  /** Forgets the records after `position`. */
  cut(position: Position): void {
    while (this.length > 0 && this.lastPosition > position) {
      this.length--;
      this.sources.pop();
    }
  }

  /** 0 when there is none. */
  get lastPosition(): Position {
    return (this.length === 0 ? 0 : this.positions[this.length - 1]!) as Position;
  }

  #grow(): void {
    const capacity = Math.min((this.length - 1) * 4, this.#lengthMax);
    const reused = capacity < LARGE_CAPACITY ? undefined : free.pop();
    const fits = reused !== undefined && reused.starts.length >= capacity;
    const grown = fits ? reused : numberColumns(capacity);
    grown.starts.set(this.starts);
    grown.ends.set(this.ends);
    grown.positions.set(this.positions);
    grown.timesMs.set(this.timesMs);
    this.#use(grown);
  }

  #use({ starts, ends, positions, timesMs }: NumberColumns): void {
    this.starts = starts;
    this.ends = ends;
    this.positions = positions;
    this.timesMs = timesMs;
  }
}

/** The same with an object for each record. */
export function asRecords({ records, after, atEnd }: ReadColumns): ReadResult {
  const list = records.sources.map((source, index): LogRecord => {
    const position = records.positions[index]! as Position;
    const bytes = source.subarray(records.starts[index], records.ends[index]);
    return { position, timeMs: records.timesMs[index]!, bytes };
  });
  return { records: list, after, atEnd };
}

export function asColumns({ records, after, atEnd }: ReadResult): ReadColumns {
  const columns = new RecordColumns();
  for (const { bytes, position, timeMs } of records) columns.add(bytes, 0, bytes.length, position, timeMs);
  return { records: columns, after, atEnd };
}
