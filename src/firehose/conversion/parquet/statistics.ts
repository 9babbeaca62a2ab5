/**
 * The smallest and the largest value of a column chunk, over values as they stand in a PLAIN page. Parquet defines the order by
 * type; INT96 has none, so timestamps get no bounds. NaN is in no bound, and a zero bounds both zeros.
 */
import {
  BOOLEAN,
  BYTE_ARRAY,
  DOUBLE,
  FIXED_LEN_BYTE_ARRAY,
  FLOAT,
  INT32,
  INT64,
  INT96,
  type PhysicalType,
} from './format.ts';

/** Longer values are no help to a reader that skips, and would make the footer large. As Apache's writer has it. */
const BOUNDS_BYTES_MAX = 4096;

export class Statistics {
  nulls = 0;
  readonly #type: PhysicalType;
  #min: Buffer | undefined;
  #max: Buffer | undefined;

  constructor(type: PhysicalType) {
    this.#type = type;
  }

  /** The value in bytes `start` to `end`, without the length that stands before variable ones. */
  see(bytes: Buffer, start: number, end: number): void {
    const type = this.#type;
    if (type === INT96) return;
    if (type === FLOAT && Number.isNaN(bytes.readFloatLE(start))) return;
    if (type === DOUBLE && Number.isNaN(bytes.readDoubleLE(start))) return;
    if (this.#min === undefined || this.#compare(bytes, start, end, this.#min) < 0)
      this.#min = Buffer.from(bytes.subarray(start, end));
    if (this.#max === undefined || this.#compare(bytes, start, end, this.#max) > 0)
      this.#max = Buffer.from(bytes.subarray(start, end));
  }

  /** Undefined when there is nothing to bound, or the bounds are too long. */
  bounds(): { readonly min: Buffer; readonly max: Buffer } | undefined {
    const [min, max] = [this.#min, this.#max];
    if (min === undefined || max === undefined || min.length + max.length > BOUNDS_BYTES_MAX)
      return undefined;
    return { min: this.#zero(min, true), max: this.#zero(max, false) };
  }

  #compare(bytes: Buffer, start: number, end: number, other: Buffer): number {
    switch (this.#type) {
      case INT32:
        return bytes.readInt32LE(start) - other.readInt32LE(0);
      case INT64:
        return (
          bytes.readInt32LE(start + 4) - other.readInt32LE(4) ||
          bytes.readUInt32LE(start) - other.readUInt32LE(0)
        );
      case FLOAT:
        return bytes.readFloatLE(start) - other.readFloatLE(0);
      case DOUBLE:
        return bytes.readDoubleLE(start) - other.readDoubleLE(0);
      case FIXED_LEN_BYTE_ARRAY:
        // Decimals: two's complement, the highest byte first.
        return bytes.readInt8(start) - other.readInt8(0) || compareBytes(bytes, start, end, other);
      case BOOLEAN:
      case BYTE_ARRAY:
      default:
        return compareBytes(bytes, start, end, other);
    }
  }

  #zero(bound: Buffer, isMin: boolean): Buffer {
    const isFloat = this.#type === FLOAT;
    if (!isFloat && this.#type !== DOUBLE) return bound;
    if ((isFloat ? bound.readFloatLE(0) : bound.readDoubleLE(0)) !== 0) return bound;
    const zero = Buffer.alloc(bound.length);
    if (isMin) zero[zero.length - 1] = 0x80;
    return zero;
  }
}

function compareBytes(bytes: Buffer, start: number, end: number, other: Buffer): number {
  const shared = Math.min(end - start, other.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = bytes[start + index]! - other[index]!;
    if (difference !== 0) return difference;
  }
  return end - start - other.length;
}
