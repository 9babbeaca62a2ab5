/**
 * What happens to records between the source and the buffers, in AWS's order: decompression, CloudWatch Logs extraction, de-aggregation, Lambda,
 * partition keys, delimiter. Processing keeps no state between calls, so that records can be processed again after a restart.
 */
import type { DeliveryRecord, RecordIdentity } from '../delivery/delivery-record.ts';
import type { ErrorOutputType, PartitionKeys } from '../object-keys/object-key.ts';

/** A record of the source, its KPL aggregate already opened. */
export type IncomingRecord = {
  readonly unit: string;
  readonly position: number;
  /** Its number within the aggregate; 0 otherwise. Processing gives parts of it further numbers. */
  readonly sub: number;
  readonly data: Uint8Array;
  /** Milliseconds since 1970. */
  readonly arrivalMs: number;
  readonly partitionKey?: string | undefined;
};

/** Records that go on, in their order, with the partition that they belong to when dynamic partitioning is on. */
export type ProcessedRecord = DeliveryRecord & { readonly keys?: PartitionKeys | undefined };

/** A record that goes to the error output. `members` is its whole line in AWS's order. */
export type UnprocessedRecord = {
  readonly identity: RecordIdentity;
  readonly type: ErrorOutputType;
  readonly arrivalMs: number;
  readonly code: string;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
};

export type Processed = {
  readonly records: readonly ProcessedRecord[];
  readonly failed: readonly UnprocessedRecord[];
  /** Dropped on purpose by the function. */
  readonly dropped: readonly RecordIdentity[];
  /** For backups of the source's records (S3BackupMode Enabled): each as it was before the function saw it. */
  readonly sources: readonly DeliveryRecord[];
};

export interface Processing {
  /**
   * Processes records of one unit, in their order. `skip` says of identities that were delivered before: they are left out before the function
   * is invoked. Rejects only with the signal's reason and for our own bugs.
   */
  process(
    records: readonly IncomingRecord[],
    skip: (identity: RecordIdentity) => boolean,
    signal: AbortSignal,
  ): Promise<Processed>;
  /** The most bytes of data and the time that the function wants to see at once; undefined without one: then records are processed as they come. */
  readonly batching: { readonly bytes: number; readonly intervalMs: number } | undefined;
}
