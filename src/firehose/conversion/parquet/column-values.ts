/**
 * The values of the page that a column is filling: PLAIN bytes and levels, in memory that is used again for the next page.
 * What the last rows added can be taken back, so that a record fails without a trace.
 */
import { INT96, WIDTH, type PhysicalType } from './format.ts';

export class ColumnValues {
  readonly type: PhysicalType;
  bytes: Buffer = Buffer.allocUnsafeSlow(1024);
  byteLength = 0;
  valueCount = 0;
  definitions = new Uint8Array(256);
  repetitions = new Uint8Array(256);
  levelCount = 0;
  rowCount = 0;
  #keptBytes = 0;
  #keptValues = 0;
  #keptLevels = 0;

  constructor(type: PhysicalType) {
    this.type = type;
  }

  /** Every value and every null has its levels. */
  level(repetition: number, definition: number): void {
    const at = this.levelCount;
    if (at === this.definitions.length) {
      this.definitions = grown(this.definitions);
      this.repetitions = grown(this.repetitions);
    }
    this.repetitions[at] = repetition;
    this.definitions[at] = definition;
    this.levelCount = at + 1;
  }

  boolean(value: boolean): void {
    const at = this.#take(1);
    this.bytes[at] = value ? 1 : 0;
  }

  int32(value: number): void {
    const at = this.#take(4);
    this.bytes.writeInt32LE(value, at);
  }

  /** Both halves as 32-bit integers, signed or not. */
  int64(low: number, high: number): void {
    const at = this.#take(8);
    this.bytes.writeInt32LE(low | 0, at);
    this.bytes.writeInt32LE(high | 0, at + 4);
  }

  float(value: number): void {
    const at = this.#take(4);
    this.bytes.writeFloatLE(value, at);
  }

  double(value: number): void {
    const at = this.#take(8);
    this.bytes.writeDoubleLE(value, at);
  }

  /** A timestamp as Hive writes it: nanoseconds of the day, then the Julian day. */
  int96(epochDay: number, nanosOfDay: number): void {
    const at = this.#take(WIDTH[INT96]!);
    this.bytes.writeUInt32LE(nanosOfDay % 0x1_0000_0000, at);
    this.bytes.writeUInt32LE(Math.floor(nanosOfDay / 0x1_0000_0000), at + 4);
    this.bytes.writeInt32LE(epochDay + 2_440_588, at + 8);
  }

  /** Bytes of variable length. */
  byteArray(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const at = this.#take(4 + length);
    this.bytes.writeInt32LE(length, at);
    this.#copy(source, start, end, at + 4);
  }

  /** Bytes of the column's own length. */
  fixed(source: Uint8Array, start: number, end: number): void {
    this.#copy(source, start, end, this.#take(end - start));
  }

  /** All that was added, so many rows, is there to stay. */
  keep(rows: number): void {
    this.rowCount += rows;
    this.#keptBytes = this.byteLength;
    this.#keptValues = this.valueCount;
    this.#keptLevels = this.levelCount;
  }

  /** Takes back what was added since `keep`. */
  forget(): void {
    this.byteLength = this.#keptBytes;
    this.valueCount = this.#keptValues;
    this.levelCount = this.#keptLevels;
  }

  clear(): void {
    this.rowCount = 0;
    this.#keptBytes = this.byteLength = 0;
    this.#keptValues = this.valueCount = 0;
    this.#keptLevels = this.levelCount = 0;
  }

  /** Room for one more value. `bytes` may be another buffer afterwards. */
  #take(bytes: number): number {
    const at = this.byteLength;
    const after = at + bytes;
    if (after > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(after * 2);
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    this.byteLength = after;
    this.valueCount += 1;
    return at;
  }

  #copy(source: Uint8Array, start: number, end: number, to: number): void {
    const { bytes } = this;
    // A call costs more than so many bytes one by one.
    if (end - start > 64) bytes.set(source.subarray(start, end), to);
    else for (let at = start, into = to; at < end; at += 1, into += 1) bytes[into] = source[at]!;
  }
}

function grown(levels: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(levels.length * 2);
  larger.set(levels);
  return larger;
}
