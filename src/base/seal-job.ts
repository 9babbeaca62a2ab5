/**
 * Sealing (AES-256-GCM) and summing (CRC-32) of bytes in memory, as a job that any thread can do that has the memory: it depends on
 * nothing else, and doing it again gives the same. What is sealed is nonce (12) · ciphertext · tag (16).
 *
 * What is to be sealed is laid end to end first, whatever the number of pieces, because a cipher call costs more than a copy. A cipher
 * gives its output in fresh memory only, so that it is asked for a little at a time and the memory is given back at once: the next
 * piece finds it warm, and a collector that counts buffers never hears of them.
 */
import { createCipheriv, type CipherGCM, type DecipherGCM, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { copyBytes } from './copy-bytes.ts';

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
/** What the cipher is given at a time. */
const CIPHER_BYTES = 64 * 1024;

/** What a seal needs beside the bytes. */
export type SealTicket = {
  readonly keyId: number;
  readonly key: KeyObject;
  /** Never used before with the key, and for one seal only. */
  readonly nonce: Uint8Array;
};

/**
 * As columns, because it may be sent to another thread and hold thousands of seals. What a seal has of a column begins where the seal
 * before it ends.
 */
export type SealJob = {
  readonly sources: readonly Uint8Array[];
  readonly target: Uint8Array;
  readonly keys: readonly KeyObject[];
  /** For each seal: the index of its key, where in the target it goes, and where it ends in `additional` and in `pieces`. */
  readonly seals: Int32Array;
  /** `NONCE_BYTES` for each seal. */
  readonly nonces: Uint8Array;
  readonly additional: Uint8Array;
  /** What is sealed as one: for each piece the index of its source, its start and its end. */
  readonly pieces: Int32Array;
  /** Start and end of each part of the target, as sealed, whose checksum is asked for. */
  readonly sums: Int32Array;
};

/** Numbers of each seal in `SealJob.seals`. */
export const SEAL_FIELDS = 4;

/** Does the job; gives the checksums. `between` is called between any two seals or checksums. */
export function runSealJob(job: SealJob, between?: () => void): number[] {
  const { sources, target, keys, seals, nonces, pieces, sums } = job;
  let additionalAt = 0;
  let pieceAt = 0;
  for (let seal = 0, nonceAt = 0; seal < seals.length; seal += SEAL_FIELDS, nonceAt += NONCE_BYTES) {
    if (seal > 0) between?.();
    const plain: Uint8Array[] = [];
    for (const piecesEnd = seals[seal + 3]!; pieceAt < piecesEnd; pieceAt += 3) {
      plain.push(sources[pieces[pieceAt]!]!.subarray(pieces[pieceAt + 1], pieces[pieceAt + 2]));
    }
    const additionalEnd = seals[seal + 2]!;
    const additional = job.additional.subarray(additionalAt, additionalEnd);
    additionalAt = additionalEnd;
    const nonce = nonces.subarray(nonceAt, nonceAt + NONCE_BYTES);
    sealInto(keys[seals[seal]!]!, nonce, plain, additional, target, seals[seal + 1]!);
  }
  const checksums: number[] = [];
  for (let i = 0; i < sums.length; i += 2) {
    between?.();
    checksums.push(crc32(target.subarray(sums[i], sums[i + 1])));
  }
  return checksums;
}

/** Seals `plain` into `target` at `at`; gives the bytes written. */
export function sealInto(
  key: KeyObject,
  nonce: Uint8Array,
  plain: readonly Uint8Array[],
  additional: Uint8Array,
  target: Uint8Array,
  at: number,
): number {
  const textAt = at + NONCE_BYTES;
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additional);
  const end =
    plain.length === 1
      ? cipherInto(cipher, plain[0]!, target, textAt)
      : cipherPieces(cipher, plain, target, textAt);
  cipher.final();
  target.set(nonce, at);
  target.set(cipher.getAuthTag(), end);
  return end + TAG_BYTES - at;
}

/** Puts `source` through a cipher, either way, into `target` at `at`; gives where that ends. */
export function cipherInto(
  cipher: CipherGCM | DecipherGCM,
  source: Uint8Array,
  target: Uint8Array,
  at: number,
): number {
  for (let from = 0; from < source.length; from += CIPHER_BYTES) {
    const piece = source.length <= CIPHER_BYTES ? source : source.subarray(from, from + CIPHER_BYTES);
    const output = cipher.update(piece);
    copyBytes(output, 0, output.length, target, at + from);
    // Only memory that is the output's alone: Node says nowhere that it always will be.
    if (output.buffer.byteLength === output.length) output.buffer.transfer(0);
  }
  return at + source.length;
}

/** Free whenever a seal begins. */
const gathered = Buffer.allocUnsafeSlow(CIPHER_BYTES);

/** The same for pieces, which are laid end to end before the cipher gets them. */
function cipherPieces(
  cipher: CipherGCM,
  pieces: readonly Uint8Array[],
  target: Uint8Array,
  at: number,
): number {
  let filled = 0;
  let end = at;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const count = Math.min(piece.length - from, CIPHER_BYTES - filled);
      copyBytes(piece, from, from + count, gathered, filled);
      filled += count;
      from += count;
      if (filled < CIPHER_BYTES) continue;
      end = cipherInto(cipher, gathered, target, end);
      filled = 0;
    }
  }
  return cipherInto(cipher, gathered.subarray(0, filled), target, end);
}
