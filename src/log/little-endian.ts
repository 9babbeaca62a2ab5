/** Whole numbers in bytes, little endian. Numbers of 64 bits are safe integers here: what is above 2^53 is never written. */

export function writeU32(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

export function readU32(source: Uint8Array, at: number): number {
  return (source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24)) >>> 0;
}

export function writeU64(target: Uint8Array, at: number, value: number): void {
  writeU32(target, at, value >>> 0);
  writeU32(target, at + 4, Math.floor(value / 0x1_0000_0000));
}

export function readU64(source: Uint8Array, at: number): number {
  return readU32(source, at) + readU32(source, at + 4) * 0x1_0000_0000;
}
