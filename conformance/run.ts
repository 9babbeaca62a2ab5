/** Runs cases against one endpoint, several at a time, each with its own time limit. */
import { Skipped, type Bench, type Case } from './case.ts';
import type { Client } from './client.ts';
import { Streams } from './streams.ts';

const CASE_MS_MAX = 180_000;
const SLOW_CASE_MS_MAX = 600_000;

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
  options: { concurrency: number; slow: boolean; onOutcome: (outcome: Outcome) => void },
): Promise<readonly Outcome[]> {
  const streams = new Streams(client);
  const outcomes: Outcome[] = [];
  const waiting = cases.values();
  const worker = async (): Promise<void> => {
    for (const one of waiting) {
      const outcome = await runCase(one, { client, streams, slow: options.slow, skip });
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  await streams.removeAll().catch(() => {});
  return outcomes;
}

function skip(reason: string): never {
  throw new Skipped(reason);
}

async function runCase(one: Case, bench: Bench): Promise<Outcome> {
  const began = performance.now();
  const limit = timeLimit(bench.slow ? SLOW_CASE_MS_MAX : CASE_MS_MAX);
  let result: Outcome['result'] = 'passed';
  let detail = '';
  try {
    await Promise.race([one.run(bench), limit.exceeded]);
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
