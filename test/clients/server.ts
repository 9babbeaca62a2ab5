/** Millrace as a user starts it: `main.ts start` in a process of its own, with keys that it checks signatures against. */
import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clientEnvironment } from './environment.ts';
import { lastLines, startProgram, type Program } from './program.ts';
import type { Endpoint } from './suite.ts';

export type Server = {
  readonly endpoint: Endpoint;
  readonly port: number;
  readonly program: Program;
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
  readonly flags: readonly string[];
}): Promise<Server> {
  let stdout = '';
  const { keys, dataFolder, logFile } = options;
  const args = ['start', '--port', '0', '--data', dataFolder, '--credentials', options.credentialsFile];
  const program = startProgram({
    command: process.execPath,
    args: [MAIN, ...args, '--state-duration-ms', '100', ...options.flags],
    environment: clientEnvironment(keys),
    logFile,
    onOutput: (text) => {
      stdout += text;
    },
  });
  const exit = program.exited.then(async (code) => {
    throw new Error(`Millrace exited ${code}; its last lines:\n${await lastLines(logFile)}`);
  });
  exit.catch(() => {});
  const port = await Promise.race([readPort(() => stdout, logFile), exit]);
  await Promise.race([becomeReady(port, logFile), exit]);
  const caFile = path.join(dataFolder, 'tls', 'authority.pem');
  const endpoint = {
    plainUrl: `http://localhost:${port}`,
    tlsUrl: `https://localhost:${port}`,
    caFile,
    ...keys,
  };
  const stop = async (): Promise<void> => {
    program.signal('SIGTERM');
    const late = sleep(STOP_TIMEOUT_MS, undefined, { ref: false });
    const code = await Promise.race([program.exited, late]);
    program.kill();
    if (code !== 0) {
      const how = code === undefined ? `did not stop within ${STOP_TIMEOUT_MS} ms` : `exited ${code}`;
      throw new Error(`Millrace ${how} after SIGTERM; its last lines:\n${await lastLines(logFile)}`);
    }
  };
  return { endpoint, port, program, stop };
}

async function readPort(stdout: () => string, logFile: string): Promise<number> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const port = /https?:\/\/[^\s"/:]+:(\d+)/.exec(stdout())?.[1];
    if (port !== undefined) return Number(port);
    await sleep(50);
  }
  throw new Error(`Millrace printed no URL; its last lines:\n${await lastLines(logFile)}`);
}

async function becomeReady(port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  throw new Error(`Millrace did not answer /healthz; its last lines:\n${await lastLines(logFile)}`);
}
