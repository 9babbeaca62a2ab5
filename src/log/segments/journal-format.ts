/**
 * The bytes of the journal: a file header, then frames. A frame is one commit: a batch for each log that got records in it. Every frame
 * carries its file's incarnation, 16 random bytes drawn anew each time the file is taken into use, so that a whole, valid
 * frame of a recycled file's earlier life is never taken for data. FORMAT.md describes it to the byte.
 */
import { crc32 } from 'node:zlib';
import { readU32, readU64, writeU32, writeU64 } from '../little-endian.ts';
import { ByteWriter } from './byte-writer.ts';

const FILE_MAGIC = Buffer.from('MRJRNL01');
const FRAME_MAGIC = Buffer.from('MRFRAME2');
/** Of frames that do not say what was durable: none was written before the one before it was. Batches are sealed with it to this day. */
const FRAME_MAGIC_1 = Buffer.from('MRFRAME1');
/** How both begin. */
const FRAME_MAGIC_START = FRAME_MAGIC.subarray(0, 7);
export const INCARNATION_BYTES = 16;
export const JOURNAL_HEADER_BYTES = 64;
export const FRAME_HEADER_BYTES = 64;
export const BATCH_HEADER_BYTES = 16;

const DURABLE_AT = 40;
const HEADER_CRC_AT = 60;
const BODY_CRC_AT = 56;

export type JournalHeader = {
  readonly incarnation: Uint8Array;
  /** Grows with every file taken into use: the order of the files. */
  readonly ordinal: number;
  /** False with durability `os`: then a hole may be followed by whole frames, and that is no damage. */
  readonly synced: boolean;
};

/** magic 8 · incarnation 16 · ordinal u64 · synced u32 · zeros · CRC-32 of all before it u32 */
export function encodeJournalHeader(header: JournalHeader): Uint8Array {
  const bytes = Buffer.alloc(JOURNAL_HEADER_BYTES);
  bytes.set(FILE_MAGIC);
  bytes.set(header.incarnation, 8);
  writeU64(bytes, 24, header.ordinal);
  writeU32(bytes, 32, header.synced ? 1 : 0);
  writeU32(bytes, HEADER_CRC_AT, crc32(bytes.subarray(0, HEADER_CRC_AT)));
  return bytes;
}

export function decodeJournalHeader(bytes: Buffer): JournalHeader | undefined {
  if (bytes.length < JOURNAL_HEADER_BYTES || bytes.compare(FILE_MAGIC, 0, 8, 0, 8) !== 0) return undefined;
  if (crc32(bytes.subarray(0, HEADER_CRC_AT)) !== readU32(bytes, HEADER_CRC_AT)) return undefined;
  return {
    incarnation: Buffer.from(bytes.subarray(8, 24)),
    ordinal: readU64(bytes, 24),
    synced: readU32(bytes, 32) === 1,
  };
}

export type FrameHeader = {
  readonly sequence: number;
  /** Bytes of the whole frame, a multiple of 8. */
  readonly length: number;
  /** 0 in a frame that `millrace doctor --repair` put over damage. */
  readonly batches: number;
  /** Every frame up to this sequence was durable when this one was written; the frames between may have been on their way. */
  readonly durable: number;
};

/** Fills in the header of a frame whose body is in `frame` already; `bodyCrc` is that of the bytes from `FRAME_HEADER_BYTES` to its end. */
export function sealFrame(
  frame: Buffer,
  incarnation: Uint8Array,
  header: FrameHeader,
  bodyCrc = crc32(frame.subarray(FRAME_HEADER_BYTES, header.length)),
): void {
  frame.set(FRAME_MAGIC);
  frame.set(incarnation, 8);
  writeU64(frame, 24, header.sequence);
  writeU32(frame, 32, header.length);
  writeU32(frame, 36, header.batches);
  writeU64(frame, DURABLE_AT, header.durable);
  frame.fill(0, DURABLE_AT + 8, BODY_CRC_AT);
  writeU32(frame, BODY_CRC_AT, bodyCrc);
  writeU32(frame, HEADER_CRC_AT, crc32(frame.subarray(0, HEADER_CRC_AT)));
}

/** The header at `at` when header and body are whole; with `incarnation` undefined, of any life. */
export function decodeFrame(
  bytes: Buffer,
  at: number,
  incarnation: Uint8Array | undefined,
): FrameHeader | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const isOld = bytes.compare(FRAME_MAGIC_1, 0, 8, at, at + 8) === 0;
  if (!isOld && bytes.compare(FRAME_MAGIC, 0, 8, at, at + 8) !== 0) return undefined;
  if (incarnation !== undefined && bytes.compare(incarnation, 0, 16, at + 8, at + 24) !== 0) return undefined;
  if (crc32(bytes.subarray(at, at + HEADER_CRC_AT)) !== readU32(bytes, at + HEADER_CRC_AT)) return undefined;
  const length = readU32(bytes, at + 32);
  if (length < FRAME_HEADER_BYTES || at + length > bytes.length) return undefined;
  const bodyCrc = crc32(bytes.subarray(at + FRAME_HEADER_BYTES, at + length));
  if (bodyCrc !== readU32(bytes, at + BODY_CRC_AT)) return undefined;
  const sequence = readU64(bytes, at + 24);
  const durable = isOld ? sequence - 1 : readU64(bytes, at + DURABLE_AT);
  return { sequence, length, batches: readU32(bytes, at + 36), durable };
}

/** Whole frames (of one life, or of any) that begin after `at`, wherever they are. */
export function* findFrames(
  bytes: Buffer,
  at: number,
  incarnation: Uint8Array | undefined,
): Generator<FrameHeader & { readonly at: number }, void, void> {
  for (
    let found = bytes.indexOf(FRAME_MAGIC_START, at);
    found !== -1;
    found = bytes.indexOf(FRAME_MAGIC_START, found + 1)
  ) {
    const frame = decodeFrame(bytes, found, incarnation);
    if (frame !== undefined) yield { ...frame, at: found };
  }
}

export type BatchHeader = {
  readonly log: number;
  readonly keyId: number;
  readonly sealedBytes: number;
};

/** log u32 · key id u64 · sealed bytes u32 */
export function encodeBatchHeader(target: Uint8Array, at: number, header: BatchHeader): void {
  writeU32(target, at, header.log);
  writeU64(target, at + 4, header.keyId);
  writeU32(target, at + 12, header.sealedBytes);
}

export function decodeBatchHeader(bytes: Uint8Array, at: number): BatchHeader {
  return { log: readU32(bytes, at), keyId: readU64(bytes, at + 4), sealedBytes: readU32(bytes, at + 12) };
}

/** What ties a sealed batch to its place: the file's life, the commit and the log. */
export function batchAdditional(incarnation: Uint8Array, sequence: number, logId: string): Uint8Array {
  return new ByteWriter(128).bytes(FRAME_MAGIC_1).bytes(incarnation).u64(sequence).text(logId).written();
}

export function alignFrame(length: number): number {
  return (length + 7) & ~7;
}
