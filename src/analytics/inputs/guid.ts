import type { Dice } from '../../host/host.ts';

/** A random UUID, version 4. */
export function guid(dice: Dice): string {
  const bytes = Buffer.from(dice.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
