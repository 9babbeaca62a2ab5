/**
 * Decompression and CloudWatchLogProcessing, as a task for a worker: what CloudWatch Logs sends is a JSON document under gzip. Rules and what the
 * service was seen to do: decision 0461.
 */
import { gunzipSync } from 'node:zlib';
import type { WorkerTask } from '../../host/workers.ts';
import { packRecords, recordAt, type PackedRecords } from './packed-records.ts';
import { PROCESSING_LIMITS } from './processing-limits.ts';

export type UnpackLogsInput = {
  readonly records: PackedRecords;
  /** DataMessageExtraction: the messages alone, each with a line feed. */
  readonly extract: boolean;
};

/** Why a record goes no further, by its index: a text, or undefined for one that carries no message. */
export type UnpackLogsOutput = {
  readonly records: PackedRecords;
  readonly failed: ReadonlyMap<number, string>;
  readonly dropped: ReadonlySet<number>;
};

export const unpackLogs: WorkerTask<UnpackLogsInput, UnpackLogsOutput> = {
  module: import.meta.url,
  name: 'unpackLogs',
  run: ({ records, extract }) => {
    const failed = new Map<number, string>();
    const dropped = new Set<number>();
    const unpacked = Array.from({ length: records.ends.length }, (_, index) => {
      const outcome = unpack(recordAt(records, index), extract);
      if (outcome instanceof Uint8Array) return outcome;
      if (outcome === 'control') dropped.add(index);
      else failed.set(index, outcome.why);
      return NOTHING;
    });
    return { records: packRecords(unpacked), failed, dropped };
  },
  given: ({ records }) => [records.bytes.buffer],
};

const NOTHING = new Uint8Array();
const NEWLINE = '\n';

function unpack(compressed: Uint8Array, extract: boolean): Uint8Array | 'control' | { readonly why: string } {
  let plain: Uint8Array;
  try {
    plain = gunzipSync(compressed, { maxOutputLength: PROCESSING_LIMITS.decompressedBytesMax });
  } catch (error) {
    return { why: `The record could not be decompressed as GZIP: ${(error as Error).message}` };
  }
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return { why: 'The decompressed record is not valid JSON.' };
  }
  if (!extract) return plain;
  const envelope = (document ?? {}) as { messageType?: unknown; logEvents?: unknown };
  if (envelope.messageType === 'CONTROL_MESSAGE') return 'control';
  const events = envelope.logEvents;
  if (envelope.messageType !== 'DATA_MESSAGE' || !Array.isArray(events))
    return { why: 'The decompressed record is not a message of CloudWatch Logs.' };
  let text = '';
  for (const event of events as readonly unknown[]) {
    const message = (event as { message?: unknown } | null)?.message;
    if (typeof message !== 'string') return { why: 'A log event of the decompressed record has no message.' };
    text += message + NEWLINE;
  }
  return new TextEncoder().encode(text);
}
