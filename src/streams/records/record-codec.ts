/**
 * A record's bytes in the log. Persisted: a version is never changed, a new one is added.
 *
 * Version 1:
 *
 *     byte 0      version in the low four bits (1); bit 4: written while the stream was encrypted with a customer key;
 *                 bit 5: there is no partition key (record distribution AUTO)
 *     byte 1, 2   length of the partition key in bytes, big-endian; 0 without one
 *     …           the partition key in UTF-8
 *     …           the data, up to the end
 *
 * Position and arrival time are the log's; the sequence number is derived from them.
 */
import { assert } from '../../base/assert.ts';

export const RECORD_HEADER_BYTES = 3;

const VERSION = 1;
const VERSION_MASK = 0x0f;
const KMS = 0x10;
const NO_KEY = 0x20;

/** Writes the header at `target[at]`; the key follows, then the data. `keyBytes` is undefined without a key. */
export function writeRecordHeader(
  target: Uint8Array,
  at: number,
  keyBytes: number | undefined,
  kms: boolean,
): void {
  target[at] = VERSION | (kms ? KMS : 0) | (keyBytes === undefined ? NO_KEY : 0);
  target[at + 1] = (keyBytes ?? 0) >>> 8;
  target[at + 2] = (keyBytes ?? 0) & 0xff;
}

export type RecordHead = {
  /** Bytes of the partition key, which follows the header; the data is what follows the key. */
  readonly keyBytes: number;
  readonly hasKey: boolean;
  readonly kms: boolean;
};

/** Reads the header of the record that begins at `source[start]`. */
export function readRecordHead(source: Uint8Array, start: number): RecordHead {
  const first = source[start]!;
  assert((first & VERSION_MASK) === VERSION, 'the record has a known version');
  return {
    keyBytes: (source[start + 1]! << 8) | source[start + 2]!,
    hasKey: (first & NO_KEY) === 0,
    kms: (first & KMS) !== 0,
  };
}
