/** What the sealing thread runs. */
import { parentPort } from 'node:worker_threads';
import { runSealJob, type SealJob } from '../../base/seal-job.ts';

export type SealRequest = { readonly id: number; readonly job: SealJob };
/** Without checksums when the job failed: it is done again where its failure can be told. */
export type SealAnswer = { readonly id: number; readonly checksums: readonly number[] | undefined };

parentPort?.on('message', ({ id, job }: SealRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is a thread, not a window
  parentPort?.postMessage({ id, checksums: checksumsOf(job) } satisfies SealAnswer);
});

function checksumsOf(job: SealJob): readonly number[] | undefined {
  try {
    return runSealJob(job);
  } catch {
    return undefined;
  }
}
