/**
 * Sealing: how bytes at rest are encrypted. A batch is sealed with AES-256-GCM under a data key of its log; the additional
 * data ties it to its place, so that a sealed batch moved elsewhere does not open. Log engines call this; a broker or disk
 * never sees plain text.
 */
import type { SealTicket } from '../base/seal-job.ts';

export interface Sealer {
  /** The data key that new batches are sealed under. Already durable in the catalog. */
  readonly keyId: number;
  /**
   * Encrypts `plain` into `target` at `targetOffset` as nonce (12) · ciphertext (plain.length) · tag (16), and returns the bytes
   * written. Every call uses a fresh nonce from the dice; a (key, nonce) pair never repeats.
   */
  seal(
    plain: readonly Uint8Array[],
    additional: Uint8Array,
    target: Uint8Array,
    targetOffset: number,
  ): number;
  /** For a seal that is made elsewhere, maybe on another thread: it counts as one that was made here. Throws as `seal` does. */
  ticket(): SealTicket;
  /**
   * Opens what `seal` wrote, into the beginning of `room` when that is given and large enough. Throws `SealBrokenError` when the tag
   * does not match or the key is unknown; what is in the room then is nobody's text.
   */
  open(keyId: number, sealed: Uint8Array, additional: Uint8Array, room?: Buffer): Uint8Array;
}

/** Gives the sealer of a log; the same object as long as the log lives. */
export interface Sealers {
  sealer(log: string): Sealer;
}

export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
}
