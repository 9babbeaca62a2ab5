/**
 * HMAC-SHA-256 (RFC 2104) with a key that is used again and again: two one-shot hashes over buffers that hold the padded key take
 * half the time of an Hmac object, which is made, fed and read anew for each text.
 */
import { createHmac, hash } from 'node:crypto';
import { assert } from '../base/assert.ts';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** A string to sign has about 140 bytes; a longer text goes the plain way. */
const TEXT_BYTES_MAX = 512;

/** The HMAC of a text of one-byte characters, in hexadecimal. */
export type Hmac = (text: string) => string;

/** `key` is at most a block long, as every hash is. */
export function createHmacOf(key: Uint8Array): Hmac {
  assert(key.length <= BLOCK_BYTES, 'the key fits into a block');
  const inner = padded(key, 0x36, TEXT_BYTES_MAX);
  const outer = padded(key, 0x5c, HASH_BYTES);
  /** As much of `inner` as the last text took: the texts of one key are mostly of one length. */
  let keyed = inner;
  return (text) => {
    if (text.length > TEXT_BYTES_MAX) return createHmac('sha256', key).update(text, 'latin1').digest('hex');
    const keyedBytes = BLOCK_BYTES + text.length;
    if (keyed.length !== keyedBytes) keyed = inner.subarray(0, keyedBytes);
    keyed.write(text, BLOCK_BYTES, 'latin1');
    // As text because a hash given as a Buffer costs three times as much.
    outer.write(hash('sha256', keyed, 'latin1'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}

function padded(key: Uint8Array, padding: number, roomBytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES + roomBytes, 0).fill(padding, 0, BLOCK_BYTES);
  key.forEach((byte, index) => (block[index] = byte ^ padding));
  return block;
}
