/**
 * Worker threads. They start when there is work, up to one less than the machine has cores, and end when there was none for a while, because each
 * takes memory. A thread runs one task at a time.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { WorkerDied, type Workers } from '../workers.ts';
import type { WorkerAnswer, WorkerCall } from './worker-thread.ts';

/** As this file: development runs TypeScript, the package has JavaScript. */
const THREAD = new URL(import.meta.url.replace(/workers(\.\w+)$/, 'worker-thread$1'));
const COUNT_MAX = 4;
const IDLE_MS = 10_000;
/** Of V8's heap; buffers of bytes are not in it. */
const HEAP_MB_MAX = 512;

type Job = {
  readonly call: WorkerCall;
  readonly given: readonly ArrayBuffer[];
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type Thread = { readonly worker: Worker; job: Job | undefined };

export function createWorkers(
  count = Math.min(COUNT_MAX, Math.max(1, availableParallelism() - 1)),
  heapMbMax = HEAP_MB_MAX,
): Workers {
  const threads = new Set<Thread>();
  const waiting: Job[] = [];
  const idle = setTimeout(() => {
    for (const { worker, job } of threads) if (job === undefined) void worker.terminate();
  }, IDLE_MS).unref();

  function start(): Thread {
    const worker = new Worker(THREAD, {
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      execArgv: [],
      env: {},
    });
    const thread: Thread = { worker, job: undefined };
    let reason = 'it ended';
    worker.on('message', (answer: WorkerAnswer) => {
      const { job } = thread;
      thread.job = undefined;
      if ('error' in answer) job?.reject(answer.error);
      else job?.resolve(answer.output);
      next(thread);
    });
    worker.once('error', (error: Error) => {
      reason = error.message;
    });
    worker.once('exit', () => {
      threads.delete(thread);
      thread.job?.reject(new WorkerDied(`A worker thread ended while it worked: ${reason}`));
      const first = waiting.shift();
      if (first !== undefined) give(start(), first);
    });
    // Last, because who listens to a worker refers to it.
    worker.unref();
    threads.add(thread);
    return thread;
  }

  function give(thread: Thread, job: Job): void {
    thread.job = job;
    // Who waits keeps the process alive; an idle thread does not.
    thread.worker.ref();
    try {
      thread.worker.postMessage(job.call, job.given);
    } catch (error) {
      thread.job = undefined;
      job.reject(error);
      next(thread);
    }
  }

  function next(thread: Thread): void {
    const job = waiting.shift();
    if (job !== undefined) give(thread, job);
    else thread.worker.unref();
  }

  return {
    count,
    run(task, input, options) {
      const signal = options?.signal;
      idle.refresh();
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const { module, name } = task;
        const leave = (): void => {
          const at = waiting.indexOf(job);
          if (at !== -1) waiting.splice(at, 1);
          reject(signal!.reason);
        };
        const job: Job = {
          call: { module, name, input },
          given: options?.given ?? [],
          resolve: (output) => {
            signal?.removeEventListener('abort', leave);
            resolve(output as never);
          },
          reject: (error) => {
            signal?.removeEventListener('abort', leave);
            reject(error);
          },
        };
        signal?.addEventListener('abort', leave, { once: true });
        const free = [...threads].find((thread) => thread.job === undefined);
        if (free !== undefined) give(free, job);
        else if (threads.size < count) give(start(), job);
        else waiting.push(job);
      });
    },
  };
}
