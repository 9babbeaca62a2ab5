/** The two identities that AWS gives every answer. */
import type { Dice } from '../host/host.ts';

export type RequestIds = {
  /** A version 4 UUID. */
  readonly requestId: string;
  /** 72 random bytes in base64. */
  readonly id2: string;
};

const ID2_BYTES = 72;

export function requestIds(dice: Dice): RequestIds {
  const bytes = Buffer.from(dice.bytes(16 + ID2_BYTES));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return {
    requestId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
    id2: bytes.toString('base64', 16),
  };
}
