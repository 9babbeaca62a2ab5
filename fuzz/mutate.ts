/** Random mutation of bytes: what a grammar does not think of. The dice decide everything. */
import type { Dice } from '../src/host/host.ts';

const INTERESTING = [
  0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x20, 0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a,
];
const WIDE = [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** One to eight changes: bits, bytes, numbers, runs cut, doubled, moved, filled; the end cut off; rubbish put in. */
export function mutate(dice: Dice, input: Uint8Array, dictionary: readonly string[] = []): Buffer {
  let bytes = Buffer.from(input);
  for (let changes = 1 + dice.integer(dice.integer(8) + 1); changes > 0; changes--) {
    bytes = change(dice, bytes, dictionary);
  }
  return bytes;
}

function change(dice: Dice, bytes: Buffer<ArrayBuffer>, dictionary: readonly string[]): Buffer<ArrayBuffer> {
  const at = dice.integer(bytes.length + 1);
  const length = Math.min(1 + dice.integer(dice.integer(4) === 0 ? 64 : 4), bytes.length - at);
  const kind = dice.integer(12);
  switch (kind) {
    case 0:
    case 1:
      if (at < bytes.length) bytes[at]! ^= 1 << dice.integer(8);
      return bytes;
    case 2:
      if (at < bytes.length) bytes[at] = dice.integer(256);
      return bytes;
    case 3:
      if (at < bytes.length) bytes[at] = pick(dice, INTERESTING);
      return bytes;
    case 4: {
      const width = dice.integer(2) === 0 ? 2 : 4;
      if (at + width > bytes.length) return bytes;
      const value = pick(dice, WIDE) & (width === 2 ? 0xffff : -1);
      if (dice.integer(2) === 0) bytes.writeUIntBE(value >>> 0, at, width);
      else bytes.writeUIntLE(value >>> 0, at, width);
      return bytes;
    }
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 6:
      return splice(bytes, at, bytes.subarray(at, at + length));
    case 7:
      return splice(bytes, dice.integer(bytes.length + 1), bytes.subarray(at, at + length));
    case 8:
      return splice(bytes, at, dice.bytes(1 + dice.integer(8)));
    case 9:
      return dice.integer(4) === 0 ? Buffer.from(bytes.subarray(0, at)) : bytes;
    case 10:
      bytes.fill(pick(dice, INTERESTING), at, at + length);
      return bytes;
    default:
      return dictionary.length === 0
        ? bytes
        : splice(bytes, at, Buffer.from(pick(dice, dictionary), 'latin1'));
  }
}

function splice(bytes: Uint8Array, at: number, inserted: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

export function pick<T>(dice: Dice, values: readonly T[]): T {
  return values[dice.integer(values.length)]!;
}

/** True once in `times`. */
export function once(dice: Dice, times: number): boolean {
  return dice.integer(times) === 0;
}
