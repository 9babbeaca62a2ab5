/**
 * The sealer of one log: AES-256-GCM under the log's data keys. New batches take the newest key; any key of the log
 * opens what it sealed. What is to be sealed is laid end to end first, whatever the number of pieces, because a cipher call costs
 * more than a copy. A cipher gives its output in fresh memory only, so that it is asked for a little at a time and the memory is
 * given back at once: the next piece finds it warm, and a collector that counts buffers never hears of them.
 */
import { createCipheriv, createDecipheriv, type CipherGCM, type KeyObject } from 'node:crypto';
import { assert } from '../base/assert.ts';
import type { Dice } from '../host/host.ts';
import { NONCE_BYTES, SealBrokenError, TAG_BYTES, type Sealer } from './sealing.ts';

/** How often a sealer reports what it sealed: rare enough to cost nothing, often against every threshold of renewal. */
export const REPORT_EVERY = 1024;
/** Far above any renewal and below 2^32, where random nonces under one key become unsafe. */
const SEALS_MAX = 2 ** 31;
/** What the cipher is given at a time. */
const CIPHER_BYTES = 128 * 1024;

export type DataKeys = {
  /** The key's id, and the key: unwrapped when it is first asked for. */
  readonly keyOf: (keyId: number) => KeyObject | undefined;
  /** Undefined when the log has no key (yet, or any more). */
  readonly currentId: () => number | undefined;
  /** Told how many the current key has sealed here: at the first and at every `REPORT_EVERY`th after it. */
  readonly sealed: (count: number) => void;
};

export function createLogSealer(log: string, keys: DataKeys, dice: Dice): Sealer {
  let sealingId = 0;
  let sealingKey: KeyObject | undefined;
  let count = 0;
  const nonce = new Uint8Array(NONCE_BYTES);

  function current(): number {
    const id = keys.currentId();
    assert(id !== undefined, `log ${log} has a data key`);
    return id;
  }

  return {
    get keyId() {
      return current();
    },

    seal(plain, additional, target, targetOffset) {
      const id = current();
      if (id !== sealingId) {
        sealingKey = keys.keyOf(id);
        sealingId = id;
        count = 0;
      }
      assert(sealingKey !== undefined, `log ${log} knows its data key`);
      assert(count < SEALS_MAX, `the data key of log ${log} was renewed in time`);
      if (count++ % REPORT_EVERY === 0) keys.sealed(count);

      const textOffset = targetOffset + NONCE_BYTES;
      let end = textOffset;
      for (const piece of plain) end += piece.length;
      assert(end + TAG_BYTES <= target.length, 'the target has room for the sealed batch');
      let whole = plain[0];
      if (plain.length !== 1 || whole === undefined) {
        let at = textOffset;
        for (const piece of plain) {
          target.set(piece, at);
          at += piece.length;
        }
        whole = target.subarray(textOffset, end);
      }

      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- these are dice, not an array
      dice.fill(nonce);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(additional);
      encipher(cipher, whole, target, textOffset);
      cipher.final();
      target.set(nonce, targetOffset);
      target.set(cipher.getAuthTag(), end);
      return end + TAG_BYTES - targetOffset;
    },

    open(keyId, sealed, additional) {
      const key = keys.keyOf(keyId);
      if (key === undefined) throw new SealBrokenError(`log ${log} has no data key ${keyId}`);
      const textEnd = sealed.length - TAG_BYTES;
      if (textEnd < NONCE_BYTES) throw new SealBrokenError(`a sealed batch of log ${log} is cut short`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(additional);
      decipher.setAuthTag(sealed.subarray(textEnd));
      const plain = decipher.update(sealed.subarray(NONCE_BYTES, textEnd));
      try {
        decipher.final();
      } catch {
        throw new SealBrokenError(`a sealed batch of log ${log} does not open under data key ${keyId}`);
      }
      return plain;
    },
  };
}

function encipher(cipher: CipherGCM, plain: Uint8Array, target: Uint8Array, targetOffset: number): void {
  for (let at = 0; at < plain.length; at += CIPHER_BYTES) {
    const piece = plain.length <= CIPHER_BYTES ? plain : plain.subarray(at, at + CIPHER_BYTES);
    const enciphered = cipher.update(piece);
    target.set(enciphered, targetOffset + at);
    // Only memory that is the output's alone: Node says nowhere that it always will be.
    if (enciphered.buffer.byteLength === enciphered.length) enciphered.buffer.transfer(0);
  }
}
