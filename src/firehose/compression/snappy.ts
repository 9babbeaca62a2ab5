/**
 * The two framings of Snappy blocks that Firehose delivers, both over blocks of 32 KiB, with big-endian lengths:
 *
 *     Snappy         0x82 "SNAPPY" 0x00, version 1, compatible with 1, then (compressed bytes, block)*    as snappy-java's SnappyOutputStream
 *     HADOOP_SNAPPY  (bytes, compressed bytes, block)*                                                    as Hadoop's SnappyCodec
 */
import { createBlocks } from './blocks.ts';
import type { Compressor } from './compressor.ts';
import { snappy } from './snappy-codec.ts';

const BLOCK_BYTES = 32 * 1024;
const XERIAL_HEADER = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);

export function createXerialSnappy(): Compressor {
  return createFramed([XERIAL_HEADER], (_, compressed) => lengths(compressed));
}

export function createHadoopSnappy(): Compressor {
  return createFramed([], (bytes, compressed) => lengths(bytes, compressed));
}

function createFramed(
  pieces: Uint8Array[],
  frame: (bytes: number, compressedBytes: number) => Buffer,
): Compressor {
  const { compressSync } = snappy();
  const blocks = createBlocks(BLOCK_BYTES, (block) => {
    const compressed = compressSync(block);
    pieces.push(frame(block.length, compressed.length), compressed);
  });
  return {
    add: (chunk) => blocks.add(chunk),
    finish() {
      blocks.end();
      return pieces;
    },
  };
}

function lengths(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}
