/**
 * Where batches go. A destination makes one attempt and says what came of it; when to try again and for how long, the backup, error records
 * and what must survive a restart are the engine's, once for all (engine in this folder). One contract suite holds for all destinations.
 */
import type { ErrorOutputType, PartitionKeys } from '../object-keys/object-key.ts';
import type { Batch, DeliveryRecord } from './delivery-record.ts';

/** AWS's code, such as `HttpEndpoint.ConnectionFailed`, and what a person is told. */
export type DeliveryError = { readonly code: string; readonly message: string };

export type Delivery = {
  /** A GUID, the same at every attempt, also after a restart: request id, object's uuid, channel. */
  readonly id: string;
  /** 1 at the first. */
  readonly attempt: number;
  /** What `objectKey` gave when the batch was closed, the same after a restart; undefined without that method. */
  readonly objectKey?: string | undefined;
  readonly batch: Batch;
  /** The indices in `batch` that are still to be delivered: what earlier attempts delivered is not among them. */
  readonly remaining: readonly number[];
  /** How often a record of this index was sent, with this attempt. */
  readonly attemptsMade: number;
  /** What earlier attempts want to know at the next one, such as what an acknowledgement is asked for by; nothing by index, and lost at a restart. */
  readonly memory: Map<string, unknown>;
  /** The same, for numbers that a restart does not forget: written down when an attempt has failed that will be repeated. */
  readonly kept: Map<string, number>;
};

export type RefusedRecord = {
  readonly index: number;
  readonly error: DeliveryError;
  /** Members of the error record beyond the usual ones, in AWS's order. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * `done`: all that remained was delivered, but for `refused`, which go to the error output. `retry`: try `remaining` again; `refused` is given up now;
 * `afterMs` overrides the destination's own pause. `failed`: the whole rest goes to the error output at once. `lost`: AWS documents that such a
 * batch is dropped without a trace (HTTP 413); it is counted and logged. `left`: given up by the destination itself, which has left word of the whole
 * rest in an error output of its own (Redshift's manifest of an object that was not loaded). `waiting`: this attempt goes on when it is called again,
 * after `afterMs`; until then it holds up no other delivery, and nothing has failed (Splunk's acknowledgement).
 */
export type Outcome =
  | { readonly kind: 'done'; readonly refused: readonly RefusedRecord[] }
  | {
      readonly kind: 'retry';
      readonly error: DeliveryError;
      readonly remaining: readonly number[];
      readonly refused: readonly RefusedRecord[];
      readonly afterMs?: number | undefined;
      /** How much of the time before this outcome does not use up the retry duration: what was spent waiting for an acknowledgement. */
      readonly uncountedMs?: number | undefined;
    }
  | { readonly kind: 'failed'; readonly error: DeliveryError }
  | { readonly kind: 'lost'; readonly error: DeliveryError }
  | { readonly kind: 'left'; readonly error: DeliveryError }
  | { readonly kind: 'waiting'; readonly afterMs: number };

export type RetryPolicy = {
  /** Counted from the first failure; 0 gives up at once. */
  readonly durationMs: number;
  /** The pause before attempt `attempt` (2 at the first retry), in milliseconds. */
  pauseMs(attempt: number): number;
};

/** What is left when the destination has given up on a record. */
export type FailedRecord = {
  readonly record: DeliveryRecord;
  /** 56 digits. */
  readonly sequenceNumber: string;
  readonly deliveryId: string;
  readonly error: DeliveryError;
  readonly attemptsMade: number;
  readonly attemptEndingMs: number;
  readonly members?: Readonly<Record<string, unknown>> | undefined;
};

export interface Destination {
  /** What one attempt may hold; the engine cuts batches to it. */
  readonly recordsMax: number;
  readonly bytesMax: number;
  readonly retry: RetryPolicy;
  /** The `firehose:error-output-type` of records that it refuses; undefined when such are lost after the retries, as with S3. */
  readonly errorOutputType: ErrorOutputType | undefined;
  /** True where AWS loses what it gives up on after the retries, though single records may be refused to the error output: S3 with conversion. */
  readonly losesGivenUp?: boolean;
  /** For those that put an object: its key, evaluated once when the batch is closed, and kept over restarts. `id` is the delivery's. */
  objectKey?(of: {
    readonly id: string;
    readonly oldestArrivalMs: number;
    readonly keys: PartitionKeys | undefined;
  }): string;
  /** One attempt. Never throws but for the signal's reason and our own bugs: every answer of the other side is an outcome. */
  attempt(delivery: Delivery, signal: AbortSignal): Promise<Outcome>;
  /** The line of the error object, its members in AWS's order. */
  errorRecord(failed: FailedRecord): Readonly<Record<string, unknown>>;
}
