/** How pages are compressed: Parquet's number of the codec and the whole of a page at once. */
import { gzipSync } from 'node:zlib';
import { snappy } from '../../compression/snappy-codec.ts';

export type Compression = 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';

export type Codec = { readonly number: number; compress(bytes: Buffer): Buffer };

export const CODECS: Readonly<Record<Compression, Codec>> = {
  UNCOMPRESSED: { number: 0, compress: (bytes) => bytes },
  SNAPPY: { number: 1, compress: (bytes) => snappy().compressSync(bytes) },
  GZIP: { number: 2, compress: (bytes) => gzipSync(bytes) },
};
