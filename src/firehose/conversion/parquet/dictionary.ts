/** The distinct values of a column chunk, each as its PLAIN bytes, found again by a hash table without objects. */
export class Dictionary {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;
  /** Where each entry begins, and after the last one where the next would. */
  #offsets = new Int32Array(256);
  #count = 0;
  /** Entry + 1 by hash; 0 is free. */
  #table = new Int32Array(1024);

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The index of the value in `bytes` from `start` to `end`; a new one's is what `count` was before. */
  indexOf(bytes: Buffer, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot]! - 1;
      if (entry === -1) {
        this.#table[slot] = this.#count + 1;
        return this.#add(bytes, start, end);
      }
      if (this.#equals(entry, bytes, start, end)) return entry;
    }
  }

  #equals(entry: number, bytes: Buffer, start: number, end: number): boolean {
    const offset = this.#offsets[entry]!;
    if (this.#offsets[entry + 1]! - offset !== end - start) return false;
    const own = this.#bytes;
    for (let at = start; at < end; at += 1) if (own[offset + at - start] !== bytes[at]) return false;
    return true;
  }

  #add(bytes: Buffer, start: number, end: number): number {
    const after = this.#length + end - start;
    if (after > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(after * 2);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length, start, end);
    this.#length = after;
    const index = this.#count++;
    if (this.#count === this.#offsets.length) {
      const larger = new Int32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    this.#offsets[this.#count] = after;
    if (this.#count * 2 > this.#table.length) this.#grow();
    return index;
  }

  #grow(): void {
    const count = this.#count;
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let entry = 0; entry < count; entry += 1) {
      let hash = 0x811c9dc5;
      for (let at = this.#offsets[entry]!; at < this.#offsets[entry + 1]!; at += 1)
        hash = Math.imul(hash ^ this.#bytes[at]!, 0x01000193);
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = entry + 1;
    }
    this.#table = table;
  }
}
