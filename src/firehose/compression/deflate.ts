/**
 * One deflate stream made piece by piece with Node's synchronous calls, which know no streams: each piece ends on a byte (a sync flush) and begins
 * with the window of the piece before it as its dictionary, so that the pieces in a row are one stream, as pigz makes them.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { createBlocks } from './blocks.ts';

const PIECE_BYTES = 512 * 1024;
const WINDOW_BYTES = 32 * 1024;
/** The end of a deflate stream that says nothing more. */
const EMPTY_LAST_BLOCK = Uint8Array.of(0x03, 0x00);

export type Deflated = {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly crc32: number;
  readonly compressedBytes: number;
};

export function createDeflate(level: number): { add(chunk: Uint8Array): void; finish(): Deflated } {
  const pieces: Uint8Array[] = [];
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  let bytes = 0;
  let sum = 0;
  const blocks = createBlocks(PIECE_BYTES, (block) => {
    const dictionary = bytes === 0 ? {} : { dictionary: window };
    pieces.push(deflateRawSync(block, { level, finishFlush: constants.Z_SYNC_FLUSH, ...dictionary }));
    sum = crc32(block, sum);
    bytes += block.length;
    // Only the last block is shorter than the window, and nothing follows it.
    if (block.length >= WINDOW_BYTES) window.set(block.subarray(-WINDOW_BYTES));
  });
  return {
    add: (chunk) => blocks.add(chunk),
    finish() {
      blocks.end();
      pieces.push(EMPTY_LAST_BLOCK);
      const compressedBytes = pieces.reduce((total, piece) => total + piece.length, 0);
      return { pieces, bytes, crc32: sum, compressedBytes };
    },
  };
}
