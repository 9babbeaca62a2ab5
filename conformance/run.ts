/** Runs cases against one endpoint, several at a time, each with its own time limit. */
import { Skipped, type Case } from './case.ts';
import type { Client } from './client.ts';
import { Streams } from './streams.ts';

const CASE_MS_MAX = 180_000;

export type Outcome = {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped; empty when it passed. */
  readonly detail: string;
  readonly durationMs: number;
};

/** Runs all cases and removes the streams they made. `onOutcome` hears of each as it ends. */
export async function runCases(
  cases: readonly Case[],
  client: Client,
  options: { concurrency: number; onOutcome: (outcome: Outcome) => void },
): Promise<readonly Outcome[]> {
  const streams = new Streams(client);
  const outcomes: Outcome[] = [];
  const waiting = cases.values();
  const worker = async (): Promise<void> => {
    for (const one of waiting) {
      const outcome = await runCase(one, client, streams);
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  await streams.removeAll().catch(() => {});
  return outcomes;
}

async function runCase(one: Case, client: Client, streams: Streams): Promise<Outcome> {
  const began = performance.now();
  const skip = (reason: string): never => {
    throw new Skipped(reason);
  };
  const limit = timeLimit(CASE_MS_MAX);
  let result: Outcome['result'] = 'passed';
  let detail = '';
  try {
    await Promise.race([one.run({ client, streams, skip }), limit.exceeded]);
  } catch (error) {
    result = error instanceof Skipped ? 'skipped' : 'failed';
    detail = error instanceof Error ? error.message : String(error);
  } finally {
    limit.cancel();
  }
  return { name: one.name, result, detail, durationMs: Math.round(performance.now() - began) };
}

function timeLimit(ms: number): { exceeded: Promise<never>; cancel: () => void } {
  let cancel = (): void => {};
  const exceeded = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done within ${ms / 1000} s`)), ms);
    cancel = () => clearTimeout(timer);
  });
  return { exceeded, cancel };
}
