/**
 * A module of the operator's in a process of its own, which may read that module and nothing else: no other file, no network, no process, no thread.
 * It keeps faults of the module from the server (loops, crashes, memory); against malice it is one wall among others, as Node says of its
 * permission model.
 */
export type FunctionProcessOptions = {
  /** Absolute; ends in `.mjs`. It exports `handler(event, context)`. */
  readonly module: string;
  readonly name: string;
  readonly region: string;
  readonly memoryMb: number;
  /** What it prints, line by line, cut to some hundred characters. */
  readonly onLine: (line: string) => void;
};

/**
 * `ok`: what the handler returned, as JSON. `error`: what it threw, in Lambda's form. `ended`: the process is gone, by itself or because of its memory.
 * `late` and `long`: it was ended, for its answer did not come in time, or was longer than allowed.
 */
export type FunctionProcessAnswer =
  | { readonly kind: 'ok' | 'error'; readonly payload: Uint8Array }
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'late' | 'long' };

export interface FunctionProcess {
  /** Hands JSON over; one at a time. */
  invoke(
    request: { readonly id: string; readonly arn: string; readonly event: Uint8Array },
    limits: { readonly timeoutMs: number; readonly answerBytesMax: number },
  ): Promise<FunctionProcessAnswer>;
  readonly hasEnded: boolean;
  /** At once, whatever it does. */
  end(): void;
}

export interface FunctionProcesses {
  start(options: FunctionProcessOptions): FunctionProcess;
}
