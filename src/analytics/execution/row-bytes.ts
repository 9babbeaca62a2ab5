/** Rows as bytes, end to end, in memory that grows. */
const BYTES_FIRST = 64 * 1024;
const ENDS_FIRST = 256;
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

export class RowBytes {
  #bytes = Buffer.allocUnsafeSlow(BYTES_FIRST);
  #ends = new Uint32Array(ENDS_FIRST);
  #count = 0;
  #end = 0;

  add(text: string): void {
    const needed = this.#end + text.length * BYTES_PER_UNIT;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    this.#end += this.#bytes.write(text, this.#end);
    if (this.#count === this.#ends.length) {
      const larger = new Uint32Array(this.#count * 2);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#ends[this.#count++] = this.#end;
  }

  /** What was added, as memory of its own, or undefined where nothing was. Begins anew. */
  take(): { readonly bytes: Uint8Array; readonly ends: Uint32Array } | undefined {
    if (this.#count === 0) return undefined;
    const taken = {
      bytes: new Uint8Array(this.#bytes.subarray(0, this.#end)),
      ends: this.#ends.slice(0, this.#count),
    };
    this.#count = 0;
    this.#end = 0;
    return taken;
  }
}
