/** What a running application reads from, and where its rows go. The service implements these over streams, delivery streams and functions. */
import type { RecordSource, StartingPoint } from '../../readers/record-source.ts';

/** Records of one unit, in their order. All arrays have one length. */
export type InputRecords = {
  readonly data: readonly Uint8Array[];
  readonly arrivalsMs: readonly number[];
  /** Of a data stream's records. */
  readonly partitionKeys: readonly string[] | undefined;
  readonly sequenceNumbers: readonly string[] | undefined;
};

/** Changes records before they become rows: AWS's preprocessing function. */
export interface Preprocessor {
  /** Records may be dropped, and their data changed. Tries until it succeeds; rejects when aborted. */
  process(records: InputRecords, shardId: string | undefined, signal: AbortSignal): Promise<ProcessedRecords>;
}

export type ProcessedRecords = {
  readonly records: InputRecords;
  /** Those that the function said it could not process, with its reason. */
  readonly failed: readonly { readonly data: Uint8Array; readonly reason: string }[];
};

export type RunnerInput = {
  readonly source: RecordSource;
  /** Where its units begin at a start without state. */
  readonly start: StartingPoint;
  readonly hasShards: boolean;
  /** Of a data stream: the name of the unit's shard. */
  readonly shardOf: (unit: string) => string | undefined;
  /** How many in-application streams it feeds. */
  readonly streams: number;
  /** Which of them the unit feeds: always the same, 0 to `streams` - 1. */
  readonly streamOf: (unit: string) => number;
  readonly preprocessor: Preprocessor | undefined;
};

/** Rows of one step for one destination, each as it leaves. */
export type LeavingRows = {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  /** Names the rows for ever: row `i` of this step is the same row whenever it is sent. */
  readonly step: number;
};

export interface OutputTarget {
  /** Resolves when all rows are safe there. Tries until they are; rejects when aborted only. */
  deliver(rows: LeavingRows, signal: AbortSignal): Promise<void>;
}
