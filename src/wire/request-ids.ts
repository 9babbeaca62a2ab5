/** The two identities that AWS gives every answer. */
import type { Dice } from '../host/host.ts';

export type RequestIds = {
  /** A version 4 UUID. */
  readonly requestId: string;
  /** 72 random bytes in base64. */
  readonly id2: string;
};

const UUID_BYTES = 16;
/** Base64 of a whole number of three bytes: the texts of many requests lie end to end without padding. */
const ID2_BYTES = 72;
const UUID_DIGITS = UUID_BYTES * 2;
const ID2_CHARS = (ID2_BYTES / 3) * 4;
/** Dice are thrown, and their texts made, for so many requests at once: for each alone they cost a tenth of a small request. */
const REQUESTS_PER_THROW = 64;

export function createRequestIds(dice: Dice): () => RequestIds {
  const uuids = Buffer.alloc(UUID_BYTES * REQUESTS_PER_THROW);
  const id2s = Buffer.alloc(ID2_BYTES * REQUESTS_PER_THROW);
  let digits = '';
  let chars = '';
  let next = REQUESTS_PER_THROW;

  function throwDice(): void {
    dice.fill(uuids);
    dice.fill(id2s);
    for (let at = 0; at < uuids.length; at += UUID_BYTES) {
      uuids[at + 6] = (uuids[at + 6]! & 0x0f) | 0x40;
      uuids[at + 8] = (uuids[at + 8]! & 0x3f) | 0x80;
    }
    digits = uuids.toString('hex');
    chars = id2s.toString('base64');
    next = 0;
  }

  return () => {
    if (next === REQUESTS_PER_THROW) throwDice();
    const at = next * UUID_DIGITS;
    const id2At = next * ID2_CHARS;
    next += 1;
    return {
      requestId: `${digits.slice(at, at + 8)}-${digits.slice(at + 8, at + 12)}-${digits.slice(at + 12, at + 16)}-${digits.slice(at + 16, at + 20)}-${digits.slice(at + 20, at + UUID_DIGITS)}`,
      id2: chars.slice(id2At, id2At + ID2_CHARS),
    };
  };
}
