/**
 * Group commit. Whatever was appended while the last commit was being synced goes into the next one: a frame of the journal with a
 * batch for each log, each sealed once, written with one call and made durable with one sync. Then the records become
 * readable and the appends are answered, in the order in which they came.
 *
 * While one frame is written and synced, the next may be sealed already, but not a byte of it is written: that a whole frame stands
 * behind a broken one has to go on saying that the broken one had been synced (recovery.ts).
 */
import type { Clock } from '../../host/host.ts';
import { NONCE_BYTES, TAG_BYTES } from '../../base/seal-job.ts';
import type { Sealers } from '../../keys/sealing.ts';
import { LogFailedError, LogFullError, LogGoneError } from '../log.ts';
import { sharedBytes } from '../slab.ts';
import type { Append } from '../append.ts';
import { isFull } from './damage.ts';
import {
  alignFrame,
  BATCH_HEADER_BYTES,
  batchAdditional,
  encodeBatchHeader,
  FRAME_HEADER_BYTES,
  sealFrame,
} from './journal-format.ts';
import type { Journal } from './journal.ts';
import type { LogPartition, LogState } from './log-state.ts';
import type { ReportFailure, Rewriter } from './rewriter.ts';
import { SealPlan, type SealPlace } from './seal-plan.ts';
import { TailBatch } from './tail-batch.ts';
import type { Tail } from './tail.ts';

const COMMIT_BYTES_MIN = 1024 * 1024;
const FRAME_BUFFER_BYTES = 64 * 1024;
/** A frame buffer up to this size is kept for the next commit. */
const FRAME_BUFFER_BYTES_KEPT = 8 * 1024 * 1024;
const RETRY_MS_MIN = 100;
/** More than the server lets in at a time: who reaches it does not bound what it has in flight. */
const WAITING_BYTES_MAX = 256 * 1024 * 1024;

type Waiting = {
  readonly log: LogState;
  readonly append: Append;
  /** Of each of its groups. */
  readonly partitions: readonly LogPartition[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** A frame that is ready to be written. */
type Frame = {
  readonly sequence: number;
  readonly bytes: Buffer;
  readonly length: number;
  readonly batches: readonly TailBatch[];
  readonly waiting: readonly Waiting[];
};

type CommitterParts = {
  readonly clock: Clock;
  readonly sealers: Sealers;
  readonly sealedAt: SealPlace;
  readonly journal: Journal;
  readonly rewriter: Rewriter;
  readonly tail: Tail;
  readonly backlogBytesMax: number;
  readonly aheadBytesMin: number;
  /** False with durability `os`: the answer does not wait for a sync. */
  readonly synced: boolean;
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
  #running: Promise<void> | undefined;
  #closed = false;
  /** The frame that is being written and synced. */
  #underWay: { readonly frame: Frame; readonly done: Promise<void> } | undefined;
  #lastSequence: number;
  /** Present while what waits is not yet worth a frame of its own. */
  #worthAFrame: (() => void) | undefined;
  /** One for the frame under way, one for the next. */
  readonly #buffers = [sharedBytes(FRAME_BUFFER_BYTES), sharedBytes(FRAME_BUFFER_BYTES)];
  #noRoom: { readonly error: Error; readonly atMs: number } | undefined;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#sequence = parts.sequence;
    this.#lastSequence = parts.sequence - 1;
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
      this.#queue.push({ log, append, partitions, resolve, reject });
      if (this.#isWorthAFrame()) this.#worthAFrame?.();
      this.#running ??= this.#run();
    });
  }

  /** Commits what is waiting and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#underWay?.done;
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        // All requests that have arrived share the next sync: there is one for each, when the server is busy, otherwise.
        await this.#parts.clock.turn();
        await this.#untilWorthAFrame();
        const frame = await this.#prepare();
        await this.#underWay?.done;
        if (frame !== undefined) this.#begin(frame);
      }
    } finally {
      // In the same turn in which the queue was found empty: who comes next must start anew.
      this.#running = undefined;
    }
  }

  /**
   * What waits is to be sealed ahead when it is half as much as the frame under way: fewer would make ever smaller frames, and more
   * would make the disk wait for the cipher.
   */
  #isWorthAFrame(): boolean {
    const underWay = this.#underWay;
    if (underWay === undefined) return true;
    return this.#waitingBytes >= Math.max(this.#parts.aheadBytesMin, underWay.frame.length / 2);
  }

  async #untilWorthAFrame(): Promise<void> {
    if (this.#isWorthAFrame()) return;
    const worth = new Promise<void>((resolve) => (this.#worthAFrame = resolve));
    await Promise.race([this.#underWay?.done, worth]);
    this.#worthAFrame = undefined;
  }

  /** Takes what waits and seals it; undefined when nothing is left of it. */
  async #prepare(): Promise<Frame | undefined> {
    const waiting = this.#takeWaiting();
    const byLog = Map.groupBy(waiting, ({ log }) => log);
    const bytesMax = frameBytes(byLog);
    try {
      while (!this.#parts.journal.fits(bytesMax, this.#underWay?.frame.length)) {
        await this.#underWay?.done;
        await this.#makeRoom(bytesMax);
      }
      return await this.#buildFrame(waiting, byLog, bytesMax);
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error);
      return undefined;
    }
  }

  /** Begins to write a frame; the one before it is done. */
  #begin(frame: Frame): void {
    if (frame.sequence !== this.#lastSequence + 1) {
      // The frame before it failed, and with it the file that this one was sealed for.
      giveUp(frame, new LogFailedError('The disk failed before these records could be written.'));
      return;
    }
    const done = this.#commit(frame).finally(() => (this.#underWay = undefined));
    this.#underWay = { frame, done };
  }

  async #commit(frame: Frame): Promise<void> {
    const { journal, tail, onFailure, synced } = this.#parts;
    const { sequence, bytes, length, batches, waiting } = frame;
    let wrote = false;
    try {
      await journal.write(bytes, length);
      wrote = true;
      if (synced) await journal.sync();
    } catch (error) {
      // Used again, which tells the next start that the frame does not count.
      this.#sequence = sequence;
      if (await journal.roll()) this.#parts.rewriter.start();
      giveUp(frame, failureOf(error, wrote));
      onFailure('writing the journal', error);
      return;
    }
    journal.advance(length, sequence);
    this.#lastSequence = sequence;
    for (const batch of batches) tail.add(batch);
    tail.evict(this.#parts.flushedSequence());
    journal.prepareAhead();
    this.#answer(waiting, batches);
  }

  #takeWaiting(): Waiting[] {
    const bytesMax = Math.max(COMMIT_BYTES_MIN, this.#parts.journal.frameBytesWanted);
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && (count === 0 || bytes < bytesMax)) {
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
      const error = failureOf(cause, false);
      this.#noRoom = { error, atMs: clock.monotonic() };
      onFailure('making room in the journal', cause);
      throw error;
    }
  }

  /** Gives the positions and seals. A log whose key fails is left out, and its appends fail with that; undefined when none is left. */
  async #buildFrame(
    waiting: readonly Waiting[],
    byLog: ReadonlyMap<LogState, readonly Waiting[]>,
    bytesMax: number,
  ): Promise<Frame | undefined> {
    const { journal, sealers, sealedAt, tail } = this.#parts;
    const { incarnation } = journal;
    const sequence = this.#sequence;
    const bytes = this.#takeBuffer(bytesMax);
    const batches: TailBatch[] = [];
    const plan = new SealPlan();
    let at = FRAME_HEADER_BYTES;
    for (const [log, ofLog] of byLog) {
      const batch = new TailBatch(sequence, log);
      for (const { append, partitions } of ofLog) batch.addAppend(append, partitions, tail.slabs);
      try {
        const ticket = sealers.sealer(log.id).ticket();
        const additional = batchAdditional(incarnation, sequence, log.id);
        const sealedBytes = plan.seal(ticket, additional, batch.pieces, at + BATCH_HEADER_BYTES);
        encodeBatchHeader(bytes, at, { log: log.number, keyId: ticket.keyId, sealedBytes });
        at += BATCH_HEADER_BYTES + sealedBytes;
        batches.push(batch);
      } catch (error) {
        batch.letGo();
        // Whoever dropped it takes its key at any moment.
        for (const each of ofLog) each.reject(isGone(each) ? goneError(each) : (error as Error));
      }
    }
    if (batches.length === 0) return undefined;
    this.#sequence++;
    const length = alignFrame(at);
    bytes.fill(0, at, length);
    plan.sum(FRAME_HEADER_BYTES, length);
    const [bodyCrc] = await this.#sealed(plan.run(bytes, sealedAt), sequence, batches);
    sealFrame(bytes, incarnation, { sequence, length, batches: batches.length }, bodyCrc);
    return { sequence, bytes, length, batches, waiting };
  }

  /** Gives the sequence back when sealing fails, unless a failure of the frame before has taken it back further. */
  async #sealed<T>(sealing: T | Promise<T>, sequence: number, batches: readonly TailBatch[]): Promise<T> {
    try {
      return await sealing;
    } catch (error) {
      if (this.#sequence === sequence + 1) this.#sequence = sequence;
      for (const batch of batches) batch.letGo();
      throw error;
    }
  }

  /** The one that the frame under way does not use. */
  #takeBuffer(bytesMax: number): Buffer {
    const free = this.#buffers[0] === this.#underWay?.frame.bytes ? 1 : 0;
    const kept = this.#buffers[free]!;
    if (kept.length >= bytesMax && kept.length <= FRAME_BUFFER_BYTES_KEPT) return kept;
    return (this.#buffers[free] = sharedBytes(Math.max(bytesMax, FRAME_BUFFER_BYTES)));
  }

  #answer(waiting: readonly Waiting[], batches: readonly TailBatch[]): void {
    // Each is told once, however many of its groups the commit has.
    const watched = new Set<LogPartition>();
    for (const { partitions } of batches) {
      for (const partition of partitions) if (!partition.watchers.empty) watched.add(partition);
    }
    for (const each of waiting) {
      if (isGone(each)) each.reject(goneError(each));
      else each.resolve();
    }
    for (const partition of watched) partition.watchers.notify();
  }
}

function giveUp({ batches, waiting }: Frame, error: Error): void {
  for (const batch of batches) batch.letGo();
  for (const { reject } of waiting) reject(error);
}

function frameBytes(byLog: ReadonlyMap<LogState, readonly Waiting[]>): number {
  let total = FRAME_HEADER_BYTES;
  for (const waiting of byLog.values()) {
    total += BATCH_HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
    for (const { append } of waiting) total += append.end;
  }
  return alignFrame(total);
}

function isGone({ log, partitions }: Waiting): boolean {
  return log.dropped || partitions.some(({ dropped }) => dropped);
}

function goneError({ log }: Waiting): Error {
  return new LogGoneError(`Log ${log.id} was dropped.`);
}

/** After a write came through, a full disk leaves it unknown what was kept. */
function failureOf(cause: unknown, wrote: boolean): Error {
  const { message } = cause as Error;
  if (isFull(cause) && !wrote) return new LogFullError(`The disk is full: ${message}`, { cause });
  return new LogFailedError(`The disk failed: ${message}`, { cause });
}
