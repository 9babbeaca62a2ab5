/** The sealer of one log: AES-256-GCM under the log's data keys. New batches take the newest key; any key of the log opens what it sealed. */
import { createDecipheriv, type KeyObject } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { cipherInto, NONCE_BYTES, sealInto, type SealTicket, TAG_BYTES } from '../base/seal-job.ts';
import type { Dice } from '../host/host.ts';
import { SealBrokenError, type Sealer } from './sealing.ts';

/** How often a sealer reports what it sealed: rare enough to cost nothing, often against every threshold of renewal. */
export const REPORT_EVERY = 1024;
/** Far above any renewal and below 2^32, where random nonces under one key become unsafe. */
const SEALS_MAX = 2 ** 31;

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

  function current(): number {
    const id = keys.currentId();
    assert(id !== undefined, `log ${log} has a data key`);
    return id;
  }

  function ticket(): SealTicket {
    const keyId = current();
    if (keyId !== sealingId) {
      sealingKey = keys.keyOf(keyId);
      sealingId = keyId;
      count = 0;
    }
    assert(sealingKey !== undefined, `log ${log} knows its data key`);
    assert(count < SEALS_MAX, `the data key of log ${log} was renewed in time`);
    if (count++ % REPORT_EVERY === 0) keys.sealed(count);
    return { keyId, key: sealingKey, nonce: dice.bytes(NONCE_BYTES) };
  }

  return {
    get keyId() {
      return current();
    },

    ticket,

    seal(plain, additional, target, targetOffset) {
      const { key, nonce } = ticket();
      return sealInto(key, nonce, plain, additional, target, targetOffset);
    },

    open(keyId, sealed, additional, room) {
      const key = keys.keyOf(keyId);
      if (key === undefined) throw new SealBrokenError(`log ${log} has no data key ${keyId}`);
      const textEnd = sealed.length - TAG_BYTES;
      if (textEnd < NONCE_BYTES) throw new SealBrokenError(`a sealed batch of log ${log} is cut short`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(additional);
      decipher.setAuthTag(sealed.subarray(textEnd));
      const bytes = textEnd - NONCE_BYTES;
      const fits = room !== undefined && room.length >= bytes;
      const plain = fits ? room.subarray(0, bytes) : Buffer.allocUnsafeSlow(bytes);
      cipherInto(decipher, sealed.subarray(NONCE_BYTES, textEnd), plain, 0);
      try {
        decipher.final();
      } catch {
        throw new SealBrokenError(`a sealed batch of log ${log} does not open under data key ${keyId}`);
      }
      return plain;
    },
  };
}
