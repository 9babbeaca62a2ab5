/**
 * A 32-byte key wrapped under another with AES-256-GCM: version (1 byte, 1) · nonce (12) · ciphertext (32) · tag (16).
 * The place (whose key it is) is the additional data, so that a wrapped key moved elsewhere does not open. Persisted:
 * never renumber; another layout gets another version.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { Dice } from '../host/host.ts';
import { NONCE_BYTES, TAG_BYTES } from '../base/seal-job.ts';
import { SealBrokenError } from './sealing.ts';

export const KEY_BYTES = 32;
const VERSION = 1;
const WRAPPED_BYTES = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

export function wrapKey(dice: Dice, under: KeyObject, key: Uint8Array, place: string): Uint8Array {
  const nonce = dice.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', under, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(new TextEncoder().encode(place));
  const wrapped = new Uint8Array(WRAPPED_BYTES);
  wrapped[0] = VERSION;
  wrapped.set(nonce, 1);
  wrapped.set(cipher.update(key), 1 + NONCE_BYTES);
  cipher.final();
  wrapped.set(cipher.getAuthTag(), WRAPPED_BYTES - TAG_BYTES);
  return wrapped;
}

/** Throws `SealBrokenError`, which names the place, when it was changed, moved, or wrapped under another key. */
export function unwrapKey(under: KeyObject, wrapped: Uint8Array, place: string): Uint8Array {
  if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== VERSION) {
    throw new SealBrokenError(`the wrapped key of ${place} has an unknown form`);
  }
  const decipher = createDecipheriv('aes-256-gcm', under, wrapped.subarray(1, 1 + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(new TextEncoder().encode(place));
  decipher.setAuthTag(wrapped.subarray(WRAPPED_BYTES - TAG_BYTES));
  const key = decipher.update(wrapped.subarray(1 + NONCE_BYTES, WRAPPED_BYTES - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new SealBrokenError(`the wrapped key of ${place} does not open under this master key`);
  }
  return key;
}
