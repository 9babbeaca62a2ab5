/** Copies values of a packed list's column to where they are kept. Small ones are copied word by word: a call costs more than they do. */
import { copyBytes } from '../../base/copy-bytes.ts';
import type { BytesColumn } from './packed.ts';

/** More bytes are copied by the runtime, which costs a call. */
const WORDS_BYTES_MAX = 256;
const WORD_BYTES = 8;
const NO_BYTES = new Uint8Array(0);
const NO_COLUMN = { sources: [NO_BYTES], starts: new Int32Array(0), ends: new Int32Array(0) };

/** Copies the values of a column. The view is the target's. */
export class ValueCopier {
  readonly #sources: readonly Uint8Array[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #target: Buffer;
  readonly #targetView: DataView;
  #source: Uint8Array;
  #sourceView: DataView;

  constructor(column: BytesColumn | undefined, target: Buffer, targetView: DataView) {
    const { sources, starts, ends } = column ?? NO_COLUMN;
    this.#sources = sources;
    this.#starts = starts;
    this.#ends = ends;
    this.#target = target;
    this.#targetView = targetView;
    this.#source = sources[0] ?? NO_BYTES;
    this.#sourceView = viewOf(this.#source);
  }

  has(index: number): boolean {
    return index < this.#starts.length && this.#starts[index] !== -1;
  }

  /** 0 when there is no value. */
  bytesOf(index: number): number {
    return this.has(index) ? this.#ends[index]! - this.#starts[index]! : 0;
  }

  copy(index: number, at: number): void {
    if (!this.has(index)) return;
    if (this.#sources.length > 1) this.#look(this.#sources[index]!);
    const start = this.#starts[index]!;
    const end = this.#ends[index]!;
    if (end - start > WORDS_BYTES_MAX) copyBytes(this.#source, start, end, this.#target, at);
    else copyWords(this.#sourceView, start, end - start, this.#targetView, at);
  }

  #look(source: Uint8Array): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#sourceView = viewOf(source);
  }
}

/** The last word may lie over the one before it. Moved from memory to memory, BigInts are machine words: none is made. */
function copyWords(source: DataView, start: number, count: number, target: DataView, at: number): void {
  const last = count - WORD_BYTES;
  if (last < 0) {
    for (let done = 0; done < count; done++) target.setUint8(at + done, source.getUint8(start + done));
    return;
  }
  for (let done = 0; done < last; done += WORD_BYTES) {
    target.setBigInt64(at + done, source.getBigInt64(start + done, true), true);
  }
  target.setBigInt64(at + last, source.getBigInt64(start + last, true), true);
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
