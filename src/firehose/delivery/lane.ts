/**
 * The ways out of a delivery stream: to its destination, to the backup of the source's records, and to the error output, by type of error. What a
 * delivery stream is set to, as a plan: everything that the engine asks of it.
 */
import type { ErrorOutputType, PartitionKeys } from '../object-keys/object-key.ts';
import type { Processed, Processing } from '../processing/processing.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Destination } from './destination.ts';

/** Persisted in `lane` of a delivery's row. */
export type LaneName = 'main' | 'backup' | `error:${ErrorOutputType}`;

export type Lane = {
  readonly destination: Destination;
  readonly hints: {
    /** After processing, before conversion and compression. */
    readonly bytes: number;
    /** 0: no buffering. */
    readonly intervalMs: number;
  };
};

export type DeliveryPlan = {
  readonly processing: Processing;
  readonly main: Lane;
  /** Where all records are kept beside: the source's as they came, or all that the destination gets. Undefined when they are not. */
  readonly backup: (Lane & { readonly of: 'source' | 'all' }) | undefined;
  error(type: ErrorOutputType): Lane;
  /** With dynamic partitioning: records of the same text share buffers. Undefined when the keys make no valid prefix. */
  readonly partitionOf: ((keys: PartitionKeys) => string | undefined) | undefined;
  /** Records of Kinesis streams may be aggregates of the KPL. */
  readonly opensAggregates: boolean;
};

export function laneOf(plan: DeliveryPlan, name: LaneName): Lane | undefined {
  if (name === 'main') return plan.main;
  if (name === 'backup') return plan.backup;
  return plan.error(errorTypeOf(name));
}

export function errorTypeOf(name: Exclude<LaneName, 'main' | 'backup'>): ErrorOutputType {
  return name.slice('error:'.length) as ErrorOutputType;
}

/** What of a call's records the backup keeps. */
export function backedUp(
  { backup }: DeliveryPlan,
  { sources, records }: Processed,
): readonly DeliveryRecord[] {
  if (backup === undefined) return [];
  return backup.of === 'source' ? sources : records;
}
