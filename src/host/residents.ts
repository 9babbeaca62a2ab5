/**
 * What lives on other threads and answers calls: work that has a state, as `workers.ts` is for work that has none. Several share a thread; the number
 * of threads is bounded.
 */
import { WorkerDied } from './workers.ts';

/** An exported constant of a module; the thread imports the module and finds it there by its name. */
export type ResidentKind<Config, In, Out> = {
  /** `import.meta.url` of that module. */
  readonly module: string;
  readonly name: string;
  /** Configuration, calls and answers go from thread to thread by structured clone. What is thrown arrives as an Error of the same message. */
  readonly open: (config: Config) => OpenResident<In, Out>;
};

export interface OpenResident<In, Out> {
  /** Takes the thread until it returns: some hundred milliseconds at most. */
  answer(call: In): Out;
  /** Memory in an answer that need not be copied. */
  given?(output: Out): readonly ArrayBuffer[];
}

/** Calls are answered in their order. Rejects with what was thrown, and with `WorkerDied` from the moment on in which its thread ended. */
export interface Resident<In, Out> extends AsyncDisposable {
  call(input: In, given?: readonly ArrayBuffer[]): Promise<Out>;
}

export interface Residents {
  open<Config, In, Out>(kind: ResidentKind<Config, In, Out>, config: Config): Promise<Resident<In, Out>>;
}

/** Where time is simulated there are no threads. */
export const residentsHere: Residents = Object.freeze({
  open: async <Config, In, Out>(
    kind: ResidentKind<Config, In, Out>,
    config: Config,
  ): Promise<Resident<In, Out>> => {
    let resident: OpenResident<In, Out> | undefined = kind.open(config);
    return {
      call: async (input) => {
        if (resident === undefined) throw new WorkerDied('The resident was closed');
        return resident.answer(input);
      },
      [Symbol.asyncDispose]: async () => {
        resident = undefined;
      },
    };
  },
});
