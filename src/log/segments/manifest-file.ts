/**
 * The bytes of a manifest file: a header, then frames of edits, the first of which is the whole state. A frame carries the
 * file's random id, so that a broken frame can be told from the end: what follows the end holds no frame of this file.
 */
import { crc32 } from 'node:zlib';
import { readU32, writeU32 } from '../little-endian.ts';
import { LogDamagedError } from './damage.ts';
import {
  applyEdit,
  decodeEdits,
  emptyManifest,
  encodeEdits,
  type ManifestEdit,
  type ManifestState,
} from './manifest-state.ts';

const FILE_MAGIC = Buffer.from('MRMANIF1');
const FRAME_MAGIC = Buffer.from('MRMEDIT1');
export const FILE_ID_BYTES = 16;
export const MANIFEST_HEADER_BYTES = FILE_MAGIC.length + FILE_ID_BYTES;
const FRAME_HEADER_BYTES = FRAME_MAGIC.length + FILE_ID_BYTES + 8;

export function encodeManifestHeader(fileId: Uint8Array): Uint8Array {
  return Buffer.concat([FILE_MAGIC, fileId]);
}

/** magic 8 · file id 16 · payload length u32 · CRC-32 of all else u32 · payload */
export function encodeManifestFrame(fileId: Uint8Array, edits: Iterable<ManifestEdit>): Uint8Array {
  const payload = encodeEdits(edits);
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  frame.set(FRAME_MAGIC);
  frame.set(fileId, FRAME_MAGIC.length);
  writeU32(frame, FRAME_HEADER_BYTES - 8, payload.length);
  frame.set(payload, FRAME_HEADER_BYTES);
  writeU32(frame, FRAME_HEADER_BYTES - 4, frameCrc(frame, 0, frame.length));
  return frame;
}

export type ReadManifest = {
  readonly state: ManifestState;
  /** Bytes up to the end of the last whole frame. */
  readonly length: number;
};

/** Reads a manifest up to a torn tail; throws `LogDamagedError` for any other fault. */
export function readManifest(path: string, content: Uint8Array): ReadManifest {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const damaged = (found: string, lost: string) => new LogDamagedError(path, found, lost);
  if (bytes.length < MANIFEST_HEADER_BYTES || bytes.indexOf(FILE_MAGIC) !== 0) {
    throw damaged('it does not begin as a manifest', 'the list of all logs and segments');
  }
  const fileId = bytes.subarray(FILE_MAGIC.length, MANIFEST_HEADER_BYTES);
  const frameStart = Buffer.concat([FRAME_MAGIC, fileId]);
  const state = emptyManifest();
  let at = MANIFEST_HEADER_BYTES;
  for (let first = true; ; first = false) {
    const end = wholeFrameEnd(bytes, at, frameStart);
    if (end === undefined) {
      if (first) throw damaged('its first frame is broken', 'the list of all logs and segments');
      break;
    }
    try {
      for (const edit of decodeEdits(bytes.subarray(at + FRAME_HEADER_BYTES, end))) applyEdit(state, edit);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw damaged(
        `the frame at byte ${at} cannot be read (${error.message}): was it written by a newer release?`,
        'what happened to logs and segments from there on',
      );
    }
    at = end;
  }
  for (
    let later = bytes.indexOf(frameStart, at + 1);
    later !== -1;
    later = bytes.indexOf(frameStart, later + 1)
  ) {
    if (wholeFrameEnd(bytes, later, frameStart) !== undefined) {
      throw damaged(
        `the frame at byte ${at} is broken, though a whole one follows at byte ${later}`,
        'what happened to logs and segments from there on',
      );
    }
  }
  return { state, length: at };
}

function wholeFrameEnd(bytes: Buffer, at: number, frameStart: Buffer): number | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  if (bytes.compare(frameStart, 0, frameStart.length, at, at + frameStart.length) !== 0) return undefined;
  const end = at + FRAME_HEADER_BYTES + readU32(bytes, at + FRAME_HEADER_BYTES - 8);
  if (end > bytes.length) return undefined;
  return frameCrc(bytes, at, end) === readU32(bytes, at + FRAME_HEADER_BYTES - 4) ? end : undefined;
}

function frameCrc(bytes: Buffer, at: number, end: number): number {
  const head = crc32(bytes.subarray(at, at + FRAME_HEADER_BYTES - 4));
  return crc32(bytes.subarray(at + FRAME_HEADER_BYTES, end), head);
}
