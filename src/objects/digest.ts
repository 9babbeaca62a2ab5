/** Digests of bodies of a hundred megabytes, which take long enough that others must have their turn in between. */
import { createHash } from 'node:crypto';
import type { Clock } from '../host/host.ts';

/** A fifth of a millisecond: a request that comes meanwhile waits for several turns of the event loop, one after another. */
const SLICE_BYTES = 128 * 1024;

/** In hexadecimal. */
export async function digest(
  algorithm: 'md5' | 'sha256',
  chunks: readonly Uint8Array[],
  clock: Pick<Clock, 'turn'>,
): Promise<string> {
  const hash = createHash(algorithm);
  let sinceTurn = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      const slice = chunk.subarray(at, at + SLICE_BYTES);
      if (sinceTurn + slice.length > SLICE_BYTES) {
        await clock.turn();
        sinceTurn = 0;
      }
      hash.update(slice);
      sinceTurn += slice.length;
    }
  }
  return hash.digest('hex');
}
