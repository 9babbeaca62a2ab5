/** A frame of the journal in the making: what one commit has of each log gets its positions, is copied to the tail's memory and is sealed. */
import { NONCE_BYTES, TAG_BYTES } from '../../base/seal-job.ts';
import type { Sealers } from '../../keys/sealing.ts';
import type { Append } from '../append.ts';
import { LogGoneError } from '../log.ts';
import {
  alignFrame,
  BATCH_HEADER_BYTES,
  batchAdditional,
  encodeBatchHeader,
  FRAME_HEADER_BYTES,
} from './journal-format.ts';
import type { LogPartition, LogState } from './log-state.ts';
import { SealPlan, type SealPlace } from './seal-plan.ts';
import { TailBatch } from './tail-batch.ts';
import type { Tail } from './tail.ts';

/** An append that waits for its commit. */
export type Waiting = {
  readonly log: LogState;
  readonly append: Append;
  /** Of each of its groups. */
  readonly partitions: readonly LogPartition[];
  /** Of its log, when it came. */
  readonly dropsBefore: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

export type Frame = {
  readonly sequence: number;
  /** Of the file that it is sealed for. */
  readonly incarnation: Uint8Array;
  /** All but its header, once it is sealed. */
  readonly bytes: Buffer;
  readonly length: number;
  readonly batches: readonly TailBatch[];
  readonly waiting: readonly Waiting[];
  /** Of what was appended. */
  readonly plainBytes: number;
  /** The checksum of what follows its header. */
  readonly sealed: readonly number[] | Promise<readonly number[]>;
};

export type WaitingByLog = ReadonlyMap<LogState, readonly Waiting[]>;

/** No frame of these will be longer. */
export function frameBytesMax(byLog: WaitingByLog): number {
  let total = FRAME_HEADER_BYTES;
  for (const waiting of byLog.values()) {
    total += BATCH_HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
    for (const { append } of waiting) total += append.end;
  }
  return alignFrame(total);
}

/** Begins to seal. A log whose key fails is left out, and its appends fail with that; undefined when none is left. */
export function buildFrame(
  place: Pick<Frame, 'sequence' | 'incarnation' | 'bytes'>,
  byLog: WaitingByLog,
  {
    sealers,
    sealedAt,
    tail,
  }: { readonly sealers: Sealers; readonly sealedAt: SealPlace; readonly tail: Tail },
): Frame | undefined {
  const { sequence, incarnation, bytes } = place;
  const batches: TailBatch[] = [];
  const waiting: Waiting[] = [];
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
      waiting.push(...ofLog);
    } catch (error) {
      batch.letGo();
      // Whoever dropped it takes its key at any moment.
      for (const each of ofLog) each.reject(isGone(each) ? goneError(each) : (error as Error));
    }
  }
  if (batches.length === 0) return undefined;
  const length = alignFrame(at);
  bytes.fill(0, at, length);
  plan.sum(FRAME_HEADER_BYTES, length);
  const plainBytes = batches.reduce((total, { encodedBytes }) => total + encodedBytes, 0);
  return { ...place, length, batches, waiting, plainBytes, sealed: plan.run(bytes, sealedAt) };
}

export function isGone({ log, partitions, dropsBefore }: Waiting): boolean {
  if (log.drops === dropsBefore) return false;
  return log.dropped || partitions.some(({ dropped }) => dropped);
}

export function goneError({ log }: Waiting): Error {
  return new LogGoneError(`Log ${log.id} was dropped.`);
}
