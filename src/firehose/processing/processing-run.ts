/** What the steps of processing hand to each other, and where they put what leaves the road. */
import type { DeliveryRecord, RecordIdentity } from '../delivery/delivery-record.ts';
import type { ErrorOutputType, PartitionKeys } from '../object-keys/object-key.ts';
import type { IncomingRecord, UnprocessedRecord } from './processing.ts';

/** A record on the road. Steps change it in place. */
export type Item = {
  readonly source: IncomingRecord;
  readonly identity: RecordIdentity;
  /** As it came: compressed where it came so, a part where it was taken out of an aggregate. */
  readonly rawData: Uint8Array;
  data: Uint8Array;
  /** What the function said, by key. */
  keysFromLambda?: ReadonlyMap<string, string> | undefined;
  keys?: PartitionKeys | undefined;
};

/** Where the records of one call leave. */
export type ProcessingRun = {
  readonly skip: (identity: RecordIdentity) => boolean;
  readonly signal: AbortSignal;
  readonly failed: UnprocessedRecord[];
  readonly dropped: RecordIdentity[];
};

/** Gives the records that go on, in their order. */
export type ProcessingStep = (items: readonly Item[], run: ProcessingRun) => Promise<readonly Item[]>;

export type ProcessingFailure = {
  readonly type: ErrorOutputType;
  readonly code: string;
  readonly message: string;
  readonly attemptsMade: number;
  readonly lambdaArn?: string | undefined;
};

/** The line of the error object has its members as the service writes them, not as its guide does (decision 0460). */
export function fail(item: Item, failure: ProcessingFailure, run: ProcessingRun, nowMs: number): void {
  const { type, code, message, attemptsMade, lambdaArn } = failure;
  const { arrivalMs } = item.source;
  run.failed.push({
    identity: item.identity,
    type,
    arrivalMs,
    code,
    message,
    members: {
      rawData: Buffer.from(item.rawData.buffer, item.rawData.byteOffset, item.rawData.length).toString(
        'base64',
      ),
      errorCode: code,
      errorMessage: message,
      attemptsMade,
      arrivalTimestamp: arrivalMs,
      attemptEndingTimestamp: nowMs,
      ...(lambdaArn === undefined ? {} : { lambdaARN: lambdaArn }),
    },
  });
}

export function deliveryRecordOf({ identity, data, rawData, source }: Item): DeliveryRecord {
  return { identity, data, rawData, arrivalMs: source.arrivalMs };
}
