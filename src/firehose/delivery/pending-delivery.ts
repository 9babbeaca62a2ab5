/** A delivery from its recording to its end: what was closed, what became of its attempts, and whether its bytes are in memory. */
import type { RecordBuffer } from './buffer.ts';
import type { DeliveryError } from './destination.ts';
import type { Lane, LaneName } from './lane.ts';
import type { PackedIdentities } from './packed-identities.ts';

/** Records that a destination gave up on, by why; so that their error lines can be made again from the log. */
export type Failure = {
  readonly identities: PackedIdentities;
  readonly error: DeliveryError;
  readonly attemptsMade: number;
  readonly attemptEndingMs: number;
  readonly members: Readonly<Record<string, unknown>> | undefined;
};

/** A record that failed, by its index in the batch. */
export type FailedIndex = Omit<Failure, 'identities'> & { readonly index: number };

export type PendingDelivery = {
  /** A GUID. */
  readonly id: string;
  readonly lane: LaneName;
  /** As it was set when the batch was closed, or at the restart. */
  readonly to: Lane;
  readonly objectKey: string | undefined;
  /** Of dynamic partitioning; undefined without it and after a restart. */
  readonly partition: string | undefined;
  identities: PackedIdentities;
  records: number;
  readonly bytes: number;
  readonly oldestArrivalMs: number;
  readonly createdMs: number;
  /** Only of the error output, for records that the destination gave up on. */
  readonly failures: readonly Failure[] | undefined;

  phase: 'recording' | 'queued' | 'attempting' | 'waiting' | 'gathering' | 'finishing';
  /** Undefined while its bytes are only in the log. */
  buffer: RecordBuffer | undefined;
  attempts: number;
  firstFailureMs: number | undefined;
  /** Of the retry duration, the pause that is being waited included: a process that ends in it and starts again tries at once. */
  retryUsedMs: number;
  /** Of its destination, see `Delivery.kept`. */
  readonly kept: Map<string, number>;
  /** Time of attempts that does not use up the retry duration. */
  uncountedMs: number;
  lastError: DeliveryError | undefined;
  remaining: readonly number[] | undefined;
  readonly failed: FailedIndex[];
  readonly memory: Map<string, unknown>;
};

export function pendingDelivery(
  given: Pick<
    PendingDelivery,
    | 'id'
    | 'lane'
    | 'to'
    | 'objectKey'
    | 'partition'
    | 'identities'
    | 'records'
    | 'bytes'
    | 'oldestArrivalMs'
    | 'createdMs'
    | 'failures'
    | 'buffer'
    | 'phase'
  > &
    Partial<Pick<PendingDelivery, 'attempts' | 'retryUsedMs' | 'kept'>>,
): PendingDelivery {
  return {
    attempts: 0,
    retryUsedMs: 0,
    kept: new Map(),
    ...given,
    firstFailureMs: undefined,
    uncountedMs: 0,
    lastError: undefined,
    remaining: undefined,
    failed: [],
    memory: new Map(),
  };
}

/** Whether its bytes may go: it only waits, and nothing is known of single records, whose places a new gathering would change. */
export function mayLetGo({ phase, buffer, remaining, failed }: PendingDelivery): boolean {
  return (
    phase === 'waiting' &&
    buffer !== undefined &&
    failed.length === 0 &&
    (remaining === undefined || remaining.length === buffer.length)
  );
}
