/**
 * Runs one target over many inputs and judges it: no fault, no hang (a deadline for each input), no crash of its thread, and no
 * memory that grows with the inputs.
 */
import { Worker } from 'node:worker_threads';
import type { Target } from './target.ts';

export type WorkerOptions = {
  readonly name: string;
  readonly seed: number;
  /** Index of the first input. */
  readonly from: number;
  readonly inputs: number;
  /** Wall time at which to stop. */
  readonly endMs: number;
  /** Two int32: the index of the input that is being checked, plus one, and its length. */
  readonly at: SharedArrayBuffer;
  /** The input that is being checked. */
  readonly current: SharedArrayBuffer;
};

export type WorkerReport = {
  readonly done: number;
  readonly seconds: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly heap: readonly { readonly input: number; readonly bytes: number }[];
  readonly faults: readonly InputFault[];
};

export type InputFault = { readonly index: number; readonly input: Uint8Array; readonly message: string };

export type Result = {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  readonly seconds: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Bytes of heap and buffers that an input left behind, on the average of the second half; undefined when too few were measured. */
  readonly bytesPerInput: number | undefined;
  readonly heapMiB: readonly number[];
  readonly faults: readonly InputFault[];
};

const CURRENT_BYTES = 4 * 1024 * 1024;
const WATCH_EVERY_MS = 500;
/** Noise of the collector and of caches that fill up to their bound. */
const GROWTH_BYTES_MAX = 16 * 1024 * 1024;

export async function runTarget(
  target: Pick<Target, 'name'>,
  options: {
    readonly seed: number;
    readonly inputs: number;
    readonly from?: number;
    readonly minutes?: number;
    /** An input may take this long, on a machine that does other things too. */
    readonly inputMsMax?: number;
    /** The thread's program, for tests. */
    readonly program?: URL;
  },
): Promise<Result> {
  const { seed, inputs, from = 0, minutes = Infinity, inputMsMax = 20_000 } = options;
  const place = new Int32Array(new SharedArrayBuffer(8));
  const current = new Uint8Array(new SharedArrayBuffer(CURRENT_BYTES));
  const workerData: WorkerOptions = {
    ...{ name: target.name, seed, from, inputs },
    endMs: Date.now() + minutes * 60_000,
    at: place.buffer as SharedArrayBuffer,
    current: current.buffer as SharedArrayBuffer,
  };
  const worker = new Worker(options.program ?? new URL('worker.ts', import.meta.url), { workerData });
  const startedMs = performance.now();
  const failed = (message: string): WorkerReport => {
    const index = Atomics.load(place, 0) - 1;
    const input = Uint8Array.from(current.subarray(0, Atomics.load(place, 1)));
    const done = Math.max(0, index + 1 - from);
    return {
      done,
      seconds: (performance.now() - startedMs) / 1000,
      outcomes: {},
      heap: [],
      faults: [{ index, input, message }],
    };
  };
  const report = await new Promise<WorkerReport>((resolve) => {
    let seen = -1;
    let sinceMs = performance.now();
    const watching = setInterval(() => {
      const index = Atomics.load(place, 0);
      if (index !== seen) {
        seen = index;
        sinceMs = performance.now();
      } else if (index > 0 && performance.now() - sinceMs > inputMsMax) {
        resolve(failed(`no answer within ${inputMsMax} ms`));
      }
    }, WATCH_EVERY_MS);
    worker.on('message', (message: WorkerReport) => resolve(message));
    worker.on('error', (error: Error) =>
      resolve(failed(`the thread ended: ${error.stack ?? error.message}`)),
    );
    worker.on('exit', (code) => {
      clearInterval(watching);
      resolve(failed(`the thread ended with code ${code}`));
    });
  });
  await worker.terminate();
  return judged(target.name, seed, report);
}

function judged(target: string, seed: number, report: WorkerReport): Result {
  const { done, seconds, outcomes, heap, faults } = report;
  const growth = growthOf(heap);
  const grew: InputFault[] =
    growth !== undefined && growth.bytes > GROWTH_BYTES_MAX
      ? [
          {
            index: -1,
            input: new Uint8Array(),
            message: `memory grew by ${growth.bytes} bytes over ${growth.inputs} inputs`,
          },
        ]
      : [];
  return {
    ...{ target, seed, inputs: done, seconds, outcomes },
    bytesPerInput: growth && growth.bytes / growth.inputs,
    heapMiB: heap.map(({ bytes }) => Math.round((bytes / 1024 / 1024) * 10) / 10),
    faults: [...faults, ...grew],
  };
}

/** From the least of the third quarter to the least of the last: what stays when everything else was collected. */
function growthOf(
  heap: WorkerReport['heap'],
): { readonly bytes: number; readonly inputs: number } | undefined {
  if (heap.length < 8) return undefined;
  const quarter = Math.floor(heap.length / 4);
  const least = (part: WorkerReport['heap']) => part.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  const before = least(heap.slice(-2 * quarter, -quarter));
  const after = least(heap.slice(-quarter));
  return { bytes: Math.max(0, after.bytes - before.bytes), inputs: after.input - before.input };
}
