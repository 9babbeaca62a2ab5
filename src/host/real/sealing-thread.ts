/**
 * A thread that seals for the main one. It starts with the first job and ends when there was none for a while, because it takes memory.
 * Until it runs, and should it ever fail, jobs are done here: the same function gives the same bytes, so that nobody need know.
 */
import { Worker } from 'node:worker_threads';
import { runSealJob, type SealJob } from '../../base/seal-job.ts';
import type { SealingThread } from '../host.ts';
import type { SealAnswer } from './sealing-worker.ts';

/** As this file: development runs TypeScript, the package has JavaScript. */
const WORKER = new URL(import.meta.url.replace(/sealing-thread(\.\w+)$/, 'sealing-worker$1'));
const IDLE_MS = 10_000;
/** A job needs next to nothing; without a bound V8 takes what the machine has. */
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

type Waiting = {
  readonly job: SealJob;
  readonly resolve: (checksums: readonly number[]) => void;
  readonly reject: (error: unknown) => void;
};

export function createSealingThread(): SealingThread {
  let worker: Worker | undefined;
  let running = false;
  let failed = false;
  let nextJob = 0;
  const waiting = new Map<number, Waiting>();
  const idle = setTimeout(() => void (waiting.size === 0 && worker?.terminate()), IDLE_MS).unref();

  function start(): void {
    const started = new Worker(WORKER, { resourceLimits: LIMITS, execArgv: [], env: {} });
    worker = started;
    started.once('online', () => {
      running = true;
    });
    started.on('message', ({ id, checksums }: SealAnswer) => {
      const done = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) started.unref();
      if (done === undefined) return;
      if (checksums === undefined) doHere(done);
      else done.resolve(checksums);
    });
    started.once('error', () => {
      failed = true;
    });
    started.once('exit', () => {
      worker = undefined;
      running = false;
      const left = [...waiting.values()];
      waiting.clear();
      for (const each of left) doHere(each);
    });
    // Last, because who listens to a worker refers to it.
    started.unref();
  }

  return {
    run(job, patient = false) {
      idle.refresh();
      if (worker === undefined && !failed) start();
      return new Promise((resolve, reject) => {
        const each = { job, resolve, reject };
        if (!running) {
          doHere(each);
          return;
        }
        const id = nextJob++;
        // Who waits keeps the process alive; an idle worker does not.
        if (waiting.size === 0) worker!.ref();
        waiting.set(id, each);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is a thread, not a window
        worker!.postMessage({ id, job, patient });
      });
    },
  };
}

function doHere({ job, resolve, reject }: Waiting): void {
  try {
    resolve(runSealJob(job));
  } catch (error) {
    reject(error);
  }
}
