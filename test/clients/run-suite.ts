/** One suite from its folder to its result: a server of its own, its timeout, its cases, and everything stopped afterwards. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { clientEnvironment } from './environment.ts';
import { ProgramFailed, lastLines, runProgram, startProgram, type Program } from './program.ts';
import { makeKeys, startServer, type Server } from './server.ts';
import type { ClientProgram, Endpoint, Suite, SuiteRun } from './suite.ts';
import { TapReader, type TapCase } from './tap.ts';

export type SuiteResult = {
  readonly name: string;
  readonly durationMs: number;
  readonly cases: readonly TapCase[];
  /** Why it failed; undefined when it passed. */
  readonly failure: string | undefined;
};

export type SuiteSetting = {
  /** Of the suite alone; removed when it passed and is not to be kept. */
  readonly workFolder: string;
  readonly keepsWorkFolder: boolean;
  /** A server that runs already; otherwise the suite gets a new one. */
  readonly endpoint: Endpoint | undefined;
  readonly dynamoDbUrl: () => Promise<string>;
  readonly onCase: (tapCase: TapCase) => void;
  readonly stopped: AbortSignal;
};

export async function runSuite(suite: Suite, setting: SuiteSetting): Promise<SuiteResult> {
  const startedMs = performance.now();
  const cases: TapCase[] = [];
  const onCase = (tapCase: TapCase): void => {
    cases.push(tapCase);
    setting.onCase(tapCase);
  };
  let failure: string | undefined;
  try {
    await runCases(suite, setting, onCase);
    if (cases.length === 0) throw new Error('The suite reported no case.');
  } catch (error) {
    failure = error instanceof ProgramFailed ? error.message : inspect(error);
    if (!cases.some(({ passed }) => !passed)) onCase({ name: 'the suite runs to its end', passed: false });
  }
  if (failure === undefined && !setting.keepsWorkFolder)
    await rm(setting.workFolder, { recursive: true, force: true });
  return { name: suite.name, durationMs: performance.now() - startedMs, cases, failure };
}

async function runCases(
  suite: Suite,
  setting: SuiteSetting,
  onCase: (tapCase: TapCase) => void,
): Promise<void> {
  const { workFolder } = setting;
  await mkdir(workFolder, { recursive: true });
  const timeout = AbortSignal.timeout(suite.timeoutMs);
  const stopped = AbortSignal.any([setting.stopped, timeout]);
  const programs: Program[] = [];
  const credentialsFile = path.join(workFolder, 'credentials');
  const keys = setting.endpoint ?? (await makeKeys(credentialsFile));
  let server: Server | undefined;
  const startOwn = async (port: number): Promise<Server> => {
    const logFile = path.join(workFolder, 'millrace.txt');
    const dataFolder = path.join(workFolder, 'data');
    return startServer({ keys, credentialsFile, dataFolder, logFile, port });
  };
  let crashedPort = 0;
  const crashServer = async (): Promise<void> => {
    assert.ok(server !== undefined && suite.crashesServer);
    crashedPort = server.port;
    await server.crash();
    server = undefined;
  };
  const restartServer = async (): Promise<void> => {
    assert.ok(server === undefined && crashedPort !== 0);
    server = await startOwn(crashedPort);
  };
  // A server that does not leave cleanly fails the suite, unless the suite failed before.
  const stopAll = async (): Promise<void> => {
    for (const program of programs) program.kill();
    await server?.stop();
  };
  try {
    if (setting.endpoint === undefined) server = await startOwn(0);
    const endpoint = setting.endpoint ?? server!.endpoint;
    const run = suiteRun({ endpoint, setting, stopped, programs, crashServer, restartServer, onCase });
    await Promise.race([suite.run(run), rejectOnAbort(stopped, suite)]);
  } catch (error) {
    await stopAll().catch(() => {});
    throw error;
  }
  await stopAll();
}

function suiteRun(parts: {
  readonly endpoint: Endpoint;
  readonly setting: SuiteSetting;
  readonly stopped: AbortSignal;
  readonly programs: Program[];
  readonly crashServer: () => Promise<void>;
  readonly restartServer: () => Promise<void>;
  readonly onCase: (tapCase: TapCase) => void;
}): SuiteRun {
  const { endpoint, setting, stopped, programs, onCase } = parts;
  const { workFolder } = setting;
  const startOf = ({ name, ...program }: ClientProgram) => ({
    folder: workFolder,
    ...program,
    logFile: path.join(workFolder, `${name}.txt`),
  });
  const output: SuiteRun['output'] = (program) => runProgram(startOf(program), stopped);
  return {
    endpoint,
    id: randomBytes(3).toString('hex'),
    workFolder,
    environment: (extra) => clientEnvironment(endpoint, extra),
    check: async (name, body) => {
      try {
        await body();
      } catch (error) {
        onCase({ name, passed: false });
        throw error;
      }
      onCase({ name, passed: true });
    },
    program: async (program) => {
      const tap = new TapReader(onCase);
      const start = startOf(program);
      await runProgram({ ...start, onOutput: (text) => tap.write(text) }, stopped);
      const complaint = tap.complaint();
      if (complaint !== undefined) {
        throw new ProgramFailed(
          `${program.name}: ${complaint}; its last lines:\n${await lastLines(start.logFile)}`,
        );
      }
    },
    output,
    start: (program) => {
      const started = startProgram(startOf(program));
      programs.push(started);
      return started;
    },
    crashServer: parts.crashServer,
    restartServer: parts.restartServer,
    dynamoDbUrl: setting.dynamoDbUrl,
    until: async (what, timeoutMs, ask) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const answer = await ask();
        if (answer !== undefined) return answer;
        if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}.`);
        await sleep(200, undefined, { signal: stopped });
      }
    },
  };
}

function rejectOnAbort(stopped: AbortSignal, suite: Suite): Promise<never> {
  return new Promise((_, reject) => {
    stopped.addEventListener('abort', () => {
      const timedOut = stopped.reason instanceof DOMException && stopped.reason.name === 'TimeoutError';
      reject(timedOut ? new Error(`Not done within ${suite.timeoutMs / 1000} s.`) : stopped.reason);
    });
  });
}
