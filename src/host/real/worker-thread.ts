/** What each of the worker threads runs: it imports the modules of tasks as they come. */
import { platform, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { WorkerTask } from '../workers.ts';
import { NICENESS } from './niceness.ts';

if (platform() === 'linux') setPriority(NICENESS);

export type WorkerCall = { readonly module: string; readonly name: string; readonly input: unknown };
export type WorkerAnswer = { readonly output: unknown } | { readonly error: Error };

parentPort?.on('message', (call: WorkerCall) => {
  void answer(call);
});

async function answer({ module, name, input }: WorkerCall): Promise<void> {
  try {
    const exported = (await import(module)) as Readonly<Record<string, WorkerTask<unknown, unknown>>>;
    const task = exported[name]!;
    const output = await task.run(input);
    parentPort?.postMessage({ output } satisfies WorkerAnswer, [...(task.given?.(output) ?? [])]);
  } catch (error) {
    // Of an Error's own class nothing survives the way; of anything else not even that it is one.
    const told = error instanceof Error ? error : new Error(String(error));
    parentPort?.postMessage(
      { error: new Error(told.message, { cause: told.stack }) } satisfies WorkerAnswer,
      [],
    );
  }
}
