/**
 * The loop of one target in a thread of its own: makes inputs, checks them, measures memory. What it is at is told through shared memory, so that
 * the thread that watches can say, and keep, the input that hangs it or ends it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import v8 from 'node:v8';
import vm from 'node:vm';
import { createSimulatedDice } from '../src/host/simulated/dice.ts';
import { seedOf } from './seed.ts';
import { Fault, type OpenTarget, type Target } from './target.ts';
import type { WorkerOptions, WorkerReport } from './campaign.ts';

const { name, seed, from, inputs, endMs, at, current } = workerData as WorkerOptions;
const port = parentPort!;
const place = new Int32Array(at);
const held = new Uint8Array(current);
const SAMPLES = 24;
const FAULTS_MAX = 5;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

let stray: string | undefined;
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => (stray ??= `${event}: ${(error as Error).stack ?? String(error)}`));
}

/** Runs the target that the thread was started for, and reports. */
export async function work(targets: readonly Target[]): Promise<void> {
  const target = targets.find((each) => each.name === name)!;
  port.postMessage(await run(target));
}

async function run(target: Target): Promise<WorkerReport> {
  let open: OpenTarget = await target.open();
  const outcomes: Record<string, number> = {};
  const heap: { readonly input: number; readonly bytes: number }[] = [];
  const faults: { readonly index: number; readonly input: Uint8Array; readonly message: string }[] = [];
  const startedMs = performance.now();
  const sampleEvery = Math.max(200, Math.floor(inputs / SAMPLES));
  // A run of so many minutes does not know how many inputs it will have.
  const sampleEveryMs = (endMs - Date.now()) / SAMPLES;
  let sampledMs = startedMs;
  let done = 0;
  for (; done < inputs && faults.length < FAULTS_MAX && Date.now() < endMs; done++) {
    const index = from + done;
    const input = open.generate(createSimulatedDice(seedOf(seed, index)));
    held.set(input.subarray(0, held.length));
    Atomics.store(place, 1, Math.min(input.length, held.length));
    Atomics.store(place, 0, index + 1);
    try {
      const outcome = await open.check(input);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (stray !== undefined) throw new Fault(stray);
    } catch (error) {
      faults.push({ index, input, message: (error as Error).stack ?? String(error) });
      stray = undefined;
      await open[Symbol.asyncDispose]();
      open = await target.open();
    }
    if ((done + 1) % sampleEvery === 0 || performance.now() - sampledMs > sampleEveryMs) {
      sampledMs = performance.now();
      await open.settle?.();
      collect();
      const { heapUsed, external } = process.memoryUsage();
      heap.push({ input: done + 1, bytes: heapUsed + external });
    }
  }
  await open[Symbol.asyncDispose]();
  return { done, seconds: (performance.now() - startedMs) / 1000, outcomes, heap, faults };
}
