/**
 * Group commit. Whatever was appended while the last commit was being synced goes into the next one: a frame of the journal with a
 * batch for each log, each sealed once, written with one call and made durable with one sync. Then the records become
 * readable and the appends are answered, in the order in which they came.
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
const FRAME_BUFFER_BYTES_KEPT = 16 * 1024 * 1024;
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

type CommitterParts = {
  readonly clock: Clock;
  readonly sealers: Sealers;
  readonly sealedAt: SealPlace;
  readonly journal: Journal;
  readonly rewriter: Rewriter;
  readonly tail: Tail;
  readonly backlogBytesMax: number;
  /** False with durability `os`: the answer does not wait for a sync. */
  readonly synced: boolean;
  readonly flushedSequence: () => number;
  readonly onFailure: ReportFailure;
  /** Of the next frame. */
  readonly sequence: number;
};

export class Committer {
  readonly #parts: CommitterParts;
  #sequence: number;
  #queue: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  #closed = false;
  #frame = sharedBytes(FRAME_BUFFER_BYTES);
  #noRoom: { readonly error: Error; readonly atMs: number } | undefined;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#sequence = parts.sequence;
  }

  /** Of the newest frame that counts. */
  get lastSequence(): number {
    return this.#sequence - 1;
  }

  append(log: LogState, partitions: readonly LogPartition[], append: Append): Promise<void> {
    if (this.#closed) return Promise.reject(new LogFailedError('The log is closed.'));
    if (this.#waitingBytes > 0 && this.#waitingBytes + append.end > WAITING_BYTES_MAX) {
      return Promise.reject(new LogFailedError('Too many bytes wait for the disk.'));
    }
    this.#waitingBytes += append.end;
    return new Promise((resolve, reject) => {
      this.#queue.push({ log, append, partitions, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Commits what is waiting and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        // All requests that have arrived share the next sync: there is one for each, when the server is busy, otherwise.
        await this.#parts.clock.turn();
        await this.#commit();
      }
    } finally {
      // In the same turn in which the queue was found empty: who comes next must start anew.
      this.#running = undefined;
    }
  }

  async #commit(): Promise<void> {
    const { journal, tail, onFailure, synced } = this.#parts;
    const waiting = this.#takeWaiting();
    const byLog = Map.groupBy(waiting, ({ log }) => log);
    const frameBytesMax = frameBytes(byLog);
    let built: { batches: TailBatch[]; length: number };
    try {
      await this.#makeRoom(frameBytesMax);
      built = await this.#buildFrame(byLog, frameBytesMax);
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error);
      return;
    }
    const { batches, length } = built;
    if (batches.length === 0) return;
    let wrote = false;
    try {
      await journal.write(this.#frame, length);
      wrote = true;
      if (synced) await journal.sync();
    } catch (error) {
      for (const batch of batches) batch.letGo();
      await this.#abandon(waiting, failureOf(error, wrote));
      onFailure('writing the journal', error);
      return;
    }
    journal.advance(length, this.#sequence++);
    for (const batch of batches) tail.add(batch);
    tail.evict(this.#parts.flushedSequence());
    journal.prepareAhead();
    this.#answer(waiting, batches);
    if (this.#frame.length > FRAME_BUFFER_BYTES_KEPT) this.#frame = sharedBytes(FRAME_BUFFER_BYTES);
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

  /** Gives the positions and fills `#frame`. A log whose key fails is left out, and its appends fail with that. */
  async #buildFrame(
    byLog: ReadonlyMap<LogState, readonly Waiting[]>,
    bytesMax: number,
  ): Promise<{ batches: TailBatch[]; length: number }> {
    const { journal, sealers, sealedAt, tail } = this.#parts;
    if (this.#frame.length < bytesMax) this.#frame = sharedBytes(bytesMax);
    const { incarnation } = journal;
    const batches: TailBatch[] = [];
    const plan = new SealPlan();
    let at = FRAME_HEADER_BYTES;
    for (const [log, waiting] of byLog) {
      const batch = new TailBatch(this.#sequence, log);
      for (const { append, partitions } of waiting) batch.addAppend(append, partitions, tail.slabs);
      try {
        const ticket = sealers.sealer(log.id).ticket();
        const additional = batchAdditional(incarnation, this.#sequence, log.id);
        const sealedBytes = plan.seal(ticket, additional, batch.pieces, at + BATCH_HEADER_BYTES);
        encodeBatchHeader(this.#frame, at, { log: log.number, keyId: ticket.keyId, sealedBytes });
        at += BATCH_HEADER_BYTES + sealedBytes;
        batches.push(batch);
      } catch (error) {
        batch.letGo();
        // Whoever dropped it takes its key at any moment.
        for (const each of waiting) each.reject(isGone(each) ? goneError(each) : (error as Error));
      }
    }
    const length = alignFrame(at);
    this.#frame.fill(0, at, length);
    plan.sum(FRAME_HEADER_BYTES, length);
    const [bodyCrc] = await plan.run(this.#frame, sealedAt);
    const header = { sequence: this.#sequence, length, batches: batches.length };
    sealFrame(this.#frame, incarnation, header, bodyCrc);
    return { batches, length };
  }

  /** The file is given up; the sequence is used again, which tells the next start that the frame does not count. */
  async #abandon(waiting: readonly Waiting[], error: Error): Promise<void> {
    if (await this.#parts.journal.roll()) this.#parts.rewriter.start();
    for (const { reject } of waiting) reject(error);
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
