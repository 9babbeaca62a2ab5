/** Puts the frames that count back into memory, as they were committed. */
import type { Sealers } from '../../keys/sealing.ts';
import { groupPartition, groupStarts } from '../record-group.ts';
import { LogDamagedError } from './damage.ts';
import {
  BATCH_HEADER_BYTES,
  batchAdditional,
  decodeBatchHeader,
  FRAME_HEADER_BYTES,
} from './journal-format.ts';
import type { FoundFrame, ScannedJournal } from './journal-scan.ts';
import type { LogTable } from './log-state.ts';
import type { CountingFile } from './recovery.ts';
import { TailBatch } from './tail-batch.ts';
import type { Tail } from './tail.ts';

/** Batches of logs, and groups of partitions, that were dropped since are left out. */
export function replayJournal(
  files: readonly CountingFile[],
  table: LogTable,
  tail: Tail,
  sealers: Sealers,
): void {
  for (const { journal, frames } of files) {
    for (const frame of frames) replayFrame(journal, frame, table, tail, sealers);
  }
}

function replayFrame(
  journal: ScannedJournal,
  frame: FoundFrame,
  table: LogTable,
  tail: Tail,
  sealers: Sealers,
): void {
  const end = frame.at + frame.length;
  let at = frame.at + FRAME_HEADER_BYTES;
  for (let i = 0; i < frame.batches; i++) {
    const start = at + BATCH_HEADER_BYTES;
    if (start > end) throw overfull(journal, frame);
    const header = decodeBatchHeader(journal.bytes, at);
    at = start + header.sealedBytes;
    if (at > end) throw overfull(journal, frame);
    const log = table.byNumber.get(header.log);
    if (log === undefined) continue;
    const additional = batchAdditional(journal.header!.incarnation, frame.sequence, log.id);
    let plain: Uint8Array;
    try {
      plain = sealers.sealer(log.id).open(header.keyId, journal.bytes.subarray(start, at), additional);
    } catch (cause) {
      throw unopened(journal, frame, log.id, cause);
    }
    const batch = new TailBatch(frame.sequence, log);
    for (const start of groupStarts(plain, 0, plain.length)) {
      const partition = log.partitions.get(groupPartition(plain, start));
      if (partition !== undefined) batch.addGroup(partition, plain, start, tail.slabs);
    }
    tail.add(batch);
  }
}

function overfull(journal: ScannedJournal, frame: FoundFrame): LogDamagedError {
  const found = `commit ${frame.sequence} at byte ${frame.at} has the right checksum, but says that it holds more than fits in it`;
  return new LogDamagedError(journal.path, found, 'its records');
}

function unopened(journal: ScannedJournal, frame: FoundFrame, logId: string, cause: unknown): Error {
  const error = new LogDamagedError(
    journal.path,
    `commit ${frame.sequence} at byte ${frame.at} has the right checksum, but its batch of log ${logId} does not open with its key ${(cause as Error).message}`,
    `the batch's records`,
  );
  error.cause = cause;
  return error;
}
