/** Values by name, bounded by the bytes they hold; the one that was used longest ago leaves first. */
export class ByteCache<Value> {
  readonly #bytesMax: number;
  readonly #onLeave: (value: Value) => void;
  readonly #entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  #bytes = 0;

  /** `onLeave` is told of each value that is not kept, or not any more. */
  constructor(bytesMax: number, onLeave: (value: Value) => void = () => {}) {
    this.#bytesMax = bytesMax;
    this.#onLeave = onLeave;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(name: string): Value | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.value;
  }

  /** A value larger than the whole cache is not kept. */
  set(name: string, value: Value, bytes: number): void {
    this.delete(name);
    if (bytes > this.#bytesMax) {
      this.#onLeave(value);
      return;
    }
    this.#entries.set(name, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#bytes -= entry.bytes;
    this.#onLeave(entry.value);
  }
}
