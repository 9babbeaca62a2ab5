/** Whoever runs applications. The service knows this port; what is behind it is loaded when the first application starts. */
import type { Row } from '../../sql/value.ts';
import type { Column } from '../../sql/types.ts';
import type { ApplicationState } from '../directory/application-state.ts';

/** How an application does, for its keeper. */
export type RunState = {
  /** Whether this run began with the state of the last one, and if not, why. */
  readonly restored: string;
  readonly checkpoint: { readonly bytes: number; readonly takenMs: number } | undefined;
  /** Of records read, rows sent, and rows of the error stream, since it was started here. */
  readonly recordsIn: number;
  readonly rowsOut: number;
  readonly errors: number;
  /** How old the newest record is that was read, milliseconds; 0 at the end of the source. */
  readonly behindMs: number;
  /** Why an output is being tried again, by output id. */
  readonly failing: ReadonlyMap<string, string>;
};

/** Rows of one in-application stream, some of them where there are many. */
export type Sample = {
  readonly stream: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** How many more there were. */
  readonly left: number;
};

export interface Runner extends AsyncDisposable {
  /** Opens its program and its source. Does nothing when it runs. Throws `StartFailed`; anything else may work later. */
  start(application: ApplicationState): Promise<void>;
  /** Ends it; does nothing when it does not run. With a checkpoint, the next run can go on where this one stopped, and repeats nothing. */
  stop(id: string, how: 'with a checkpoint' | 'at once'): Promise<void>;
  /** Undefined when it does not run. */
  state(id: string): RunState | undefined;
  /** Calls back with samples until disposed of; undefined when it does not run. */
  watch(id: string, streams: readonly string[], onSample: (sample: Sample) => void): Disposable | undefined;
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
    watch: (id, streams, onSample) => runner?.watch(id, streams, onSample),
    [Symbol.asyncDispose]: async () => {
      await (await opening)?.[Symbol.asyncDispose]();
    },
  };
}
