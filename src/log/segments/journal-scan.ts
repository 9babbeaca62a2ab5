/**
 * Reads one journal file as it was found at the start. Frames follow one another with consecutive sequences. Where a whole frame is
 * expected and none is there, the file ends: what lies beyond is old, zero or torn. But a whole frame of the same life further on
 * says what was durable when it was written: if that is what is missing, it is damage and not a torn tail.
 */
import type { DiskFile } from '../../host/host.ts';
import {
  decodeFrame,
  decodeJournalHeader,
  findFrames,
  JOURNAL_HEADER_BYTES,
  type FrameHeader,
  type JournalHeader,
} from './journal-format.ts';

export type FoundFrame = FrameHeader & { readonly at: number };

export type ScannedJournal = {
  readonly path: string;
  readonly bytes: Buffer;
  /** Undefined when the header is not whole; then `frames` are whatever whole frames the file holds, of any life. */
  readonly header: JournalHeader | undefined;
  readonly frames: readonly FoundFrame[];
  /** Where the last whole frame ends. */
  readonly end: number;
  /** The first whole frame of the same life beyond `end`. */
  readonly beyond: FoundFrame | undefined;
  /** What whole frames of the same life beyond `end` say was durable when they were written; 0 without one. */
  readonly durableBeyond: number;
};

export async function scanJournal(file: DiskFile): Promise<ScannedJournal> {
  return scanJournalBytes(file.path, await readWhole(file));
}

export function scanJournalBytes(path: string, bytes: Buffer): ScannedJournal {
  const header = decodeJournalHeader(bytes);
  if (header === undefined) {
    const frames = [...findFrames(bytes, 0, undefined)];
    return { path, bytes, header, frames, end: 0, beyond: undefined, durableBeyond: 0 };
  }
  const frames: FoundFrame[] = [];
  let end = JOURNAL_HEADER_BYTES;
  let repaired = false;
  for (;;) {
    const frame = decodeFrame(bytes, end, header.incarnation);
    if (frame === undefined) break;
    const previous = frames.at(-1);
    // Only over repaired damage may sequences be missing: nobody knows how many frames it was.
    if (previous !== undefined && frame.sequence !== previous.sequence + 1 && !repaired) break;
    frames.push({ ...frame, at: end });
    repaired = frame.batches === 0;
    end += frame.length;
  }
  const [...after] = findFrames(bytes, end, header.incarnation);
  const durableBeyond = after.reduce((newest, { durable }) => Math.max(newest, durable), 0);
  return { path, bytes, header, frames, end, beyond: after[0], durableBeyond };
}

async function readWhole(file: DiskFile): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(await file.size());
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes, filled, bytes.length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
