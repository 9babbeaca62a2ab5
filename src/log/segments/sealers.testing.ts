/** Sealers for tests: real AES-256-GCM under one fixed key a log, as the keys room seals. */
import { createCipheriv, createDecipheriv, createHash, createSecretKey } from 'node:crypto';
import type { Dice } from '../../host/host.ts';
import { NONCE_BYTES, TAG_BYTES } from '../../base/seal-job.ts';
import { SealBrokenError, type Sealers } from '../../keys/sealing.ts';

export const TEST_KEY_ID = 7;

export function testKey(log: string): Buffer {
  return createHash('sha256').update(`test key of ${log}`).digest();
}

export function testSealers(dice: Dice): Sealers {
  return {
    sealer: (log) => ({
      keyId: TEST_KEY_ID,
      ticket: () => ({
        keyId: TEST_KEY_ID,
        key: createSecretKey(testKey(log)),
        nonce: dice.bytes(NONCE_BYTES),
      }),
      seal(plain, additional, target, offset) {
        const nonce = dice.bytes(NONCE_BYTES);
        const cipher = createCipheriv('aes-256-gcm', testKey(log), nonce).setAAD(additional);
        const parts = [
          nonce,
          ...plain.map((part) => cipher.update(part)),
          cipher.final(),
          cipher.getAuthTag(),
        ];
        let at = offset;
        for (const part of parts) {
          target.set(part, at);
          at += part.length;
        }
        return at - offset;
      },
      open(keyId, sealed, additional, room) {
        if (keyId !== TEST_KEY_ID) throw new SealBrokenError(`key ${keyId} is unknown`);
        const nonce = sealed.subarray(0, NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', testKey(log), nonce).setAAD(additional);
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
        const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
        try {
          decipher.final();
        } catch (cause) {
          throw new SealBrokenError('the tag does not match', { cause });
        }
        if (room === undefined || room.length < plain.length) return plain;
        room.set(plain);
        return room.subarray(0, plain.length);
      },
    }),
  };
}
