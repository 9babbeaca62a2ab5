/**
 * Other threads, a bounded number, for work that would hold up the main one: compressing, converting, running jq. The work is a task, a function of
 * what it is given and of nothing else, so that it may run anywhere, and again.
 */

/** An exported constant of a module; a thread imports the module and finds the task in it by its name. */
export type WorkerTask<In, Out> = {
  /** `import.meta.url` of that module. */
  readonly module: string;
  readonly name: string;
  /** Its input and its answer go from thread to thread by structured clone. What it throws arrives as an Error of the same message. */
  readonly run: (input: In) => Out | Promise<Out>;
  /** Memory in the answer that need not be copied. */
  readonly given?: (output: Out) => readonly ArrayBuffer[];
};

export type WorkerOptions = {
  /** Memory in the input that need not be copied: it is gone here afterwards. Only for what nobody else looks at. */
  readonly given?: readonly ArrayBuffer[];
  /** What has not begun when it aborts never begins; the answer of what runs is not waited for. Rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
};

export interface Workers {
  /** How many tasks run at once. Others wait in their order, so a caller bounds what it has here, and hands over no more than some hundred milliseconds at a time. */
  readonly count: number;
  /** Rejects with what the task threw, and with `WorkerDied`. */
  run<In, Out>(task: WorkerTask<In, Out>, input: In, options?: WorkerOptions): Promise<Out>;
}

/** The thread ended while the task ran, mostly because the task took more memory than it may. The same input would end the next one too. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

/** Where time is simulated there are no threads: the task runs at once, where it is. */
export const workHere: Workers = Object.freeze({
  count: 1,
  run: async <In, Out>(task: WorkerTask<In, Out>, input: In, options?: WorkerOptions): Promise<Out> => {
    options?.signal?.throwIfAborted();
    const output = await task.run(input);
    options?.signal?.throwIfAborted();
    return output;
  },
});
