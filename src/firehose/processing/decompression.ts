/** The step of Decompression and CloudWatchLogProcessing: the task of unpack-logs.ts on all records, off the main thread. */
import type { Clock } from '../../host/host.ts';
import { WorkerDied, type Workers } from '../../host/workers.ts';
import { packRecords, recordAt, slicesOf } from './packed-records.ts';
import { PROCESSING_LIMITS } from './processing-limits.ts';
import { fail, type Item, type ProcessingRun, type ProcessingStep } from './processing-run.ts';
import { unpackLogs, type UnpackLogsOutput } from './unpack-logs.ts';

/** The service's own, with its full stop (decision 0461). */
const DECOMPRESSION_FAILED = 'Decompression failed.';

export function createDecompression(
  extract: boolean,
  { workers, clock }: { readonly workers: Workers; readonly clock: Clock },
): ProcessingStep {
  return async (items, run) => {
    const slices = slicesOf(
      items,
      (item) => item.data.length,
      PROCESSING_LIMITS.sliceRecords,
      PROCESSING_LIMITS.sliceBytes,
    );
    const kept = await Promise.all(slices.map((slice) => unpackSlice(slice, run)));
    return kept.flat();
  };

  async function unpackSlice(slice: readonly Item[], run: ProcessingRun): Promise<readonly Item[]> {
    const { records, failed, dropped } = await unpacked(slice, run.signal);
    return slice.filter((item, index) => {
      const why = failed.get(index);
      if (why !== undefined) {
        const type = 'decompression-failed';
        const failure = { type, code: DECOMPRESSION_FAILED, message: why, attemptsMade: 1 } as const;
        fail(item, failure, run, clock.now());
      } else if (dropped.has(index)) run.dropped.push(item.identity);
      else item.data = recordAt(records, index);
      return why === undefined && !dropped.has(index);
    });
  }

  async function unpacked(slice: readonly Item[], signal: AbortSignal): Promise<UnpackLogsOutput> {
    const input = { records: packRecords(slice.map((item) => item.data)), extract };
    try {
      return await workers.run(unpackLogs, input, { signal, given: [input.records.bytes.buffer] });
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      const failed = new Map(slice.map((_, index) => [index, 'The record takes too much memory.']));
      return { records: packRecords([]), failed, dropped: new Set() };
    }
  }
}
