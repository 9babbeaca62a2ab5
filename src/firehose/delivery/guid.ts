import type { Dice } from '../../host/host.ts';

/** A random GUID (version 4): 36 characters. */
export function guid(dice: Pick<Dice, 'bytes'>): string {
  const bytes = Buffer.from(dice.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
