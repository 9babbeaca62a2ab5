/**
 * Group commit. What was appended while commits are under way shares the next one: a frame of the journal with a batch for each log,
 * each sealed once, written with one call that also makes it durable. Then the records become readable and the appends are
 * answered, in the order in which they came.
 *
 * Several frames are sealed and written at once, because the disk, the cipher and this thread would wait for one another otherwise;
 * they count one after another (frames-under-way.ts). Each says what was durable when it was written, which lets the next start
 * tell a frame that did not arrive from one that is damaged (recovery.ts).
 */
import type { Clock } from '../../host/host.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { Append } from '../append.ts';
import { LogFailedError, LogFullError } from '../log.ts';
import { isFull } from './damage.ts';
import { buildFrame, type Frame, frameBytesMax, goneError, isGone, type Waiting } from './frame.ts';
import { FrameBuffers } from './frame-buffers.ts';
import { FramesUnderWay } from './frames-under-way.ts';
import { sealFrame } from './journal-format.ts';
import type { Journal } from './journal.ts';
import type { LogPartition, LogState } from './log-state.ts';
import type { ReportFailure, Rewriter } from './rewriter.ts';
import type { SealPlace } from './seal-plan.ts';
import type { TailBatch } from './tail-batch.ts';
import type { Tail } from './tail.ts';

/** What waits is parted into frames of about so much: large enough that a frame costs little, small enough that several are under way. */
const FRAME_BYTES_WANTED = 1024 * 1024;
/** As much is worth a frame without company. */
const COMPANY_BYTES_MAX = 32 * 1024;
const RETRY_MS_MIN = 100;
/** More than the server lets in at a time: who reaches it does not bound what it has in flight. */
const WAITING_BYTES_MAX = 256 * 1024 * 1024;

type CommitterParts = {
  readonly clock: Clock;
  readonly sealers: Sealers;
  readonly sealedAt: SealPlace;
  readonly journal: Journal;
  readonly rewriter: Rewriter;
  readonly tail: Tail;
  readonly backlogBytesMax: number;
  /** How many frames are under way at most. */
  readonly framesAtOnce: number;
  readonly companyAppends: number;
  readonly flushedSequence: () => number;
  readonly onFailure: ReportFailure;
  /** Of the next frame. */
  readonly sequence: number;
};

export class Committer {
  readonly #parts: CommitterParts;
  /** Of the next frame to be sealed. */
  #sequence: number;
  #queue: Waiting[] = [];
  #waitingBytes = 0;
  /** Begins frames, one after another. */
  #beginning: Promise<void> | undefined;
  #closed = false;
  readonly #underWay: FramesUnderWay;
  #lastSequence: number;
  /** Of the newest frame. */
  #appends = 0;
  readonly #buffers = new FrameBuffers();
  #noRoom: { readonly error: Error; readonly atMs: number } | undefined;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#sequence = parts.sequence;
    this.#lastSequence = parts.sequence - 1;
    this.#underWay = new FramesUnderWay({
      counts: (frame) => this.#count(frame),
      failed: (frames, failure) => this.#giveUp(frames, failure),
      over: () => this.#begin(),
    });
  }

  /** Of the newest frame that counts. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  append(log: LogState, partitions: readonly LogPartition[], append: Append): Promise<void> {
    if (this.#closed) return Promise.reject(new LogFailedError('The log is closed.'));
    if (this.#waitingBytes > 0 && this.#waitingBytes + append.end > WAITING_BYTES_MAX) {
      return Promise.reject(new LogFailedError('Too many bytes wait for the disk.'));
    }
    this.#waitingBytes += append.end;
    return new Promise((resolve, reject) => {
      this.#queue.push({ log, append, partitions, dropsBefore: log.drops, resolve, reject });
      this.#begin();
    });
  }

  /** Commits what is waiting and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#beginning !== undefined || this.#underWay.count > 0) {
      await this.#beginning;
      await this.#underWay.empty();
    }
  }

  /** Begins a frame if it is time for one; called whenever it may have become so. */
  #begin(): void {
    if (this.#beginning === undefined && this.#isWorthAFrame()) this.#beginning = this.#beginFrames();
  }

  async #beginFrames(): Promise<void> {
    try {
      while (this.#isWorthAFrame()) {
        // All requests that have arrived share the next commit: there is one for each, when the server is busy, otherwise.
        await this.#parts.clock.turn();
        // Those that were answered together come again together, but the machine may have let the first of them run alone.
        if (this.#appends >= this.#parts.companyAppends && this.#wantsCompany())
          await this.#parts.clock.turn();
        await this.#beginFrame();
      }
    } finally {
      // In the same turn in which nothing was worth a frame: who comes next must start anew.
      this.#beginning = undefined;
    }
  }

  #wantsCompany(): boolean {
    return this.#queue.length < this.#parts.companyAppends && this.#waitingBytes < COMPANY_BYTES_MAX;
  }

  /**
   * Behind others, what waits has to be as much as the newest of them has, and not too little: every frame costs the same, and less would
   * make ever smaller ones.
   */
  #isWorthAFrame(): boolean {
    if (this.#queue.length === 0) return false;
    const { newest, count, failed } = this.#underWay;
    if (newest === undefined) return true;
    if (failed || count >= this.#parts.framesAtOnce || this.#wantsCompany()) return false;
    return this.#waitingBytes >= Math.min(newest.plainBytes, FRAME_BYTES_WANTED);
  }

  /** Takes what waits, has it sealed and then written; does not wait for that. */
  async #beginFrame(): Promise<void> {
    const { journal } = this.#parts;
    const waiting = this.#takeWaiting();
    if (waiting.length === 0) return;
    const byLog = Map.groupBy(waiting, ({ log }) => log);
    const bytesMax = frameBytesMax(byLog);
    try {
      // The next file is begun when all of this one is durable, so that a file that has a frame says that the ones before it are whole.
      if (this.#underWay.failed || !journal.fits(bytesMax)) {
        await this.#underWay.empty();
        await this.#makeRoom(bytesMax);
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error);
      return;
    }
    const bytes = this.#buffers.take(bytesMax);
    const frame = buildFrame(
      { sequence: this.#sequence, incarnation: journal.incarnation, bytes },
      byLog,
      this.#parts,
    );
    if (frame === undefined) {
      this.#buffers.give(bytes);
      return;
    }
    this.#sequence++;
    this.#appends = waiting.length;
    this.#underWay.add(frame, this.#write(frame, journal.place(frame.length)));
  }

  async #write(frame: Frame, at: number): Promise<void> {
    const { sequence, incarnation, bytes, length, batches } = frame;
    const [bodyCrc] = await frame.sealed;
    const durable = this.#lastSequence;
    sealFrame(bytes, incarnation, { sequence, length, batches: batches.length, durable }, bodyCrc);
    await this.#parts.journal.write(bytes, length, at);
  }

  #count({ sequence, bytes, batches, waiting }: Frame): void {
    const { journal, tail } = this.#parts;
    this.#buffers.give(bytes);
    journal.counts(sequence);
    this.#lastSequence = sequence;
    for (const batch of batches) tail.add(batch);
    tail.evict(this.#parts.flushedSequence());
    journal.prepareAhead();
    answer(waiting, batches);
    this.#begin();
  }

  async #giveUp(frames: readonly Frame[], failure: unknown): Promise<void> {
    const { journal, rewriter, onFailure } = this.#parts;
    // Used again, which tells the next start that the frames do not count.
    this.#sequence = frames[0]!.sequence;
    if (await journal.roll()) rewriter.start();
    for (const { bytes, batches, waiting } of frames) {
      this.#buffers.give(bytes);
      for (const batch of batches) batch.letGo();
      const { message } = failure as Error;
      const error = new LogFailedError(`The disk failed: ${message}`, { cause: failure });
      for (const { reject } of waiting) reject(error);
    }
    onFailure('writing the journal', failure);
  }

  #takeWaiting(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && (count === 0 || bytes < FRAME_BYTES_WANTED)) {
      bytes += this.#queue[count++]!.append.end;
    }
    const taken = this.#queue.splice(0, count);
    this.#waitingBytes -= bytes;
    return taken.filter((waiting) => {
      const gone = isGone(waiting);
      if (gone) waiting.reject(goneError(waiting));
      return !gone;
    });
  }

  /** A journal file with room for a frame, or the reason why there is none. */
  async #makeRoom(bytes: number): Promise<void> {
    const { journal, rewriter, backlogBytesMax, clock, onFailure } = this.#parts;
    if (journal.fits(bytes)) return;
    if (await journal.roll()) rewriter.start();
    const recent = this.#noRoom;
    if (recent !== undefined && clock.monotonic() - recent.atMs < RETRY_MS_MIN) throw recent.error;
    try {
      while (journal.rolledBytes > backlogBytesMax) await rewriter.progress();
      await journal.openNext();
      this.#noRoom = undefined;
    } catch (cause) {
      const error = failureOf(cause);
      this.#noRoom = { error, atMs: clock.monotonic() };
      onFailure('making room in the journal', cause);
      throw error;
    }
  }
}

function answer(waiting: readonly Waiting[], batches: readonly TailBatch[]): void {
  // Each is told once, however many of its groups the commit has.
  const watched = new Set<LogPartition>();
  for (const { partitions } of batches) {
    for (const partition of partitions) if (partition.watchers?.empty === false) watched.add(partition);
  }
  for (const each of waiting) {
    if (isGone(each)) each.reject(goneError(each));
    else each.resolve();
  }
  for (const partition of watched) partition.watchers!.notify();
}

function failureOf(cause: unknown): Error {
  const { message } = cause as Error;
  if (isFull(cause)) return new LogFullError(`The disk is full: ${message}`, { cause });
  return new LogFailedError(`The disk failed: ${message}`, { cause });
}
