/**
 * What outlives a process of a running application: which input it took, in which steps, and the state of its operators. `log-state.ts` keeps it in
 * the record log, sealed like everything there.
 *
 * A step is a batch of input with the time it was given. It is recorded before any output that depends on it leaves, so that a restart takes the same
 * records again, at the same times, and every row that goes out twice is the same twice. A checkpoint makes the steps before it needless.
 */

/** Records of a unit (a shard, a delivery stream): those after `after`, up to `last`. */
export type StepRange = { readonly unit: string; readonly after: number; readonly last: number };

export type Step = {
  /** Grows by one from step to step, over the whole life of the application. */
  readonly number: number;
  /** The ROWTIME of its rows, the bound behind them, and the time of day meanwhile. Never goes back. */
  readonly nowMs: number;
  readonly ranges: readonly StepRange[];
};

/** How far the application has come in a unit of its input. */
export type InputPosition = {
  readonly unit: string;
  readonly position: number;
  readonly isFinished: boolean;
};

export type Checkpoint = {
  /** The last step that is in it; 0 before the first. */
  readonly step: number;
  readonly nowMs: number;
  readonly positions: readonly InputPosition[];
  /** Milliseconds since 1970. */
  readonly takenMs: number;
  /** Of which program and input this is the state: whoever loads it compares. */
  readonly fingerprint: string;
};

export type CellChange = {
  readonly cell: string;
  /** Undefined: it is dropped. */ readonly bytes: Uint8Array | undefined;
};

export type LoadedState = {
  readonly checkpoint: Checkpoint | undefined;
  readonly cells: ReadonlyMap<string, Uint8Array>;
  /** Those after the checkpoint, in their order. */
  readonly steps: readonly Step[];
};

export interface ApplicationState {
  /** Before anything else; and again, to go on from what is durable. */
  load(): Promise<LoadedState>;
  /** Durable on return. */
  recordStep(step: Step): Promise<void>;
  /** All or nothing, durable on return. Cells that are not named stay as they were. One at a time; where it throws, the same changes are due again. */
  writeCheckpoint(checkpoint: Checkpoint, changes: readonly CellChange[]): Promise<void>;
  /** Begins anew: no cell is left, and no step. Durable on return. */
  startEmpty(checkpoint: Checkpoint): Promise<void>;
  /** Of the last checkpoint, and what the log holds for it and the steps after it. */
  describe(): {
    readonly checkpoint: Checkpoint | undefined;
    readonly cellBytes: number;
    readonly storedBytes: number;
  };
}
