/**
 * Parquet's hybrid of run lengths and bit packing, for levels and for indices into a dictionary: a value that comes eight
 * times or more is a run, anything else is packed in groups of eight.
 */
export function bitsFor(valueMax: number): number {
  return 32 - Math.clz32(valueMax);
}

/** The most that `length` values of so many bits may take. */
function hybridBytesMax(length: number, bits: number): number {
  const groups = Math.ceil(length / 8);
  return groups * (bits + 10) + 16;
}

/** The first `length` values, each below 2 to the power of `bits`. */
export function encodeHybrid(values: Uint8Array | Int32Array, length: number, bits: number): Buffer {
  const out = Buffer.allocUnsafe(hybridBytesMax(length, bits));
  let end = 0;
  /** Values from here on are neither written as a run nor packed yet. */
  let packedFrom = 0;
  let at = 0;
  while (at < length) {
    const value = values[at]!;
    let runEnd = at + 1;
    while (runEnd < length && values[runEnd] === value) runEnd += 1;
    // A packed stretch holds whole groups of eight, so a run first lends what the open group lacks.
    const lent = (8 - ((at - packedFrom) % 8)) % 8;
    if (runEnd - at - lent >= 8) {
      const runFrom = at + lent;
      if (runFrom > packedFrom) end = pack(packedFrom, runFrom, end);
      end = unsigned((runEnd - runFrom) * 2, end);
      for (let shift = 0; shift < bits; shift += 8) out[end++] = (value >>> shift) & 0xff;
      packedFrom = runEnd;
    }
    at = runEnd;
  }
  if (length > packedFrom) end = pack(packedFrom, length, end);
  return out.subarray(0, end);

  function pack(from: number, to: number, start: number): number {
    const groups = Math.ceil((to - from) / 8);
    let at = unsigned(groups * 2 + 1, start);
    let held = 0;
    let heldBits = 0;
    for (let index = from; index < from + groups * 8; index += 1) {
      const value = index < to ? values[index]! : 0;
      // At most 7 bits are held, and a dictionary has far fewer than 2^24 entries: this fits 32 bits.
      held |= value << heldBits;
      heldBits += bits;
      while (heldBits >= 8) {
        out[at++] = held & 0xff;
        held >>>= 8;
        heldBits -= 8;
      }
    }
    return at;
  }

  function unsigned(value: number, start: number): number {
    let at = start;
    let rest = value;
    while (rest >= 0x80) {
      out[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    out[at++] = rest;
    return at;
  }
}

/** One bit for each of the first `length` bytes, which are 0 or 1. */
export function packBooleans(values: Uint8Array, length: number): Buffer {
  const out = Buffer.alloc(Math.ceil(length / 8));
  for (let index = 0; index < length; index += 1)
    if (values[index] === 1) out[index >> 3]! |= 1 << (index & 7);
  return out;
}
