/** Short texts of records come again and again: the same string is given again instead of a new one each time. */
const SLOTS = 4096;
const CACHED_LENGTH_MAX = 32;

export class Texts {
  readonly #slots: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

  /** @param isAscii That no byte between is above 127. */
  read(bytes: Uint8Array, start: number, end: number, isAscii: boolean): string {
    const length = end - start;
    if (length === 0) return '';
    if (!isAscii) return Buffer.prototype.utf8Slice.call(bytes, start, end);
    if (length > CACHED_LENGTH_MAX) return Buffer.prototype.latin1Slice.call(bytes, start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known?.length === length) {
      let same = 0;
      while (same < length && known.charCodeAt(same) === bytes[start + same]) same++;
      if (same === length) return known;
    }
    const text = Buffer.prototype.latin1Slice.call(bytes, start, end);
    this.#slots[slot] = text;
    return text;
  }
}
