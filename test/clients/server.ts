/** Millrace as a user starts it: `main.ts start` in a process of its own, with keys that it checks signatures against. */
import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clientEnvironment } from './environment.ts';
import { ProgramFailed, lastLines, startProgram } from './program.ts';
import type { Endpoint } from './suite.ts';

export type Server = {
  readonly endpoint: Endpoint;
  readonly port: number;
  /** SIGKILL; resolves when the process is gone. */
  readonly crash: () => Promise<void>;
  /** SIGTERM, and an assertion that it left with 0. */
  readonly stop: () => Promise<void>;
};

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** Keys like AWS's, made for one run, and the file that the server knows them by. */
export async function makeKeys(credentialsFile: string): Promise<Keys> {
  const keys = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  const lines = [
    '[default]',
    `aws_access_key_id = ${keys.accessKeyId}`,
    `aws_secret_access_key = ${keys.secretAccessKey}`,
    'aws_account_id = 123456789012',
    '',
  ];
  await writeFile(credentialsFile, lines.join('\n'));
  await chmod(credentialsFile, 0o600);
  return keys;
}

export async function startServer(options: {
  readonly keys: Keys;
  readonly credentialsFile: string;
  readonly dataFolder: string;
  readonly logFile: string;
  /** 0 takes a free one. */
  readonly port: number;
}): Promise<Server> {
  let stdout = '';
  const { keys, dataFolder, logFile } = options;
  const port = String(options.port);
  const args = ['start', '--port', port, '--data', dataFolder, '--credentials', options.credentialsFile];
  const program = startProgram({
    command: process.execPath,
    args: [MAIN, ...args, '--state-duration-ms', '100'],
    environment: clientEnvironment(keys),
    logFile,
    onOutput: (text) => {
      stdout += text;
    },
  });
  const ended = new AbortController();
  program.exited.finally(() => ended.abort()).catch(() => {});
  /** Asks until there is an answer, as long as the server runs. */
  const poll = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!ended.signal.aborted && Date.now() < deadline) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await sleep(50);
    }
    program.kill();
    throw new ProgramFailed(`Millrace ${what}; its last lines:\n${await lastLines(logFile)}`);
  };
  const started = await poll('printed no URL', async () => readStart(stdout));
  const bound = Number(new URL(started.url).port);
  await poll('did not answer /healthz', async () => {
    const answer = await fetch(`http://127.0.0.1:${bound}/healthz`).catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
  const endpoint = {
    plainUrl: `http://localhost:${bound}`,
    tlsUrl: `https://localhost:${bound}`,
    caFile: started.authority,
    ...keys,
  };
  const stop = async (): Promise<void> => {
    program.signal('SIGTERM');
    const late = sleep(STOP_TIMEOUT_MS, undefined, { ref: false });
    const code = await Promise.race([program.exited, late]);
    program.kill();
    if (code !== 0) {
      const how = code === undefined ? `did not stop within ${STOP_TIMEOUT_MS} ms` : `exited ${code}`;
      throw new ProgramFailed(`Millrace ${how} after SIGTERM; its last lines:\n${await lastLines(logFile)}`);
    }
  };
  const crash = async (): Promise<void> => {
    program.kill();
    await program.exited;
  };
  return { endpoint, port: bound, crash, stop };
}

/** The line of its log that says where it serves. */
function readStart(stdout: string): { readonly url: string; readonly authority: string } | undefined {
  const lines = stdout.split('\n').slice(0, -1);
  const line = lines.find((candidate) => candidate.includes('"authority":'));
  return line === undefined ? undefined : (JSON.parse(line) as { url: string; authority: string });
}
