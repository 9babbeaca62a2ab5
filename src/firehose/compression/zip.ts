/**
 * A ZIP archive of one deflated entry (PKWARE's APPNOTE 4.3). Sizes and checksum are known before anything is handed out, so they stand in
 * the entry's own header and every reader, also one that reads in one go, has them. Without ZIP64: objects end long before 4 GiB.
 */
import { assert } from '../../base/assert.ts';
import type { CompressionOptions, Compressor } from './compressor.ts';
import { createDeflate, type Deflated } from './deflate.ts';

const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATE = 8;
const BYTES_MAX = 2 ** 32 - 2;

export function createZip({ level, entryName, timeMs }: CompressionOptions): Compressor {
  const deflate = createDeflate(level);
  return {
    add: (chunk) => deflate.add(chunk),
    finish() {
      const deflated = deflate.finish();
      assert(Math.max(deflated.bytes, deflated.compressedBytes) <= BYTES_MAX, 'an object fits into a ZIP');
      const name = Buffer.from(entryName, 'utf8');
      const described = description(deflated, name.length, timeMs);
      const local = Buffer.concat([fields('I', 0x04034b50), described, name]);
      const central = Buffer.concat([
        fields('IH', 0x02014b50, VERSION),
        described,
        // Comment's length, disk, attributes within and without, place of the entry.
        fields('HHHII', 0, 0, 0, 0, 0),
        name,
      ]);
      const centralAt = local.length + deflated.compressedBytes;
      const end = fields('IHHHHIIH', 0x06054b50, 0, 0, 1, 1, central.length, centralAt, 0);
      return [local, ...deflated.pieces, central, end];
    },
  };
}

/** What stands alike in the entry's own header and in the central directory. */
function description(deflated: Deflated, nameBytes: number, timeMs: number): Buffer {
  const at = new Date(timeMs);
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const { crc32, compressedBytes, bytes } = deflated;
  return fields(
    'HHHHHIIIHH',
    VERSION,
    FLAGS,
    DEFLATE,
    time,
    date,
    crc32,
    compressedBytes,
    bytes,
    nameBytes,
    0,
  );
}

/** Little-endian numbers of 16 (`H`) and 32 (`I`) bits. */
function fields(layout: string, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc([...layout].reduce((total, kind) => total + (kind === 'H' ? 2 : 4), 0));
  let at = 0;
  for (const [i, kind] of [...layout].entries()) {
    at = kind === 'H' ? bytes.writeUInt16LE(values[i]!, at) : bytes.writeUInt32LE(values[i]!, at);
  }
  return bytes;
}
