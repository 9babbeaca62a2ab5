/**
 * A consistent image of everything durable at one moment, while appends go on: the manifest's state and the newest records are
 * taken at that moment, in memory; then the segments, whose counted bytes never change, are copied; the records that
 * are in no segment become a journal file of their own. It opens as after an unclean stop, so that positions that the original
 * gives after the backup are not given again by the copy.
 */
import { join } from 'node:path';
import type { Dice, Disk, Host } from '../../host/host.ts';
import { NONCE_BYTES, TAG_BYTES } from '../../base/seal-job.ts';
import type { Sealers } from '../../keys/sealing.ts';
import { LogDamagedError } from './damage.ts';
import {
  alignFrame,
  BATCH_HEADER_BYTES,
  batchAdditional,
  encodeBatchHeader,
  encodeJournalHeader,
  FRAME_HEADER_BYTES,
  INCARNATION_BYTES,
  sealFrame,
} from './journal-format.ts';
import type { LogTable } from './log-state.ts';
import { encodeManifestFrame, encodeManifestHeader, FILE_ID_BYTES } from './manifest-file.ts';
import { stateAsEdits, type ManifestEdit, type ManifestState } from './manifest-state.ts';
import { MANIFEST_NAME } from './manifest.ts';
import { segmentName } from './segment-format.ts';
import type { TailBatch } from './tail-batch.ts';
import type { Tail } from './tail.ts';

const COPY_BYTES = 1024 * 1024;

type BackupParts = {
  readonly host: Pick<Host, 'disk' | 'dice'>;
  readonly directory: string;
  readonly toDirectory: string;
  readonly sealers: Sealers;
  readonly state: ManifestState;
  readonly tail: Tail;
  readonly table: LogTable;
};

export async function writeBackup(parts: BackupParts): Promise<void> {
  // The moment: nothing is awaited until all of it is in hand.
  const edits = [...currentState(parts)];
  const batches = parts.tail.between(parts.state.flushedSequence, Infinity).filter(({ log }) => !log.dropped);
  for (const batch of batches) batch.hold();
  try {
    await writeImage(parts, edits, batches);
  } finally {
    for (const batch of batches) batch.letGo();
  }
}

async function writeImage(
  { host, directory, toDirectory, sealers, state }: BackupParts,
  edits: readonly ManifestEdit[],
  batches: readonly TailBatch[],
): Promise<void> {
  const { disk, dice } = host;
  const { flushedSequence } = state;
  await disk.makeDirectory(toDirectory);
  const journal = await disk.open(join(toDirectory, 'journal-000'), 'exclusive');
  try {
    const incarnation = dice.bytes(INCARNATION_BYTES);
    const header = encodeJournalHeader({ incarnation, ordinal: 1, synced: true });
    await journal.write(header, 0, header.length, 0);
    let at = header.length;
    let sequence = flushedSequence;
    for (const batch of batches) {
      const frame = encodeFrame(batch, incarnation, ++sequence, sealers);
      await journal.write(frame, 0, frame.length, at);
      at += frame.length;
    }
    await journal.sync();
  } finally {
    await journal.close();
  }
  for (const edit of edits) {
    if (edit.kind !== 'segment') continue;
    const name = segmentName(edit.segment);
    await copyBytes(disk, join(directory, name), join(toDirectory, name), edit.length);
  }
  await disk.syncDirectory(toDirectory);
  await disk.replaceFile(join(toDirectory, MANIFEST_NAME), encodeState(dice, edits));
}

/** The manifest's state, with the positions that have been given since it was written. */
function* currentState({ state, table }: BackupParts): Generator<ManifestEdit, void, void> {
  for (const edit of stateAsEdits(state)) {
    if (edit.kind !== 'partition') {
      yield edit;
      continue;
    }
    const next = table.byNumber.get(edit.log)?.partitions.get(edit.partition)?.next ?? edit.next;
    yield { ...edit, next: Math.max(next, edit.next) };
  }
}

function encodeState(dice: Dice, edits: readonly ManifestEdit[]): Uint8Array {
  const fileId = dice.bytes(FILE_ID_BYTES);
  return Buffer.concat([encodeManifestHeader(fileId), encodeManifestFrame(fileId, edits)]);
}

function encodeFrame(batch: TailBatch, incarnation: Uint8Array, sequence: number, sealers: Sealers): Buffer {
  const { log, encodedBytes } = batch;
  const overhead = FRAME_HEADER_BYTES + BATCH_HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
  const frame = Buffer.alloc(alignFrame(overhead + encodedBytes));
  const sealer = sealers.sealer(log.id);
  const { keyId } = sealer;
  const additional = batchAdditional(incarnation, sequence, log.id);
  const at = FRAME_HEADER_BYTES;
  const sealedBytes = sealer.seal(batch.plain(), additional, frame, at + BATCH_HEADER_BYTES);
  encodeBatchHeader(frame, at, { log: log.number, keyId, sealedBytes });
  // It counts once all of them are durable.
  sealFrame(frame, incarnation, { sequence, length: frame.length, batches: 1, durable: sequence - 1 });
  return frame;
}

async function copyBytes(disk: Disk, from: string, to: string, length: number): Promise<void> {
  const source = await disk.open(from, 'read');
  try {
    const target = await disk.open(to, 'exclusive');
    try {
      const buffer = Buffer.allocUnsafeSlow(Math.min(COPY_BYTES, length));
      for (let at = 0; at < length;) {
        const count = await source.read(buffer, 0, Math.min(buffer.length, length - at), at);
        if (count === 0) throw new LogDamagedError(from, `it ends at byte ${at}`, `${length - at} bytes`);
        await target.write(buffer, 0, count, at);
        at += count;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
