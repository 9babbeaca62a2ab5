/** Starts function processes, and watches over one invocation at a time. */
import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  FunctionProcess,
  FunctionProcessAnswer,
  FunctionProcesses,
  FunctionProcessOptions,
} from '../function-process.ts';
import type { FunctionRequest } from './function-child.ts';

/** As this file: development runs TypeScript, the package has JavaScript. */
const CHILD = fileURLToPath(import.meta.url.replace(/function-process(\.\w+)$/, 'function-child$1'));
const FRAME_HEAD_BYTES = 5;
const LINE_CHARACTERS_MAX = 500;
/** What Node takes beside the heap, and buffers may. */
const MEMORY_BESIDE_HEAP_MB = 160;
const MEMORY_LOOK_MS = 200;
const PAGE_BYTES = 4096;
/**
 * Processor seconds of one process in its life. Should the server be killed while a function loops, nobody else would ever end it. Whoever uses
 * processes takes a new one long before.
 */
const CPU_SECONDS_MAX = 1800;

const LIMITED = ['/bin/sh', '-c', `ulimit -t ${CPU_SECONDS_MAX}; exec "$0" "$@"`];

export const realFunctionProcesses: FunctionProcesses = { start };

function start(options: FunctionProcessOptions): FunctionProcess {
  const { name, region, memoryMb } = options;
  // Permissions are asked for where links lead.
  const module = realpathSync(options.module);
  const command = [
    process.execPath,
    '--permission',
    `--allow-fs-read=${CHILD}`,
    `--allow-fs-read=${module}`,
    `--max-old-space-size=${memoryMb}`,
    '--disable-warning=ExperimentalWarning',
    CHILD,
    pathToFileURL(module).href,
    name,
  ];
  const [program, ...args] = process.platform === 'win32' ? command : [...LIMITED, ...command];
  const child = spawn(program!, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    cwd: path.dirname(module),
    env: { TZ: 'UTC', LANG: 'C.UTF-8', AWS_LAMBDA_FUNCTION_NAME: name, AWS_REGION: region },
  });
  const answers = child.stdio[3] as Readable;
  const streams = [child.stdin, child.stdout, child.stderr, answers];
  // It is not waited for when the server ends; it ends with its stdin.
  child.unref();
  for (const stream of streams) (stream as unknown as { unref?: () => void }).unref?.();
  for (const stream of streams) stream.on('error', () => {});
  watchLines(child.stdout, options.onLine);
  watchLines(child.stderr, options.onLine);

  let how: string | undefined;
  let outgrown = false;
  let settle: ((answer: FunctionProcessAnswer) => void) | undefined;
  let answerBytesMax = 0;
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;

  child.once('error', (error) => ended(error.message));
  child.once('close', (code, signal) => {
    const exit = signal === null ? `exit status ${code}` : `signal: ${signal}`;
    ended(outgrown ? 'signal: killed (it took too much memory)' : exit);
  });
  answers.on('data', (chunk: Buffer) => {
    // What nobody asked for.
    if (settle === undefined) return;
    gathered.push(chunk);
    gatheredBytes += chunk.length;
    if (gatheredBytes < FRAME_HEAD_BYTES) return;
    if (gathered[0]!.length < FRAME_HEAD_BYTES) gathered = [Buffer.concat(gathered)];
    const bytes = gathered[0]!.readUInt32LE(1);
    if (bytes > answerBytesMax) {
      answered({ kind: 'long' });
      started.end();
    } else if (gatheredBytes >= FRAME_HEAD_BYTES + bytes) {
      const frame = Buffer.concat(gathered);
      const payload = frame.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + bytes);
      answered({ kind: frame[0] === 0 ? 'ok' : 'error', payload });
    }
  });

  function ended(reason: string): void {
    how ??= reason;
    answered({ kind: 'ended', how });
  }

  function answered(answer: FunctionProcessAnswer): void {
    settle?.(answer);
  }

  /** Whole memory, because buffers are not in the heap that Node limits. Only Linux tells. */
  function lookAtMemory(): void {
    let pages: number;
    try {
      pages = Number(readFileSync(`/proc/${child.pid}/statm`, 'latin1').split(' ')[1]);
    } catch {
      return;
    }
    if (pages * PAGE_BYTES <= (memoryMb + MEMORY_BESIDE_HEAP_MB) * 1024 * 1024) return;
    outgrown = true;
    started.end();
  }

  const started: FunctionProcess = {
    get hasEnded() {
      return how !== undefined || child.killed;
    },
    end() {
      child.kill('SIGKILL');
    },
    invoke({ id, arn, event }, limits) {
      if (how !== undefined) return Promise.resolve({ kind: 'ended', how });
      answerBytesMax = limits.answerBytesMax;
      gathered = [];
      gatheredBytes = 0;
      const deadlineMs = Date.now() + limits.timeoutMs;
      const head: FunctionRequest = { id, arn, memoryMb, deadlineMs };
      child.stdin.write(framed(Buffer.from(JSON.stringify(head))));
      child.stdin.write(framed(event));
      return new Promise((resolve) => {
        const memory = setInterval(lookAtMemory, MEMORY_LOOK_MS);
        const timeout = setTimeout(() => {
          answered({ kind: 'late' });
          started.end();
        }, limits.timeoutMs);
        settle = (answer) => {
          settle = undefined;
          clearInterval(memory);
          clearTimeout(timeout);
          resolve(answer);
        };
      });
    },
  };
  return started;
}

function framed(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
}

function watchLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!.slice(0, LINE_CHARACTERS_MAX);
    for (const line of lines) if (line.trim() !== '') onLine(line.slice(0, LINE_CHARACTERS_MAX));
  });
}
