/**
 * Randomness from the operating system. Small requests (nonces, request ids) are cut from a pool, because a call into
 * OpenSSL costs more than the bytes; what was handed out is wiped from the pool, so that a key is never kept twice.
 */
import { randomFillSync, randomInt } from 'node:crypto';
import type { Dice } from '../host.ts';

const POOL_BYTES = 4096;
const POOLED_BYTES_MAX = 64;

export function createRealDice(): Dice {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;

  function fill(target: Uint8Array): void {
    if (target.length > POOLED_BYTES_MAX) {
      randomFillSync(target);
      return;
    }
    if (used + target.length > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const end = used + target.length;
    for (let from = used, to = 0; from < end; from++, to++) {
      target[to] = pool[from]!;
      pool[from] = 0;
    }
    used = end;
  }

  return {
    fill,
    bytes(count) {
      const target = new Uint8Array(count);
      fill(target);
      return target;
    },
    integer: (below) => randomInt(below),
  };
}
