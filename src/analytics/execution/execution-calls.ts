/** What is said to a running application, and what it answers. */

/** Records of one unit of an input, end to end. */
export type StepPart = {
  /** Which input, and which of its streams. */
  readonly input: number;
  readonly stream: number;
  readonly bytes: Uint8Array;
  /** Where each record ends in `bytes`; the first begins at 0. */
  readonly ends: Uint32Array;
  readonly arrivalsMs: Float64Array;
  /** Of a data stream's records. */
  readonly shardId: string | undefined;
  readonly partitionKeys: readonly string[] | undefined;
  readonly sequenceNumbers: readonly string[] | undefined;
};

export type ExecutionCall =
  /** A step of input (`state/application-state.ts`); `samples` is how many rows of each stream are shown at most. */
  | {
      readonly kind: 'step';
      readonly nowMs: number;
      readonly parts: readonly StepPart[];
      /** Records that became no part of it, for the error stream. */
      readonly rejected: readonly { readonly data: Uint8Array; readonly reason: string }[];
      readonly samples: number;
    }
  /** Replaces a reference table. */
  | { readonly kind: 'load table'; readonly table: string; readonly object: Uint8Array }
  /** What changed in the operators' state since the last call. */
  | { readonly kind: 'save' };

/** Rows of an output, end to end, each as it leaves. */
export type OutputRows = { readonly output: number; readonly bytes: Uint8Array; readonly ends: Uint32Array };

/** Rows as JSON with ROWTIME in front; `more` were left out. */
export type StreamSample = {
  readonly stream: string;
  readonly rows: readonly string[];
  readonly more: number;
};

export type StepAnswer = {
  readonly kind: 'step';
  readonly outputs: readonly OutputRows[];
  readonly samples: readonly StreamSample[];
  readonly rowsIn: number;
  readonly errors: number;
};

export type ExecutionAnswer =
  | StepAnswer
  | { readonly kind: 'loaded'; readonly rows: number; readonly rejected: readonly string[] }
  | {
      readonly kind: 'saved';
      readonly changes: readonly { readonly cell: string; readonly bytes: Uint8Array | undefined }[];
    };
