import { createRequire } from 'node:module';
import type { compressSync } from 'snappy';

interface SnappyCodec {
  readonly compressSync: typeof compressSync;
}

let codec: SnappyCodec | undefined;

/**
 * Loaded when first used: it is machine code of more than three megabytes, which a server that compresses nothing with it does not hold;
 * and where there is none for the machine only Snappy fails.
 */
export function snappy(): SnappyCodec {
  codec ??= createRequire(import.meta.url)('snappy') as SnappyCodec;
  return codec;
}
