/** What a running server says of itself in its data directory, so that `millrace stop` and `status` find it. */
export const RUNNING_FILE = 'running.json';

export type RunningServer = {
  readonly pid: number;
  /** Where the pid means this process: elsewhere (outside a container) it is another's. Empty where there is no such thing. */
  readonly pidNamespace: string;
  /** Random, new at each start; `/healthz` says the same. */
  readonly instance: string;
  /** Where this machine reaches it over plain HTTP. */
  readonly url: string;
  readonly startedMs: number;
};
