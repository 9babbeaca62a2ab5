/**
 * What the sealing thread runs. Jobs that are patient may hold thousands of seals, and somebody's commit must not wait for them: between
 * any two of their seals the thread looks for a job that is not.
 */
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { runSealJob, type SealJob } from '../../base/seal-job.ts';

export type SealRequest = { readonly id: number; readonly job: SealJob; readonly patient: boolean };
/** Without checksums when the job failed: it is done again where its failure can be told. */
export type SealAnswer = { readonly id: number; readonly checksums: readonly number[] | undefined };

const port = parentPort!;
const patient: SealRequest[] = [];

port.on('message', (request: SealRequest) => {
  take(request);
  for (let next = patient.shift(); next !== undefined; next = patient.shift()) answer(next, takeArrived);
});

function takeArrived(): void {
  for (
    let arrived = receiveMessageOnPort(port);
    arrived !== undefined;
    arrived = receiveMessageOnPort(port)
  ) {
    take(arrived.message as SealRequest);
  }
}

function take(request: SealRequest): void {
  if (request.patient) patient.push(request);
  else answer(request);
}

function answer({ id, job }: SealRequest, between?: () => void): void {
  let checksums: readonly number[] | undefined;
  try {
    checksums = runSealJob(job, between);
  } catch {
    checksums = undefined;
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is a thread, not a window
  port.postMessage({ id, checksums } satisfies SealAnswer);
}
