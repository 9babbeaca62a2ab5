/**
 * Records that are gathered for one delivery, copied together as they come: a buffer of one partition must not keep the whole read
 * alive that a record of it came with. What is known of a record stands in columns, so that a small record takes little more than its bytes.
 */
import type { Batch, DeliveryRecord, RecordIdentity } from './delivery-record.ts';
import { CHUNK_BYTES_MAX, type MemoryBudget } from './budget.ts';
import type { PackedIdentities } from './packed-identities.ts';
import { IdentitySet } from './ranges.ts';

const CHUNK_BYTES_FIRST = 4 * 1024;
const RECORDS_FIRST = 32;
/** Of the columns, about. */
const RECORD_BYTES = 32;
/** Identities are kept as they come while they make no more rectangles: where partitions alternate, each record is one. */
const RECTANGLES_MAX = 1024;

type Chunk = {
  readonly bytes: Uint8Array;
  /** Index of its first record. */
  readonly first: number;
  used: number;
};

export class RecordBuffer implements Batch {
  length = 0;
  bytes = 0;
  oldestArrivalMs = Number.POSITIVE_INFINITY;
  /** Taken from the budget. */
  heldBytes = 0;
  readonly #budget: MemoryBudget;
  readonly #keepsRaw: boolean;
  readonly #chunks: Chunk[] = [];
  readonly #unitNames: string[] = [];
  /** The lowest position of each unit. */
  readonly held = new Map<string, number>();
  #units = new Uint16Array(RECORDS_FIRST);
  #positions = new Float64Array(RECORDS_FIRST);
  #subs = new Int32Array(RECORDS_FIRST);
  #arrivalsMs = new Float64Array(RECORDS_FIRST);
  /** Where a record ends in its chunk. It begins where the one before it ends. */
  #ends = new Int32Array(RECORDS_FIRST);
  /** How many bytes of its data were there as it came; below 0, it is another text: `-1 - index` of `#raws`. */
  #rawEnds: Int32Array | undefined;
  readonly #raws: Uint8Array[] = [];
  #lastPosition = -1;
  /** Undefined once it had become too large. */
  #identities: IdentitySet | undefined = new IdentitySet();

  /** Without `keepsRaw`, `rawData` is not to be asked for. */
  constructor(budget: MemoryBudget, keepsRaw: boolean) {
    this.#budget = budget;
    this.#keepsRaw = keepsRaw;
  }

  add(record: DeliveryRecord): void {
    const { identity, data, arrivalMs } = record;
    const index = this.length++;
    if (index === this.#ends.length) this.#grow();
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.bytes.length - chunk.used < data.length) {
      chunk = this.#addChunk(data.length, index);
    }
    chunk.bytes.set(data, chunk.used);
    chunk.used += data.length;
    this.#ends[index] = chunk.used;
    this.#positions[index] = identity.position;
    this.#subs[index] = identity.sub;
    this.#units[index] = this.#unitOf(identity);
    this.#arrivalsMs[index] = arrivalMs;
    this.bytes += data.length;
    if (arrivalMs < this.oldestArrivalMs) this.oldestArrivalMs = arrivalMs;
    if (this.#keepsRaw) this.#keepRaw(index, record);
    this.#keepIdentity(identity);
  }

  at(index: number): DeliveryRecord {
    const data = this.#dataOf(index);
    const rawEnd = this.#rawEnds?.[index] ?? data.length;
    const rawData =
      rawEnd < 0 ? this.#raws[-1 - rawEnd]! : rawEnd === data.length ? data : data.subarray(0, rawEnd);
    return { identity: this.identityAt(index), data, rawData, arrivalMs: this.#arrivalsMs[index]! };
  }

  identityAt(index: number): RecordIdentity {
    return {
      unit: this.#unitNames[this.#units[index]!]!,
      position: this.#positions[index]!,
      sub: this.#subs[index]!,
    };
  }

  pieces(): readonly Uint8Array[] {
    return this.#chunks.map(({ bytes, used }) => bytes.subarray(0, used));
  }

  identities(): PackedIdentities {
    if (this.#identities !== undefined) return this.#identities.pack();
    const set = new IdentitySet();
    for (let index = 0; index < this.length; index++) {
      set.add(this.#unitNames[this.#units[index]!]!, this.#positions[index]!, this.#subs[index]!);
    }
    return set.pack();
  }

  /** The end of each record in what `pieces` gives in a row: for threads that go through them. */
  ends(): Int32Array {
    const ends = new Int32Array(this.length);
    let base = 0;
    for (const [number, chunk] of this.#chunks.entries()) {
      const last = this.#chunks[number + 1]?.first ?? this.length;
      for (let index = chunk.first; index < last; index++) ends[index] = base + this.#ends[index]!;
      base += chunk.used;
    }
    return ends;
  }

  /** Gives the memory back. */
  release(): void {
    for (const { bytes } of this.#chunks) this.#budget.giveChunk(bytes);
    const inChunks = this.#chunks.reduce((total, { bytes }) => total + bytes.length, 0);
    this.#chunks.length = 0;
    this.#raws.length = 0;
    const rest = this.heldBytes - inChunks;
    this.heldBytes = 0;
    if (rest > 0) this.#budget.refund(rest);
  }

  #dataOf(index: number): Uint8Array {
    let number = this.#chunks.length - 1;
    if (this.#chunks[number]!.first > index) {
      let low = 0;
      for (let high = number; low < high;) {
        const middle = (low + high + 1) >>> 1;
        if (this.#chunks[middle]!.first <= index) low = middle;
        else high = middle - 1;
      }
      number = low;
    }
    const { bytes, first } = this.#chunks[number]!;
    return bytes.subarray(index === first ? 0 : this.#ends[index - 1], this.#ends[index]);
  }

  #addChunk(needed: number, first: number): Chunk {
    const next = Math.min(CHUNK_BYTES_FIRST * 2 ** this.#chunks.length, CHUNK_BYTES_MAX);
    const bytes = this.#budget.takeChunk(Math.max(next, needed));
    this.heldBytes += bytes.length;
    const chunk: Chunk = { bytes, first, used: 0 };
    this.#chunks.push(chunk);
    return chunk;
  }

  #unitOf({ unit, position }: RecordIdentity): number {
    const last = this.#unitNames.length - 1;
    if (this.#unitNames[last] === unit && position > this.#lastPosition) {
      this.#lastPosition = position;
      return last;
    }
    this.#lastPosition = position;
    if (position < (this.held.get(unit) ?? Number.POSITIVE_INFINITY)) this.held.set(unit, position);
    const found = this.#unitNames.indexOf(unit);
    return found >= 0 ? found : this.#unitNames.push(unit) - 1;
  }

  #keepRaw(index: number, { data, rawData }: DeliveryRecord): void {
    if (rawData === data && this.#rawEnds === undefined) return;
    if (this.#rawEnds === undefined) {
      this.#rawEnds = new Int32Array(this.#ends.length);
      for (let before = 0; before < index; before++) this.#rawEnds[before] = this.#dataOf(before).length;
    }
    if (beginsWith(data, rawData)) {
      this.#rawEnds[index] = rawData.length;
      return;
    }
    this.#rawEnds[index] = -this.#raws.push(rawData.slice());
    this.#charge(rawData.length);
  }

  /** Going through a buffer of half a million records when it is closed would hold up whoever else is served. */
  #keepIdentity({ unit, position, sub }: RecordIdentity): void {
    if (this.#identities === undefined) return;
    this.#identities.add(unit, position, sub);
    if (this.#identities.rectangleCount > RECTANGLES_MAX) this.#identities = undefined;
  }

  #charge(bytes: number): void {
    this.heldBytes += bytes;
    this.#budget.charge(bytes);
  }

  #grow(): void {
    const capacity = this.#ends.length * 2;
    this.#charge((capacity / 2) * RECORD_BYTES);
    this.#units = grown(new Uint16Array(capacity), this.#units);
    this.#positions = grown(new Float64Array(capacity), this.#positions);
    this.#subs = grown(new Int32Array(capacity), this.#subs);
    this.#arrivalsMs = grown(new Float64Array(capacity), this.#arrivalsMs);
    this.#ends = grown(new Int32Array(capacity), this.#ends);
    if (this.#rawEnds !== undefined) this.#rawEnds = grown(new Int32Array(capacity), this.#rawEnds);
  }
}

/** Processing often only adds a delimiter. */
function beginsWith(data: Uint8Array, start: Uint8Array): boolean {
  if (start.length > data.length) return false;
  for (let at = 0; at < start.length; at++) if (data[at] !== start[at]) return false;
  return true;
}

function grown<A extends Uint16Array | Int32Array | Float64Array>(to: A, from: A): A {
  to.set(from);
  return to;
}
