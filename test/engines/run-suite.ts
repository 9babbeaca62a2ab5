/** One suite from its folder to its result: its engines started, its program run and counted, and everything stopped afterwards. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { ProgramFailed, lastLines, runProgram } from '../clients/program.ts';
import type { EngineSuite, RunningEngine } from './engine.ts';

export type SuiteResult = {
  readonly name: string;
  readonly durationMs: number;
  readonly passed: number;
  readonly failed: number;
  /** Why it failed; undefined when it passed. */
  readonly failure: string | undefined;
};

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** The folder, with every log, stays when the suite failed. */
export async function runSuite(
  suite: EngineSuite,
  folder: string,
  stopped: AbortSignal,
  onLine: (line: string) => void,
): Promise<SuiteResult> {
  const startedMs = performance.now();
  const running: RunningEngine[] = [];
  const logFile = path.join(folder, 'suite.txt');
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let failure: string | undefined;
  try {
    await mkdir(folder, { recursive: true });
    for (const engine of suite.engines) {
      const place = path.join(folder, engine.name);
      await mkdir(place);
      running.push(await engine.start(place));
    }
    stopped.throwIfAborted();
    counts = await runCounting(suite, { folder, logFile, running, stopped, onLine });
    failure = complaintOf(counts);
  } catch (error) {
    failure = error instanceof ProgramFailed ? error.message : inspect(error);
  } finally {
    for (const engine of running) await engine.stop();
  }
  if (failure === undefined) await rm(folder, { recursive: true, force: true });
  const failed = failure === undefined ? 0 : Math.max(1, counts.failed + counts.skipped);
  const durationMs = performance.now() - startedMs;
  return { name: suite.name, durationMs, passed: counts.passed, failed, failure };
}

async function runCounting(
  suite: EngineSuite,
  run: {
    readonly folder: string;
    readonly logFile: string;
    readonly running: readonly RunningEngine[];
    readonly stopped: AbortSignal;
    readonly onLine: (line: string) => void;
  },
): Promise<Counts> {
  let output = '';
  let rest = '';
  const told = Object.assign({}, ...run.running.map(({ environment }) => environment)) as Record<
    string,
    string
  >;
  const timeout = AbortSignal.timeout(suite.timeoutMs);
  try {
    await runProgram(
      {
        command: process.execPath,
        args: ['--test-reporter=tap', suite.file],
        environment: { ...(process.env as Record<string, string>), ...told },
        folder: run.folder,
        logFile: run.logFile,
        onOutput: (text) => {
          output += text;
          const lines = (rest + text).split('\n');
          rest = lines.pop()!;
          for (const line of lines) if (/^ *(not )?ok /.test(line)) run.onLine(line.trim());
        },
      },
      AbortSignal.any([run.stopped, timeout]),
    );
  } catch (error) {
    if (!timeout.aborted) throw error;
    const text = `Not done within ${suite.timeoutMs / 1000} s; its last lines:\n${await lastLines(run.logFile)}`;
    throw new ProgramFailed(text, { cause: error });
  }
  return countsOf(output);
}

/** Of node:test's TAP, or of the last line of a program that counts by itself. */
function countsOf(output: string): Counts {
  const own = /^(\d+) passed, (\d+) failed$/m.exec(output);
  if (own !== null) return { passed: Number(own[1]), failed: Number(own[2]), skipped: 0 };
  const count = (word: string): number =>
    Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

function complaintOf({ passed, failed, skipped }: Counts): string | undefined {
  if (failed > 0) return `${failed} cases failed, and yet it exited 0.`;
  if (skipped > 0) return `It skipped ${skipped} cases; nothing may be skipped here.`;
  return passed === 0 ? 'It reported no case.' : undefined;
}
