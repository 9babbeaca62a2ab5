/**
 * Which frames of the journal count. Files are in the order of their ordinals; the frames that count follow the manifest's flushed
 * sequence without a gap. A frame whose sequence a later file begins with or goes below was given up by the server (its write
 * or sync had failed, or an earlier start dropped it), so it does not count. Where frames are missing before others that
 * had been synced, or before a clean stop, the journal is damaged and is refused. Without syncs (durability `os`) a power cut may
 * leave holes: there everything after the first hole is dropped.
 */
import { basename } from 'node:path';
import { LogDamagedError } from './damage.ts';
import { BATCH_HEADER_BYTES, decodeBatchHeader, FRAME_HEADER_BYTES } from './journal-format.ts';
import type { FoundFrame, ScannedJournal } from './journal-scan.ts';
import type { ManifestState } from './manifest-state.ts';

export type CountingFile = {
  readonly journal: ScannedJournal;
  /** Frames to replay. */
  readonly frames: readonly FoundFrame[];
  /** It has whole frames that do not count: its name must not be used for another life. */
  readonly tainted: boolean;
};

export type Recovered = {
  readonly files: readonly CountingFile[];
  readonly nextSequence: number;
  readonly nextOrdinal: number;
};

/** Throws `LogDamagedError` when frames that had been synced are not there. */
export function recoverJournal(
  manifest: Pick<ManifestState, 'flushedSequence' | 'stoppedSequence'>,
  journals: readonly ScannedJournal[],
  /** Named when no file is left. */
  directory: string,
): Recovered {
  const { flushedSequence, stoppedSequence } = manifest;
  for (const journal of journals) refuseBrokenHeader(journal, flushedSequence);
  const ordered = journals
    .filter(({ header }) => header !== undefined)
    .toSorted((a, b) => a.header!.ordinal - b.header!.ordinal);
  const files: CountingFile[] = journals
    .filter(({ header }) => header === undefined)
    .map((journal) => ({ journal, frames: [], tainted: false }));
  let next = flushedSequence + 1;
  let newest: FoundFrame | undefined;
  let ended = false;
  ordered.forEach((journal, i) => {
    const bound = firstSequenceAfter(ordered, i);
    const wanted = journal.frames.filter(({ sequence }) => sequence > flushedSequence && sequence < bound);
    const taken: FoundFrame[] = [];
    for (const frame of wanted) {
      if (ended) break;
      if (frame.sequence !== next && !followsRepair(journal, frame, newest)) {
        if (journal.header!.synced) throw missing(journal, ordered[i - 1], next, frame);
        ended = true;
        break;
      }
      taken.push(frame);
      newest = frame;
      next = frame.sequence + 1;
    }
    const { beyond, durableBeyond } = journal;
    if (!ended && beyond !== undefined && beyond.sequence > flushedSequence && beyond.sequence < bound) {
      if (!journal.header!.synced) ended = true;
      // Otherwise they were on their way together, and the one that did not arrive takes the others with it.
      else if (durableBeyond >= next) throw broken(journal, beyond);
    }
    const whole = journal.frames.filter(({ sequence }) => sequence > flushedSequence).length;
    files.push({ journal, frames: taken, tainted: whole > taken.length || beyond !== undefined });
  });
  if (stoppedSequence !== undefined && next <= stoppedSequence) {
    throw new LogDamagedError(
      ordered.at(-1)?.path ?? directory,
      `it was stopped cleanly after commit ${stoppedSequence}, but ends before commit ${next}`,
      `the records of ${stoppedSequence - next + 1} commits`,
    );
  }
  const nextOrdinal = 1 + ordered.reduce((newest, { header }) => Math.max(newest, header!.ordinal), 0);
  return { files, nextSequence: next, nextOrdinal };
}

/**
 * Throws `LogDamagedError` when a commit that counts holds records of a log whose number the manifest has not given yet: a log's
 * creation is durable before its first record, so the manifest's end is missing. (Numbers that were given and are gone were dropped.)
 */
export function refuseUnknownLogs(
  manifestPath: string,
  { nextLog }: Pick<ManifestState, 'nextLog'>,
  files: readonly CountingFile[],
): void {
  const numbers = unknownLogs(nextLog, files);
  if (numbers.length === 0) return;
  throw new LogDamagedError(
    manifestPath,
    `its end is missing: the journal holds records of logs ${numbers.join(', ')}, which it does not know`,
    'the records of these logs in the journal',
  );
}

/** Their numbers, in order. Without syncs (durability `os`) the manifest may well be behind the journal. */
export function unknownLogs(nextLog: number, files: readonly CountingFile[]): readonly number[] {
  const numbers = new Set<number>();
  for (const { journal, frames } of files) {
    if (journal.header?.synced !== true) continue;
    for (const frame of frames) {
      const last = frame.at + frame.length - BATCH_HEADER_BYTES;
      for (let at = frame.at + FRAME_HEADER_BYTES, batch = 0; batch < frame.batches && at <= last; batch++) {
        const { log, sealedBytes } = decodeBatchHeader(journal.bytes, at);
        if (log >= nextLog) numbers.add(log);
        at += BATCH_HEADER_BYTES + sealedBytes;
      }
    }
  }
  return [...numbers].toSorted((a, b) => a - b);
}

function firstSequenceAfter(ordered: readonly ScannedJournal[], index: number): number {
  return ordered
    .slice(index + 1)
    .reduce((least, { frames }) => Math.min(least, frames[0]?.sequence ?? Infinity), Infinity);
}

/** True for a frame that `millrace doctor --repair` put over damage, and for the one after it, in its file or the next. */
function followsRepair(journal: ScannedJournal, frame: FoundFrame, newest: FoundFrame | undefined): boolean {
  const previous = journal.frames[journal.frames.indexOf(frame) - 1] ?? newest;
  return frame.batches === 0 || previous?.batches === 0;
}

function refuseBrokenHeader(journal: ScannedJournal, flushedSequence: number): void {
  if (journal.header !== undefined) return;
  const needed = journal.frames.filter(({ sequence }) => sequence > flushedSequence);
  if (needed.length === 0) return;
  throw new LogDamagedError(
    journal.path,
    'its header is broken',
    `the records of ${needed.length} commits, ${needed[0]!.sequence} to ${needed.at(-1)!.sequence},`,
  );
}

/** Commits that stood before a file's first frame stood at the end of the file before it. */
function missing(
  journal: ScannedJournal,
  before: ScannedJournal | undefined,
  next: number,
  found: FoundFrame,
): CommitsMissing {
  const gap = { next, found: found.sequence };
  if (before !== undefined && found === journal.frames[0]) {
    const text = `it ends at byte ${before.end}, before commit ${next}, and ${basename(journal.path)} goes on with commit ${found.sequence}`;
    return new CommitsMissing(before.path, text, gap);
  }
  const text = `commit ${found.sequence} stands at byte ${found.at}, where commit ${next} is expected`;
  return new CommitsMissing(journal.path, text, gap);
}

/** Commits from `next` to the one before `found` are not there. */
export class CommitsMissing extends LogDamagedError {
  readonly next: number;
  readonly sequenceFound: number;

  constructor(file: string, found: string, gap: { readonly next: number; readonly found: number }) {
    super(file, found, `the records of ${gap.found - gap.next} commits, from ${gap.next} on,`);
    this.next = gap.next;
    this.sequenceFound = gap.found;
  }
}

function broken(journal: ScannedJournal, beyond: FoundFrame): LogDamagedError {
  const next = (journal.frames.at(-1)?.sequence ?? beyond.sequence - 1) + 1;
  return new LogDamagedError(
    journal.path,
    `the frame at byte ${journal.end} is broken, though whole ones follow from byte ${beyond.at}`,
    `the records of at least ${Math.max(1, beyond.sequence - next)} commits, from ${next} on,`,
  );
}
