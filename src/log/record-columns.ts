/** What a read found, as columns: a page of ten thousand small records without an object for each. */
import type { LogRecord, Position, ReadColumns, ReadResult } from './log.ts';
import type { Slab } from './slab.ts';

const CAPACITY_MIN = 64;

/**
 * Record i is the bytes from `starts[i]` to `ends[i]` of `sources[i]`, which stay valid and unchanged until `release`. Whoever is done
 * with the records says so, and their memory is used again; who never does is served as well, and the collector has more to do.
 */
export class RecordColumns {
  length = 0;
  readonly sources: Uint8Array[] = [];
  starts = new Int32Array(CAPACITY_MIN);
  ends = new Int32Array(CAPACITY_MIN);
  positions = new Float64Array(CAPACITY_MIN);
  timesMs = new Float64Array(CAPACITY_MIN);
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

  /** 0 when there is none. */
  get lastPosition(): Position {
    return (this.length === 0 ? 0 : this.positions[this.length - 1]!) as Position;
  }

  #grow(): void {
    const capacity = Math.min((this.length - 1) * 4, this.#lengthMax);
    const grown = <A extends Int32Array | Float64Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.starts = grown(new Int32Array(capacity), this.starts);
    this.ends = grown(new Int32Array(capacity), this.ends);
    this.positions = grown(new Float64Array(capacity), this.positions);
    this.timesMs = grown(new Float64Array(capacity), this.timesMs);
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
