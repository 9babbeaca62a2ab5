/** Whoever runs applications. The service knows this port; what is behind it is loaded when the first application starts. */
import type { ApplicationState } from '../directory/application-state.ts';
import type { RunnerStatus, Sampled } from './application-runner.ts';

/** How an application does, for its keeper. */
export type RunState = RunnerStatus & {
  /** Whether this run began with the state of the last one, and if not, why. */
  readonly restored: string;
  /** Why something is being tried again: by the id of an output, and `input` for the preprocessing function. */
  readonly failing: ReadonlyMap<string, string>;
};

export interface Runner extends AsyncDisposable {
  /** Opens its program and its source. Does nothing when it runs. Throws `StartFailed`; anything else may work later. */
  start(application: ApplicationState): Promise<void>;
  /** Ends it; does nothing when it does not run. With a checkpoint, the next run can go on where this one stopped, and repeats nothing. */
  stop(id: string, how: 'with a checkpoint' | 'at once'): Promise<void>;
  /** Undefined when it does not run. */
  state(id: string): RunState | undefined;
  /** Calls back with rows of all its streams, a few of each, until disposed of; undefined when it does not run. */
  watch(id: string, onSample: (sampled: Sampled) => void): Disposable | undefined;
}

/** It cannot run as it is configured. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';
}

/** Opened when it is first needed, because it takes memory that most servers never need. */
export function lazyRunner(open: () => Promise<Runner>): Runner {
  let opening: Promise<Runner> | undefined;
  let runner: Runner | undefined;
  return {
    async start(application) {
      opening ??= open();
      runner = await opening;
      await runner.start(application);
    },
    stop: async (id, how) => await runner?.stop(id, how),
    state: (id) => runner?.state(id),
    watch: (id, onSample) => runner?.watch(id, onSample),
    [Symbol.asyncDispose]: async () => {
      await (await opening)?.[Symbol.asyncDispose]();
    },
  };
}
