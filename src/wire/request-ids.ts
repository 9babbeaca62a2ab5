/** The two identities that AWS gives every answer. */
import type { Dice } from '../host/host.ts';

export type RequestIds = {
  /** A version 4 UUID. */
  readonly requestId: string;
  /** 72 random bytes in base64. */
  readonly id2: string;
};

const UUID_BYTES = 16;
const BYTES = UUID_BYTES + 72;
/** Dice are thrown for so many requests at once: a throw costs a quarter of a small request. */
const REQUESTS_PER_THROW = 64;

export function createRequestIds(dice: Dice): () => RequestIds {
  const thrown = Buffer.alloc(BYTES * REQUESTS_PER_THROW);
  let at = thrown.length;
  return () => {
    if (at === thrown.length) {
      dice.fill(thrown);
      at = 0;
    }
    const start = at;
    at += BYTES;
    thrown[start + 6] = (thrown[start + 6]! & 0x0f) | 0x40;
    thrown[start + 8] = (thrown[start + 8]! & 0x3f) | 0x80;
    const hex = thrown.toString('hex', start, start + UUID_BYTES);
    return {
      requestId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
      id2: thrown.toString('base64', start + UUID_BYTES, start + BYTES),
    };
  };
}
