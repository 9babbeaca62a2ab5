/**
 * An object's body, compressed while it is gathered: nothing is held twice, and memory is what the compressed object takes plus less
 * than a megabyte. Synchronous and pure, for a worker to run.
 */
import type { CompressionFormat } from './formats.ts';
import { createGzip } from './gzip.ts';
import { createHadoopSnappy, createXerialSnappy } from './snappy.ts';
import { createZip } from './zip.ts';

export type Compressor = {
  /** Keeps nothing of `chunk` but what it copies, unless the format is UNCOMPRESSED. */
  add(chunk: Uint8Array): void;
  /** Called once, last. The body in pieces. */
  finish(): readonly Uint8Array[];
};

export type CompressionOptions = {
  /** zlib's, 1 to 9. */
  readonly level: number;
  /** Of the one entry in a ZIP: a uuid. */
  readonly entryName: string;
  /** The entry's time in a ZIP, milliseconds since 1970. */
  readonly timeMs: number;
};

export function createCompressor(format: CompressionFormat, options: CompressionOptions): Compressor {
  switch (format) {
    case 'UNCOMPRESSED':
      return createPlain();
    case 'GZIP':
      return createGzip(options.level);
    case 'ZIP':
      return createZip(options);
    case 'Snappy':
      return createXerialSnappy();
    case 'HADOOP_SNAPPY':
      return createHadoopSnappy();
  }
}

function createPlain(): Compressor {
  const chunks: Uint8Array[] = [];
  return {
    add: (chunk) => void chunks.push(chunk),
    finish: () => chunks,
  };
}
