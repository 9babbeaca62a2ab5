/**
 * What runs in a function's process, under Node's permission model. Requests come on stdin, answers go out on descriptor 3, both as frames: a length of
 * four bytes, little-endian, and JSON; an answer has a byte before it, 0 for what was returned and 1 for what was thrown. The parent believes
 * nothing of it.
 */
import { writeSync } from 'node:fs';

type Context = Readonly<Record<string, unknown>>;
type Handler = (event: unknown, context: Context) => unknown;
/** What stands before each event. */
export type FunctionRequest = {
  readonly id: string;
  readonly arn: string;
  readonly memoryMb: number;
  readonly deadlineMs: number;
};

const ANSWERS = 3;
const [, , module = '', name = ''] = process.argv;

// Signals and debuggers reach other processes of the same user, and no permission is asked for them.
for (const reach of ['kill', '_kill', '_debugProcess', '_debugEnd']) Reflect.deleteProperty(process, reach);

let handler: Promise<Handler | FailedStart> | undefined;
class FailedStart {
  readonly payload: unknown;
  constructor(payload: unknown) {
    this.payload = payload;
  }
}

process.stdin.on('end', () => process.exit());
let waiting = Buffer.alloc(0);
process.stdin.on('data', (chunk: Buffer) => {
  waiting = Buffer.concat([waiting, chunk]);
  while (waiting.length >= 4) {
    const headBytes = waiting.readUInt32LE(0);
    if (waiting.length < 8 + headBytes) return;
    const eventBytes = waiting.readUInt32LE(4 + headBytes);
    const end = 8 + headBytes + eventBytes;
    if (waiting.length < end) return;
    const head = waiting.subarray(4, 4 + headBytes).toString();
    const event = waiting.subarray(8 + headBytes, end).toString();
    waiting = Buffer.from(waiting.subarray(end));
    void serve(JSON.parse(head) as FunctionRequest, event);
  }
});

async function serve(request: FunctionRequest, event: string): Promise<void> {
  handler ??= load();
  const ready = await handler;
  if (ready instanceof FailedStart) {
    answer(1, JSON.stringify(ready.payload));
    return;
  }
  try {
    const returned = await ready(JSON.parse(event), contextOf(request));
    answer(0, JSON.stringify(returned) ?? 'null');
  } catch (error) {
    answer(1, JSON.stringify(thrown(error)));
  }
}

async function load(): Promise<Handler | FailedStart> {
  try {
    const exported = (await import(module)) as { handler?: unknown };
    if (typeof exported.handler === 'function') return exported.handler as Handler;
    const errorMessage = `${name}.handler is undefined or not exported`;
    return new FailedStart({ errorType: 'Runtime.HandlerNotFound', errorMessage, trace: [] });
  } catch (error) {
    const { errorType, errorMessage, trace } = thrown(error);
    const type = errorType === 'SyntaxError' ? 'Runtime.UserCodeSyntaxError' : 'Runtime.ImportModuleError';
    return new FailedStart({ errorType: type, errorMessage: `${errorType}: ${errorMessage}`, trace });
  }
}

/** As Lambda's Node.js runtime writes them. */
function thrown(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function contextOf({ id, arn, memoryMb, deadlineMs }: FunctionRequest): Context {
  return {
    awsRequestId: id,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMb),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function answer(kind: 0 | 1, text: string): void {
  const payload = Buffer.from(text);
  const frame = Buffer.alloc(5 + payload.length);
  frame[0] = kind;
  frame.writeUInt32LE(payload.length, 1);
  payload.copy(frame, 5);
  for (let at = 0; at < frame.length;) {
    try {
      at += writeSync(ANSWERS, frame, at);
    } catch (error) {
      // The pipe is full: the parent reads on.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
