/**
 * Writes Thrift's compact protocol, as far as Parquet's headers and footer need it. Fields are written in ascending order of
 * their ids; a struct is begun by its field (or by `item` within a list) and ended by `end`.
 */
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

export class ThriftWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;
  #lastIds: number[] = [0];

  bool(id: number, value: boolean): void {
    this.#header(id, value ? 1 : 2);
  }

  i32(id: number, value: number): void {
    this.#header(id, I32);
    this.#signed(value);
  }

  /** A safe integer. */
  i64(id: number, value: number): void {
    this.#header(id, I64);
    this.#signed(value);
  }

  binary(id: number, value: Uint8Array | string): void {
    this.#header(id, BINARY);
    this.#binary(value);
  }

  i32s(id: number, values: readonly number[]): void {
    this.#list(id, I32, values.length);
    for (const value of values) this.#signed(value);
  }

  binaries(id: number, values: readonly string[]): void {
    this.#list(id, BINARY, values.length);
    for (const value of values) this.#binary(value);
  }

  structs<T>(id: number, items: readonly T[], write: (item: T) => void): void {
    this.#list(id, STRUCT, items.length);
    for (const item of items) {
      this.#lastIds.push(0);
      write(item);
      this.end();
    }
  }

  struct(id: number): void {
    this.#header(id, STRUCT);
    this.#lastIds.push(0);
  }

  end(): void {
    this.#byte(0);
    this.#lastIds.pop();
  }

  /** Ends the outermost struct. */
  finish(): Buffer {
    this.end();
    return this.#bytes.subarray(0, this.#length);
  }

  #header(id: number, type: number): void {
    const last = this.#lastIds.pop() ?? 0;
    this.#lastIds.push(id);
    this.#byte(((id - last) << 4) | type);
  }

  #list(id: number, type: number, length: number): void {
    this.#header(id, LIST);
    this.#byte((Math.min(length, 15) << 4) | type);
    if (length >= 15) this.#unsigned(length);
  }

  #signed(value: number): void {
    this.#unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  #unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#byte(rest);
  }

  #binary(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.#unsigned(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
