/** GZIP (RFC 1952): one member, without a name and without a time, so that the same records give the same bytes. */
import type { Compressor } from './compressor.ts';
import { createDeflate } from './deflate.ts';

/** Magic, deflate, no flags, no time, no extra flags, unknown system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

export function createGzip(level: number): Compressor {
  const deflate = createDeflate(level);
  return {
    add: (chunk) => deflate.add(chunk),
    finish() {
      const { pieces, bytes, crc32 } = deflate.finish();
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(crc32, 0);
      trailer.writeUInt32LE(bytes % 2 ** 32, 4);
      return [HEADER, ...pieces, trailer];
    },
  };
}
