import type { FailedRecord } from '../delivery/destination.ts';

/** How every destination's error record begins, in AWS's order. */
export function failedAttempt({ record, error, attemptsMade, attemptEndingMs }: FailedRecord) {
  return {
    attemptsMade,
    arrivalTimestamp: record.arrivalMs,
    errorCode: error.code,
    errorMessage: error.message,
    attemptEndingTimestamp: attemptEndingMs,
  };
}

/** What was to be delivered, in base64. */
export function rawDataOf({ record }: FailedRecord): string {
  return Buffer.from(record.data).toString('base64');
}
