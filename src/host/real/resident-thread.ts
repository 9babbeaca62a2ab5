/** What each thread of residents runs: it opens them, and answers their calls one by one. */
import { platform, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { OpenResident, ResidentKind } from '../residents.ts';
import { NICENESS } from './niceness.ts';

if (platform() === 'linux') setPriority(NICENESS);

export type ResidentMessage = { readonly call: number; readonly resident: number } & (
  | { readonly kind: 'open'; readonly module: string; readonly name: string; readonly config: unknown }
  | { readonly kind: 'call'; readonly input: unknown }
  | { readonly kind: 'close' }
);
export type ResidentAnswer = { readonly call: number } & (
  | { readonly output: unknown }
  | { readonly error: Error }
);

const residents = new Map<number, OpenResident<unknown, unknown>>();

/** An import takes its time, and what comes behind it waits. */
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ResidentMessage) => {
  last = last.then(() => answer(message));
});

async function answer(message: ResidentMessage): Promise<void> {
  const { call, resident: id } = message;
  try {
    let output: unknown;
    let given: readonly ArrayBuffer[] = [];
    if (message.kind === 'open') {
      const exported = (await import(message.module)) as Readonly<
        Record<string, ResidentKind<unknown, unknown, unknown>>
      >;
      residents.set(id, exported[message.name]!.open(message.config));
    } else if (message.kind === 'close') residents.delete(id);
    else {
      const resident = residents.get(id)!;
      output = resident.answer(message.input);
      given = resident.given?.(output) ?? [];
    }
    parentPort?.postMessage({ call, output } satisfies ResidentAnswer, [...given]);
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    parentPort?.postMessage(
      { call, error: new Error(told.message, { cause: told.stack }) } satisfies ResidentAnswer,
      [],
    );
  }
}
