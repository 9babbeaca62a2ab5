/**
 * The processes of local functions: a bounded number, each for one function and one invocation at a time, ended when idle for a while, and replaced when
 * they hang, crash or outgrow their memory. Who finds none free waits in order.
 */
import type { Clock, Dice, TimerHandle } from '../../host/host.ts';
import type { FunctionProcess, FunctionProcesses } from '../../host/function-process.ts';
import { FUNCTION_LIMITS } from '../function-limits.ts';
import { FunctionFailure, type FunctionAnswer } from '../functions.ts';
import type { LocalFunction } from './function-store.ts';

export type FunctionPool = AsyncDisposable & {
  invoke(
    local: LocalFunction,
    arn: string,
    payload: Uint8Array,
    signal?: AbortSignal,
  ): Promise<FunctionAnswer>;
  /** Ends the processes of a module that is no longer there; what runs comes to its end. */
  forget(local: LocalFunction): void;
};

type Worker = {
  readonly file: string;
  readonly process: FunctionProcess;
  isBusy: boolean;
  isForgotten: boolean;
  /** How long it has worked in its life. */
  workedMs: number;
  idle: TimerHandle | undefined;
};

type Waiting = {
  readonly local: LocalFunction;
  readonly give: (worker: Worker) => void;
  readonly refuse: (error: unknown) => void;
};

export function createFunctionPool(parts: {
  readonly processes: FunctionProcesses;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly onLine: (local: LocalFunction, line: string) => void;
  readonly memoryMb?: number;
  readonly timeoutMs?: number;
}): FunctionPool {
  const { processes, clock, dice } = parts;
  const { memoryMb = FUNCTION_LIMITS.memoryMb, timeoutMs = FUNCTION_LIMITS.timeoutMs } = parts;
  const workers = new Set<Worker>();
  const waiting: Waiting[] = [];
  const printed = new Map<string, { sinceMs: number; lines: number }>();

  function start(local: LocalFunction): Worker {
    const { file, name, region } = local;
    const process = processes.start({
      module: file,
      name,
      region,
      memoryMb,
      onLine: (line) => print(local, line),
    });
    const worker: Worker = { file, process, isBusy: false, isForgotten: false, workedMs: 0, idle: undefined };
    workers.add(worker);
    return worker;
  }

  function end(worker: Worker): void {
    worker.idle?.cancel();
    worker.process.end();
    workers.delete(worker);
  }

  /** One that is free or may be started, now. */
  function freeWorker(local: LocalFunction): Worker | undefined {
    for (const worker of [...workers]) if (!worker.isBusy && worker.process.hasEnded) end(worker);
    const own = [...workers].filter(({ file }) => file === local.file);
    const free = own.find(({ isBusy }) => !isBusy);
    if (free !== undefined) return free;
    if (own.length >= FUNCTION_LIMITS.processesOfOneMax) return undefined;
    if (workers.size >= FUNCTION_LIMITS.processesMax) {
      const other = [...workers].find(({ isBusy }) => !isBusy);
      if (other === undefined) return undefined;
      end(other);
    }
    return start(local);
  }

  function take(local: LocalFunction, signal: AbortSignal | undefined): Promise<Worker> {
    const free = freeWorker(local);
    if (free !== undefined) return Promise.resolve(busy(free));
    if (waiting.filter((each) => each.local.file === local.file).length >= FUNCTION_LIMITS.waitingMax) {
      return Promise.reject(new FunctionFailure('TooManyRequestsException', 'Rate Exceeded.', true));
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(each), 1);
        reject(signal!.reason);
      };
      const each: Waiting = {
        local,
        give: (worker) => {
          signal?.removeEventListener('abort', leave);
          resolve(worker);
        },
        refuse: reject,
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(each);
    });
  }

  function busy(worker: Worker): Worker {
    worker.idle?.cancel();
    worker.isBusy = true;
    return worker;
  }

  function giveBack(worker: Worker): void {
    worker.isBusy = false;
    // Nobody looks after the memory and the loops of a process that is old.
    const isOld = worker.workedMs > timeoutMs;
    if (worker.process.hasEnded || worker.isForgotten || isOld) end(worker);
    else worker.idle = clock.timer(FUNCTION_LIMITS.idleMs, () => end(worker), { background: true });
    for (let index = 0; index < waiting.length;) {
      const each = waiting[index]!;
      const free = freeWorker(each.local);
      if (free === undefined) index++;
      else {
        waiting.splice(index, 1);
        each.give(busy(free));
      }
    }
  }

  function print(local: LocalFunction, line: string): void {
    const nowMs = clock.monotonic();
    let count = printed.get(local.file);
    if (count === undefined || nowMs - count.sinceMs > FUNCTION_LIMITS.linesPeriodMs) {
      count = { sinceMs: nowMs, lines: 0 };
      printed.set(local.file, count);
    }
    count.lines++;
    if (count.lines <= FUNCTION_LIMITS.linesMax) parts.onLine(local, line);
    else if (count.lines === FUNCTION_LIMITS.linesMax + 1)
      parts.onLine(local, 'The function prints too much: for a minute no more of it is shown.');
  }

  return {
    async invoke(local, arn, payload, signal) {
      signal?.throwIfAborted();
      if (payload.length > FUNCTION_LIMITS.payloadBytesMax)
        throw new FunctionFailure(
          'RequestTooLargeException',
          'Request must be smaller than 6291456 bytes',
          false,
        );
      const worker = await take(local, signal);
      const id = requestId(dice);
      const sinceMs = clock.monotonic();
      const stop = (): void => worker.process.end();
      signal?.addEventListener('abort', stop, { once: true });
      try {
        const limits = { timeoutMs, answerBytesMax: FUNCTION_LIMITS.payloadBytesMax };
        const answer = await worker.process.invoke({ id, arn, event: payload }, limits);
        signal?.throwIfAborted();
        switch (answer.kind) {
          case 'ok':
            return { kind: 'ok', payload: answer.payload };
          case 'error':
            return { kind: 'function-error', payload: answer.payload };
          case 'ended':
            return functionError(
              'Runtime.ExitError',
              `RequestId: ${id} Error: Runtime exited with error: ${answer.how}`,
            );
          case 'late':
            return functionError(
              'Sandbox.Timedout',
              `RequestId: ${id} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
            );
          case 'long':
            return functionError(
              'Function.ResponseSizeTooLarge',
              'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
            );
        }
      } finally {
        signal?.removeEventListener('abort', stop);
        worker.workedMs += clock.monotonic() - sinceMs;
        giveBack(worker);
      }
    },
    forget({ file }) {
      printed.delete(file);
      for (const worker of [...workers].filter((each) => each.file === file)) {
        worker.isForgotten = true;
        if (!worker.isBusy) end(worker);
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = new FunctionFailure('ServiceUnavailableException', 'The server ends.', true);
      for (const each of waiting.splice(0)) each.refuse(closed);
      for (const worker of workers) end(worker);
    },
  };
}

/** As Lambda's sandbox tells it. */
function functionError(errorType: string, errorMessage: string): FunctionAnswer {
  return {
    kind: 'function-error',
    payload: new TextEncoder().encode(JSON.stringify({ errorType, errorMessage })),
  };
}

function requestId(dice: Dice): string {
  return Buffer.from(dice.bytes(16))
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
